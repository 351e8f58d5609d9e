using System.CommandLine;
using Rouser.Core;
using Rouser.Orchestrator.Sessions;

namespace Rouser.Orchestrator.Commands;

/// <summary><c>rouser validate SPEC</c>: is the sweep file right?</summary>
internal static class ValidateCommand
{
    public static Command Build()
    {
        Argument<string> spec = Options.Spec();
        Option<string[]> set = Options.Set();
        var command = new Command("validate", "Check a sweep file and report every mistake with its line. Reads no data.")
        {
            spec,
            set,
        };
        command.SetAction(parsed => Execute(parsed.GetRequiredValue(spec), parsed.GetValue(set) ?? []));
        return command;
    }

    private static int Execute(string path, string[] overrides)
    {
        Result<SweepFile> file = SweepFile.Read(path, overrides);
        if (!file.IsOk)
            return Terminal.WriteError(file.Errors);
        Terminal.Line(
            $"{path}: a sweep of {DisplayText.Count(file.Value.Spec.Studies.Count, "study", "studies")} with "
                + $"{DisplayText.Count(file.Value.Spec.Arms.Count, "arm")}, all in order"
        );
        return ExitCode.Ok;
    }
}
