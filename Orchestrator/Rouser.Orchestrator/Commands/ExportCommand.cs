using System.CommandLine;
using Rouser.Core;
using Rouser.Orchestrator.Exports;
using Rouser.Orchestrator.Sessions;
using Rouser.Results;
using Rouser.Storage.Files;

namespace Rouser.Orchestrator.Commands;

/// <summary>
/// <c>rouser export DIR --format csv|json</c>: the tables of a run for programs that do not read Parquet, also while
/// the run goes on.
/// </summary>
internal static class ExportCommand
{
    public static Command Build()
    {
        Argument<string> folder = Options.RunFolder();
        var format = new Option<string>("--format")
        {
            Description = "Format of the files.",
            HelpName = "csv|json",
            Required = true,
        };
        format.AcceptOnlyFromAmong("csv", "json");
        Option<string?> journal = Options.Journal();
        Option<string?> output = Options.Output("Folder of the files (default: DIR/export).");
        var command = new Command(
            "export",
            "Write the tables of a run (trials, epochs, layers) as CSV or JSON, even while it is being trained."
        )
        {
            folder,
            format,
            output,
            journal,
        };
        command.SetAction(parsed =>
            Execute(
                parsed.GetRequiredValue(folder),
                parsed.GetRequiredValue(format),
                parsed.GetValue(output),
                parsed.GetValue(journal)
            )
        );
        return command;
    }

    private static int Execute(string path, string format, string? output, string? journal)
    {
        Result<RunSession> session = RunSession.Open(path, journal);
        Result<ResultTables> tables = session.Then(s => s.ReadTables());
        if (!tables.IsOk)
            return Terminal.WriteError(tables.Errors);
        string folder = output ?? Path.Combine(session.Value.Folder.Paths.Folder, "export");
        Directory.CreateDirectory(folder);
        foreach (Table table in (Table[])[tables.Value.Trials, tables.Value.Epochs, tables.Value.Layers])
        {
            string file = Path.Combine(folder, $"{table.Name}.{format}");
            DurableFile.Write(
                file,
                stream =>
                {
                    if (format == "csv")
                        TableText.WriteCsv(table, stream);
                    else
                        TableText.WriteJson(table, stream);
                }
            );
            Terminal.Line($"{file}: {DisplayText.Count(table.RowCount, "row")}");
        }
        return ExitCode.Ok;
    }
}
