using System.CommandLine;
using Rouser.Core;
using Rouser.Orchestrator.Sessions;

namespace Rouser.Orchestrator.Commands;

/// <summary>
/// <c>rouser reproduce</c>: every table and figure of the paper, planned, trained and reported by one command.
/// </summary>
internal static class ReproduceCommand
{
    public static Command Build()
    {
        var scale = new Option<string>("--scale")
        {
            Description =
                "small: generated data, minutes. subset: a part of N-MNIST, an hour or two. digits: MNIST's digits before a "
                + "simulated event camera, a night. full: the paper's data sets and networks, for a cluster.",
            HelpName = "small|subset|digits|full",
            DefaultValueFactory = _ => "small",
        };
        scale.AcceptOnlyFromAmong("small", "subset", "digits", "full");
        Option<string?> data = Options.Data();
        Option<string?> output = Options.Output("Run folder (default: runs/reproduce-SCALE).");
        Option<int?> slots = Options.Slots();
        Option<int?> threads = Options.Threads();
        Option<string[]> set = Options.Set();
        Option<string?> journal = Options.Journal();
        Option<string?> store = Options.Store();
        Option<bool> yes = Options.Yes();
        Option<bool> quiet = Options.Quiet();
        NotifyOptions notify = new();
        var command = new Command(
            "reproduce",
            "Plan, train and report every table and figure of the paper. Repeat the command to continue."
        )
        {
            scale,
            data,
            output,
            slots,
            threads,
            set,
            journal,
            store,
            yes,
            quiet,
        };
        notify.AddTo(command);
        command.SetAction(
            (parsed, _) =>
            {
                string name = $"reproduce-{parsed.GetRequiredValue(scale)}.yaml";
                string? dataFolder = parsed.GetValue(data);
                Result<SweepFile> file = SyntheticData.Choose(
                    name,
                    SweepFile.Parse(name, Text(name), parsed.GetValue(set) ?? []),
                    ref dataFolder
                );
                return LocalRun.ExecuteAsync(
                    file,
                    parsed.GetValue(output),
                    parsed.GetValue(slots),
                    parsed.GetValue(threads),
                    dataFolder,
                    parsed.GetValue(journal),
                    parsed.GetValue(store),
                    parsed.GetValue(quiet),
                    parsed.GetValue(yes),
                    notify.Read(parsed),
                    announces: true
                );
            }
        );
        return command;
    }

    /// <summary>The sweep as it was when the program was built.</summary>
    private static string Text(string name)
    {
        using Stream stream =
            typeof(ReproduceCommand).Assembly.GetManifestResourceStream(name)
            ?? throw new InvalidOperationException($"{name} is not in the program.");
        using StreamReader reader = new(stream);
        return reader.ReadToEnd();
    }
}
