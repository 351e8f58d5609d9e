using System.CommandLine;
using System.Globalization;
using Rouser.Core;
using Rouser.Orchestrator.Exports;
using Rouser.Orchestrator.Sessions;
using Rouser.Results;
using Rouser.Storage.Files;
using Rouser.Storage.Models;
using Rouser.Storage.Runs;

namespace Rouser.Orchestrator.Commands;

/// <summary>
/// <c>rouser export DIR… --format csv|json</c>: the tables of a run for programs that do not read Parquet, also while
/// the run goes on; those of several runs in a folder each. With the word of a <see cref="ToolExport"/>, its trials for
/// that tool. And <c>rouser export MODEL --format npz|nir</c>, a kept model for NumPy or as a graph of NIR.
/// </summary>
internal static class ExportCommand
{
    public static Command Build()
    {
        Argument<string[]> folders = Options.ResultFolders();
        folders.Description += " For npz and nir a model: its file, as `rouser models` lists them, or DIR/TRIAL@EPOCH.";
        string[] formats = ["csv", "json", .. ToolExport.All.Select(tool => tool.Word), "npz", "nir"];
        var format = new Option<string>("--format")
        {
            Description = "Format of the files.",
            HelpName = string.Join('|', formats),
            Required = true,
        };
        format.AcceptOnlyFromAmong(formats);
        var fold = new Option<bool>("--fold-thresholds")
        {
            Description = "For nir: divide the weights of each neuron by its threshold, which then is 1 in the whole graph.",
        };
        Option<string?> journal = Options.Journal();
        Option<string?> output = Options.Output(
            "Folder of the files (default: DIR/export, or DIR/export/FORMAT for a tool; required for several runs; of a model its "
                + "own folder)."
        );
        var command = new Command(
            "export",
            "Write the tables of a run (trials, epochs, layers, predictions) as CSV or JSON, or its trials for TensorBoard, "
                + "MLflow, Weights & Biases or Optuna, even while it is being trained; or a model for NumPy or as a NIR graph. "
                + "What is of several runs goes into a subfolder each, named as the run's folder is."
        )
        {
            folders,
            format,
            output,
            journal,
            fold,
        };
        command.Validators.Add(result =>
        {
            if (result.GetValue(fold) && result.GetValue(format) != "nir")
                result.AddError("--fold-thresholds is for --format nir");
        });
        command.SetAction(parsed =>
            Execute(
                parsed.GetRequiredValue(folders),
                parsed.GetRequiredValue(format),
                parsed.GetValue(output),
                parsed.GetValue(journal),
                parsed.GetValue(fold)
            )
        );
        return command;
    }

    private static int Execute(string[] paths, string format, string? output, string? journal, bool foldsThresholds)
    {
        if (format is "npz" or "nir")
            return paths is [{ } model]
                ? ExportModel(model, format, foldsThresholds, output)
                : Terminal.WriteError([new UserError("--format", $"{format} takes one model at a time")]);
        if (paths.Length > 1 && output is null)
            return Terminal.WriteError([new UserError("--out", "name a folder for the tables of several runs")]);
        if (ToolExport.All.FirstOrDefault(tool => tool.Word == format) is { } export)
            return ExportFor(export, paths, output, journal);
        List<ResultTables> runs = [];
        foreach (string path in paths)
        {
            Result<ResultTables> tables = RunResults.ReadTables(path, journal);
            if (!tables.IsOk)
                return Terminal.WriteError(tables.Errors);
            runs.Add(tables.Value);
        }
        IEnumerable<(string Path, ResultTables Tables)> all = paths.Zip(runs);
        foreach (((string path, ResultTables tables), string into) in all.Zip(Folders(paths, output ?? DefaultFolder(paths))))
        {
            try
            {
                Directory.CreateDirectory(into);
            }
            catch (Exception e) when (DiskProblem.IsOne(e))
            {
                return Terminal.WriteError([DiskProblem.ToUserError(into, e)]);
            }
            foreach (Table table in (Table[])[tables.Trials, tables.Epochs, tables.Layers])
                Write(table, [table], format, into);
            Result<IEnumerable<TrialPredictions>> predictions = RunResults.ReadPredictions(path, journal, tables);
            if (!predictions.IsOk)
                return Terminal.WriteError(predictions.Errors);
            // They are read from files as they are written out, once.
            using IEnumerator<TrialPredictions> next = predictions.Value.GetEnumerator();
            if (next.MoveNext())
                Write(PredictionsTable.Build(null), From(next).Select(PredictionsTable.Build), format, into);
            else
                Terminal.Line($"{path}: no predictions are kept, so that their table is left out");
        }
        return ExitCode.Ok;
    }

    private static int ExportFor(ToolExport tool, string[] paths, string? output, string? journal)
    {
        IEnumerable<string> folders = Folders(paths, output ?? Path.Combine(DefaultFolder(paths), tool.Word));
        foreach ((string path, string folder) in paths.Zip(folders))
        {
            Result<IReadOnlyList<string>> said = tool.Export(path, journal, folder);
            if (!said.IsOk)
                return Terminal.WriteError(said.Errors);
            foreach (string line in said.Value)
                Terminal.Line(line);
        }
        return ExitCode.Ok;
    }

    private static string DefaultFolder(string[] paths) => Path.Combine(paths[0], "export");

    private static IEnumerable<string> Folders(string[] paths, string folder) =>
        paths.Length == 1 ? [folder] : Subfolders(paths).Select(name => Path.Combine(folder, name));

    /// <summary>
    /// A name for each run: its folder's, or that of the folder around it where that is <c>metrics</c>; with a number
    /// where two runs have the same.
    /// </summary>
    internal static IReadOnlyList<string> Subfolders(IReadOnlyList<string> paths)
    {
        List<string> names = [];
        foreach (string path in paths)
        {
            DirectoryInfo run = new(Path.TrimEndingDirectorySeparator(Path.GetFullPath(path)));
            string name = run.Name == RunPaths.MetricsName && run.Parent is { } parent ? parent.Name : run.Name;
            string free = name;
            for (int n = 2; names.Contains(free, StringComparer.OrdinalIgnoreCase); n++)
                free = string.Create(CultureInfo.InvariantCulture, $"{name}-{n}");
            names.Add(free);
        }
        return names;
    }

    private static IEnumerable<TrialPredictions> From(IEnumerator<TrialPredictions> next)
    {
        do yield return next.Current;
        while (next.MoveNext());
    }

    private static void Write(Table columns, IEnumerable<Table> parts, string format, string folder)
    {
        string file = Path.Combine(folder, $"{columns.Name}.{format}");
        int rows = 0;
        DurableFile.Write(
            file,
            stream => rows = format == "csv" ? TableText.WriteCsv(columns, parts, stream) : TableText.WriteJson(parts, stream)
        );
        Terminal.Line($"{file}: {DisplayText.Count(rows, "row")}");
    }

    private static int ExportModel(string named, string format, bool foldsThresholds, string? output)
    {
        Result<string> found = ModelReference.Find(named);
        Result<TrainedModel> model = found.Then(ModelFile.Read);
        if (!model.IsOk)
            return Terminal.WriteError(model.Errors);
        string path = found.Value;
        bool isNir = format == "nir";
        string? lacks = isNir ? ModelNir.Lacks(model.Value, foldsThresholds) : ModelNpz.Lacks(model.Value.Trial.Settings);
        if (lacks is not null)
            return Terminal.WriteError([
                new UserError(
                    path,
                    $"has {lacks}, which {(isNir ? "NIR" : "the arrays")} cannot say; run it with `rouser eval` or `rouser predict`"
                ),
            ]);
        if (isNir && ModelNir.Differs(model.Value.Trial.Settings) is { } differs)
            Terminal.Warn(path, differs);
        string folder = output ?? Path.GetDirectoryName(Path.GetFullPath(path))!;
        string file = Path.Combine(folder, Path.ChangeExtension(Path.GetFileName(path), format));
        try
        {
            Directory.CreateDirectory(folder);
            DurableFile.Write(
                file,
                stream =>
                {
                    if (isNir)
                        ModelNir.Write(model.Value, foldsThresholds, stream);
                    else
                        ModelNpz.Write(model.Value, stream);
                }
            );
        }
        catch (Exception e) when (DiskProblem.IsOne(e))
        {
            return Terminal.WriteError([DiskProblem.ToUserError(file, e)]);
        }
        Terminal.Line(file);
        return ExitCode.Ok;
    }
}
