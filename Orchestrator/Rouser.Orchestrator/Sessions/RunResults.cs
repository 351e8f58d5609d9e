using Rouser.Core;
using Rouser.Reports.Model;
using Rouser.Reports.Sensitivity;
using Rouser.Reports.Tables;
using Rouser.Results;
using Rouser.Storage.Parquet;
using Rouser.Storage.Predictions;
using Rouser.Storage.Runs;
using Rouser.Sweeps;

namespace Rouser.Orchestrator.Sessions;

/// <summary>
/// Reads the results of a folder: of a run, whose tables are first written from its journal as it is now; or of one
/// that holds nothing but the tables, as may be kept of a run for long or brought from a cluster.
/// </summary>
internal static class RunResults
{
    /// <summary>The results in a folder.</summary>
    public static Result<NamedRun> Read(string path, string? journal) =>
        ReadAlone(path) ?? RunSession.Open(path, journal).Then(Of);

    /// <summary>The results of a folder that holds the tables alone; null if it is no such folder.</summary>
    public static Result<NamedRun>? ReadAlone(string path) =>
        TablesAlone(path) is { } folder ? DigestsOf(folder).Then(digests => Read(path, folder, digests)) : null;

    /// <summary>The tables of a folder that holds nothing else, and where they lie; null if it is no such folder.</summary>
    public static Result<(string Folder, ResultTables Tables)>? ReadTablesAlone(string path) =>
        TablesAlone(path) is { } folder
            ? DigestsOf(folder)
                .Then(digests => TableFiles.Read(folder, digests))
                .Then<(string, ResultTables)>(tables => (folder, tables))
            : null;

    /// <summary>The tables in a folder; those of a run are made of its journal as it is now, and not written.</summary>
    public static Result<ResultTables> ReadTables(string path, string? journal) =>
        TablesAlone(path) is { } folder
            ? DigestsOf(folder).Then(digests => TableFiles.Read(folder, digests))
            : RunSession.Open(path, journal).Then(run => run.ReadTables());

    /// <summary>The same with the layers in parts, for runs of any size; they can be read once.</summary>
    /// <param name="use">What is made of them; when it returns, the layers can be read no more.</param>
    public static Result<T> ReadParts<T>(string path, string? journal, Func<ResultParts, Result<T>> use) =>
        TablesAlone(path) is { } folder
            ? DigestsOf(folder).Then(digests => TableFiles.ReadParts(folder, digests, use))
            : RunSession.Open(path, journal).Then(run => run.ReadParts(use));

    /// <summary>
    /// The predictions of a folder's completed trials that are kept, one trial after another, in the order of the plan.
    /// What is damaged is warned of and left out.
    /// </summary>
    /// <param name="tables">The tables of the folder.</param>
    public static Result<IEnumerable<TrialPredictions>> ReadPredictions(string path, string? journal, ResultTables tables)
    {
        List<UserError> mistakes = [];
        TableRows rows = new(tables.Trials, [TrialsTable.TrialId], mistakes);
        if (mistakes.Count > 0)
            return Result<IEnumerable<TrialPredictions>>.Failed(mistakes);
        TrialId[] trials =
        [
            .. Enumerable
                .Range(0, rows.Count)
                .Select(row => rows.Value(TrialsTable.TrialId, row))
                .Distinct()
                .Select(id => new TrialId(id)),
        ];
        if (TablesAlone(path) is { } folder)
            return PredictionsFile.Open(folder).Then(file => Result<IEnumerable<TrialPredictions>>.Of(FromFile(file, trials)));
        return RunSession
            .Open(path, journal)
            .Then(run => Result<IEnumerable<TrialPredictions>>.Of(FromFolder(run.Predictions, trials)));
    }

    private static IEnumerable<TrialPredictions> FromFile(PredictionsFile? file, TrialId[] trials)
    {
        using (file)
        {
            foreach (TrialId trial in trials)
            {
                if (file?.Read(trial) is { } read && OrWarn(read) is { } predictions)
                    yield return predictions;
            }
        }
    }

    private static IEnumerable<TrialPredictions> FromFolder(PredictionFolder kept, TrialId[] trials)
    {
        foreach (string file in trials.Select(kept.FileOf).OfType<string>())
        {
            if (OrWarn(PredictionFolder.Read(file).Then<TrialPredictions?>(read => read)) is { } predictions)
                yield return predictions;
        }
    }

    private static TrialPredictions? OrWarn(Result<TrialPredictions?> read)
    {
        if (read.IsOk)
            return read.Value;
        Terminal.Warn(read.Errors[0].Location, read.Errors[0].Message);
        return null;
    }

    /// <summary>The results of a run.</summary>
    public static Result<NamedRun> Of(RunSession run) =>
        run.TablesFromFiles(metrics =>
            TableDigests.Read(metrics).Then(digests => Read(run.Folder.Paths.Folder, metrics, digests))
        );

    /// <summary>The folder of the tables if there is no run around them.</summary>
    private static string? TablesAlone(string path)
    {
        RunPaths paths = new(path);
        if (File.Exists(paths.Run))
            return null;
        return Array.Find([paths.Metrics, path], folder => File.Exists(Path.Combine(folder, "trials.parquet")));
    }

    // Tables without digests are of an earlier version or another program, or were changed: damage in them is found
    // out in a process of its own.
    private static Result<TableDigests> DigestsOf(string folder) =>
        TableDigests.AreIn(folder) ? TableDigests.Read(folder) : new TableProbe(TableProbeProcess.Describe).Digests(folder);

    // Without predictions a report has no confusion matrices and no tests by samples, which is no reason to refuse it.
    private static Dictionary<string, SampleOutcomes> Outcomes(ReportModel model, string folder)
    {
        Dictionary<string, SampleOutcomes> found = new(StringComparer.Ordinal);
        Result<PredictionsFile?> opened = PredictionsFile.Open(folder);
        if (!opened.IsOk)
            Terminal.Warn(opened.Errors[0].Location, opened.Errors[0].Message);
        if (!opened.IsOk || opened.Value is not { } file)
            return found;
        using (file)
        {
            foreach (string trial in SampleTables.TrialsShown(model))
            {
                if (OrWarn(file.Read(new TrialId(trial))) is { } predictions)
                    found[trial] = SampleOutcomes.Of(predictions);
            }
        }
        return found;
    }

    private static Result<NamedRun> Read(string path, string folder, TableDigests digests) =>
        TableFiles
            .Read(folder, digests, ReportModel.LayerColumns)
            .Then(tables => InFolder(folder, ReportModel.From(tables)))
            .Then(model =>
                Histograms(model, folder, digests)
                    .Then<NamedRun>(histograms => new NamedRun(
                        path,
                        model with
                        {
                            Outcomes = Outcomes(model, folder),
                            Histograms = histograms,
                        }
                    ))
            );

    private static Result<ThresholdHistograms> Histograms(ReportModel model, string folder, TableDigests digests) =>
        TableFiles
            .ReadLayers(folder, digests, ThresholdHistograms.Columns, ThresholdHistogramFigure.TrialsShown(model).ToHashSet())
            .Then(parts =>
            {
                List<UserError> mistakes = [];
                ThresholdHistograms histograms = ThresholdHistograms.In(parts, mistakes);
                return InFolder(
                    folder,
                    mistakes.Count > 0 ? Result<ThresholdHistograms>.Failed(mistakes) : Result<ThresholdHistograms>.Of(histograms)
                );
            });

    // A mistake names a table's file; here it is known where that lies.
    private static Result<T> InFolder<T>(string folder, Result<T> read) =>
        read.IsOk ? read : Result<T>.Failed([.. read.Errors.Select(m => m with { Location = Path.Combine(folder, m.Location) })]);
}
