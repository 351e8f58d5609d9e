using System.CommandLine;
using Rouser.Core;
using Rouser.Orchestrator.Exports;
using Rouser.Orchestrator.Sessions;
using Rouser.Results;
using Rouser.Storage.Files;
using Rouser.Storage.Models;

namespace Rouser.Orchestrator.Commands;

/// <summary>
/// <c>rouser export DIR --format csv|json</c>: the tables of a run for programs that do not read Parquet, also while
/// the run goes on; and <c>rouser export MODEL --format npz</c>, a kept model for NumPy.
/// </summary>
internal static class ExportCommand
{
    public static Command Build()
    {
        var folder = new Argument<string>("DIR")
        {
            Description = "Run folder, such as runs/quickstart; for npz the file of a model, as `rouser models` lists them.",
        };
        var format = new Option<string>("--format")
        {
            Description = "Format of the files.",
            HelpName = "csv|json|npz",
            Required = true,
        };
        format.AcceptOnlyFromAmong("csv", "json", "npz");
        Option<string?> journal = Options.Journal();
        Option<string?> output = Options.Output("Folder of the files (default: DIR/export; of a model its own folder).");
        var command = new Command(
            "export",
            "Write the tables of a run (trials, epochs, layers) as CSV or JSON, even while it is being trained, or a model for NumPy."
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
        if (format == "npz")
            return ExportModel(path, output);
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

    private static int ExportModel(string path, string? output)
    {
        Result<TrainedModel> model = ModelFile.Read(path);
        if (!model.IsOk)
            return Terminal.WriteError(model.Errors);
        if (ModelNpz.Lacks(model.Value.Trial.Settings) is { } lacks)
            return Terminal.WriteError([
                new UserError(path, $"has {lacks}, which the arrays cannot say; run it with `rouser eval` or `rouser predict`"),
            ]);
        string folder = output ?? Path.GetDirectoryName(Path.GetFullPath(path))!;
        string file = Path.Combine(folder, Path.ChangeExtension(Path.GetFileName(path), ".npz"));
        try
        {
            Directory.CreateDirectory(folder);
            DurableFile.Write(file, stream => ModelNpz.Write(model.Value, stream));
        }
        catch (Exception e) when (DiskProblem.IsOne(e))
        {
            return Terminal.WriteError([DiskProblem.ToUserError(file, e)]);
        }
        Terminal.Line(file);
        return ExitCode.Ok;
    }
}
