using System.CommandLine;
using Rouser.Core;
using Rouser.Orchestrator.Sessions;

namespace Rouser.Orchestrator.Commands;

/// <summary><c>rouser run SPEC</c>: trains a sweep on this machine, from the sweep file to the report.</summary>
internal static class RunCommand
{
    public static Command Build()
    {
        Argument<string> spec = Options.Spec();
        Option<string?> output = Options.Output("Run folder (default: runs/NAME).");
        Option<int?> slots = Options.Slots();
        Option<int?> threads = Options.Threads();
        Option<string?> data = Options.Data();
        Option<string[]> set = Options.Set();
        Option<string?> journal = Options.Journal();
        Option<string?> store = Options.Store();
        Option<bool> yes = Options.Yes();
        Option<bool> quiet = Options.Quiet();
        var command = new Command(
            "run",
            "Train a sweep on this machine and write its report. If the run folder already holds this sweep, continue it; "
                + "if the sweep file has changed since, go on with what it asks for now."
        )
        {
            spec,
            output,
            slots,
            threads,
            data,
            set,
            journal,
            store,
            yes,
            quiet,
        };
        command.SetAction(
            (parsed, _) =>
                ExecuteAsync(
                    parsed.GetRequiredValue(spec),
                    parsed.GetValue(output),
                    parsed.GetValue(slots),
                    parsed.GetValue(threads),
                    parsed.GetValue(data),
                    parsed.GetValue(set) ?? [],
                    parsed.GetValue(journal),
                    parsed.GetValue(store),
                    parsed.GetValue(quiet),
                    parsed.GetValue(yes)
                )
        );
        return command;
    }

    private static async Task<int> ExecuteAsync(
        string path,
        string? output,
        int? slots,
        int? threads,
        string? dataFolder,
        string[] overrides,
        string? journal,
        string? store,
        bool quiet,
        bool yes
    )
    {
        Result<SweepFile> file = SyntheticData.Choose(path, SweepFile.Read(path, overrides), ref dataFolder);
        return await LocalRun
            .ExecuteAsync(file, output, slots, threads, dataFolder, journal, store, quiet, yes)
            .ConfigureAwait(false);
    }
}
