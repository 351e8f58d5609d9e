using System.CommandLine;
using Rouser.Core;
using Rouser.Orchestrator.Sessions;

namespace Rouser.Orchestrator.Commands;

/// <summary><c>rouser bundle DIR</c>: a run as an RO-Crate, for others to read and to verify.</summary>
internal static class BundleCommand
{
    public static Command Build()
    {
        Argument<string> folder = Options.RunFolder();
        Option<string?> output = Options.Output("The bundle: a folder, or a file that ends in .zip (default: DIR.zip).");
        Option<string?> journal = Options.Journal();
        var licence = new Option<string?>("--license")
        {
            Description = "Under which the bundle may be used, such as https://creativecommons.org/licenses/by/4.0/.",
            HelpName = "URL",
        };
        var command = new Command(
            "bundle",
            "Put a run into one RO-Crate: sweep, tables, report, and each result for 'rouser verify' to train again."
        )
        {
            folder,
            output,
            licence,
            journal,
        };
        command.SetAction(parsed =>
            Execute(parsed.GetRequiredValue(folder), parsed.GetValue(output), parsed.GetValue(licence), parsed.GetValue(journal))
        );
        return command;
    }

    private static int Execute(string path, string? output, string? licence, string? journal)
    {
        Result<RunSession> session = RunSession.Open(path, journal);
        if (!session.IsOk)
            return Terminal.WriteError(session.Errors);
        string bundle = output ?? $"{Path.TrimEndingDirectorySeparator(path)}.zip";
        Result<(int Results, int Trials)> written = RunBundle.Write(session.Value, bundle, licence);
        if (!written.IsOk)
            return Terminal.WriteError(written.Errors);
        (int results, int trials) = written.Value;
        string some =
            results == trials
                ? DisplayText.Count(trials, "result")
                : $"the results of {results} of {DisplayText.Count(trials, "trial")}";
        string check = RouserCommand.Line(["verify", RouserCommand.Path(bundle), "--sample", "2"]);
        Terminal.Line($"bundle: {bundle}, with {some}; anyone may check it by {check}");
        return results == trials ? ExitCode.Ok : ExitCode.SomeTrialsFailed;
    }
}
