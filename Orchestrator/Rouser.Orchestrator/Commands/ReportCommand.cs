using System.CommandLine;
using Rouser.Core;
using Rouser.Orchestrator.Sessions;
using Rouser.Storage.Runs;

namespace Rouser.Orchestrator.Commands;

/// <summary><c>rouser report DIR</c>: the tables and the report of a run, finished or not.</summary>
internal static class ReportCommand
{
    public static Command Build()
    {
        Argument<string> folder = Options.RunFolder();
        Option<string?> output = Options.Output("Where the report goes (default: DIR/report).");
        Option<string?> journal = Options.Journal();
        var command = new Command("report", "Writes a run's Parquet tables and its report, while it runs too.") { folder, output, journal };
        command.SetAction(parsed => Execute(parsed.GetRequiredValue(folder), parsed.GetValue(output), parsed.GetValue(journal)));
        return command;
    }

    private static int Execute(string path, string? output, string? journal)
    {
        Result<RunSession> session = RunSession.Open(path, journal);
        Result<RunDirectory> tables = session.Then(s => s.WriteTables());
        Result<int> reported = tables.Then(_ => ReportOutput.WriteAndShow(session.Value.Folder, output ?? session.Value.Folder.Paths.Report));
        return reported.IsOk ? reported.Value : Terminal.Complain(reported.Mistakes);
    }
}
