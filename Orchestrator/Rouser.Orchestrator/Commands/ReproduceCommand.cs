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
        Option<string?> output = Options.Output("Run folder (default: runs/reproduce-SCALE).");
        Option<string[]> set = Options.Set();
        Option<bool> yes = Options.Yes();
        var training = new TrainingOptions();
        var command = new Command(
            "reproduce",
            "Plan, train and report every table and figure of the paper. Repeat the command to continue."
        )
        {
            scale,
            output,
            set,
            yes,
        };
        training.AddTo(command);
        command.SetAction(
            (parsed, _) =>
            {
                string name = $"reproduce-{parsed.GetRequiredValue(scale)}.yaml";
                TrainingChoices choices = training.Read(parsed);
                string? data = choices.Data;
                Result<SweepFile> file = SyntheticData.Choose(
                    name,
                    SweepFile.Parse(name, Text(name), parsed.GetValue(set) ?? []),
                    ref data
                );
                return LocalRun.ExecuteAsync(
                    file,
                    parsed.GetValue(output),
                    choices with
                    {
                        Data = data,
                    },
                    parsed.GetValue(yes),
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
