using System.CommandLine;
using Rouser.Core;
using Rouser.Core.Sweeps;
using Rouser.Orchestrator.Sessions;

namespace Rouser.Orchestrator.Commands;

/// <summary><c>rouser run SPEC</c>: trains a sweep on this machine, from the sweep file to the report.</summary>
internal static class RunCommand
{
    public static Command Build()
    {
        Argument<string> spec = Options.Spec();
        Option<string?> output = Options.Output("The run folder (default: runs/NAME).");
        Option<int?> slots = Options.Slots();
        Option<int?> threads = Options.Threads();
        Option<string?> data = Options.Data();
        Option<string[]> set = Options.Set();
        Option<string?> journal = Options.Journal();
        Option<bool> quiet = Options.Quiet();
        var command = new Command("run", "Trains a sweep on this machine and writes its report. In a folder that holds the same sweep it goes on where that stopped.")
        {
            spec, output, slots, threads, data, set, journal, quiet,
        };
        command.SetAction((parsed, _) => ExecuteAsync(
            parsed.GetRequiredValue(spec),
            parsed.GetValue(output),
            parsed.GetValue(slots),
            parsed.GetValue(threads),
            parsed.GetValue(data),
            parsed.GetValue(set) ?? [],
            parsed.GetValue(journal),
            parsed.GetValue(quiet)));
        return command;
    }

    private static async Task<int> ExecuteAsync(string path, string? output, int? slots, int? threads, string? dataFolder, string[] overrides, string? journal, bool quiet)
    {
        Result<SweepFile> file = SyntheticData.Read(path, overrides, ref dataFolder);
        var origin = new RunOrigin(EnvironmentProbe.Gather(), Environment.CurrentDirectory, dataFolder is null ? null : Path.GetFullPath(dataFolder));
        var data = new DataSource(origin.WorkingFolder, origin.DataFolder) { Quiet = quiet };
        Result<Plan> plan = file.Then(f => f.Plan(data)).Then(data.Check);
        Result<RunSession> session = plan.Then(p =>
            RunSession.Create(output ?? Path.Combine("runs", file.Value.Spec.Name), file.Value, p, origin, journal));
        if (!session.IsOk) return Terminal.Complain(session.Mistakes);
        return await new SweepExecution(session.Value, new LocalTraining(session.Value, data, slots, threads, quiet), quiet).RunAsync().ConfigureAwait(false);
    }
}
