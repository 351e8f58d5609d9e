using System.Security.Cryptography;
using Microsoft.Extensions.Logging.Abstractions;
using Rouser.Cluster;
using Rouser.Cluster.InProcess;
using Rouser.Cluster.Serving;
using Rouser.Coordination;
using Rouser.Core;
using Rouser.Storage.Checkpoints;
using Rouser.Storage.Journals;
using Rouser.Storage.Models;
using Rouser.Storage.Predictions;
using Rouser.Storage.Store;
using Rouser.Sweeps;
using Rouser.Worker.Engines;

namespace Rouser.Orchestrator.Sessions;

/// <summary>
/// Trains a trial of a results store again, as a run of its own that uses no store, and holds the bytes of all that
/// is measured and of the models against what is stored.
/// </summary>
/// <param name="dataFolder">Where recorded data is, if the user said so; else where it was for the run that trained
/// the trial.</param>
/// <param name="threads">Threads for a trial.</param>
/// <param name="stop">Asks to stop.</param>
internal sealed class StoreVerification(string? dataFolder, int threads, CancellationToken stop)
{
    private static readonly TimeSpan LongestTraining = TimeSpan.FromDays(365);

    // What reads a clock differs between any two trainings.
    private static readonly DateTimeOffset NoTime = DateTimeOffset.UnixEpoch;

    /// <summary>Verifies results, and says of each that is the same, or cannot be trained here.</summary>
    /// <param name="results">Those that are read when it is their turn.</param>
    /// <param name="differs">Is told of one that is not the same, with what it gave.</param>
    /// <returns>How many are the same, and how many cannot be trained here.</returns>
    public async Task<(int Same, int Skipped)> TrainAgainAsync(
        IEnumerable<StoredResult> results,
        Action<StoredResult, string> differs
    )
    {
        (int same, int skipped) = (0, 0);
        foreach (StoredResult result in results)
        {
            Result<string?> difference = await TrainAgainAsync(result).ConfigureAwait(false);
            if (!difference.IsOk)
            {
                skipped++;
                Terminal.Line($"{result.Trial.Short}: not trained again: {difference.Errors[0]}");
            }
            else if (difference.Value is { } what)
            {
                differs(result, $"trained again, it gave {what}");
            }
            else
            {
                same++;
                Terminal.Line($"{result.Trial.Short}: trained again, the same bytes");
            }
        }
        return (same, skipped);
    }

    /// <summary>Verifies a result.</summary>
    /// <returns>What differs, in words for the user; null if nothing does. Or why it cannot be trained here.</returns>
    private async Task<Result<string?>> TrainAgainAsync(StoredResult stored)
    {
        Result<PlannedTrial> read = ReadTrial(stored);
        if (!read.IsOk)
            return Result<string?>.Failed(read.Errors);
        PlannedTrial trial = read.Value;
        var data = new DataSource(stored.Origin.WorkingFolder, dataFolder ?? stored.Origin.DataFolder)
        {
            Quiet = true,
            Stop = stop,
        };
        var plan = new Plan("verify", trial.Id.Value, [trial], [new Cell("verify", "verify", "", trial.Seed, trial.Id)]);
        Result<Plan> isThere = data.Check(plan);
        if (!isThere.IsOk)
            return Result<string?>.Failed(isThere.Errors);
        string folder = Directory.CreateTempSubdirectory("rouser-verify-").FullName;
        try
        {
            return await TrainAsync(plan, stored, data, folder).ConfigureAwait(false);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private async Task<Result<string?>> TrainAsync(Plan plan, StoredResult stored, DataSource data, string folder)
    {
        PlannedTrial trial = plan.Trials[0];
        // Leases and time limits mean nothing here; every trial has one try.
        RunSettings run = new(0, 0, TimeSpan.MaxValue, LongestTraining, CheckpointEvery: 1) { Keep = stored.Keep };
        bool hasModels = stored.Keep != KeptModels.None;
        ModelFolder storedModels = new(Path.Combine(folder, "stored models"));
        PredictionFolder predictions = new(Path.Combine(folder, "predictions")),
            storedPredictions = new(Path.Combine(folder, "stored predictions"));
        // As a run would take them, so that files of earlier versions can be compared.
        int[] all = [.. Enumerable.Range(1, trial.Settings.Epochs)];
        if (
            !stored.Files.All(f =>
                storedModels.Import(trial, f.Name, f.Content, all) || storedPredictions.Import(trial.Id, f.Name, f.Content)
            )
        )
            return "a file that is none of the trial's";
        Result<IReadOnlyList<string>> classes = hasModels ? ClassNamesOf(storedModels) : Result<IReadOnlyList<string>>.Of([]);
        if (!classes.IsOk)
            return Result<string?>.Failed(classes.Errors);
        ModelFolder? models = hasModels
            ? new ModelFolder(Path.Combine(folder, "models"), _ => classes.Value) { Which = stored.Keep }
            : null;
        Result<SqliteJournal> opened = SqliteJournal.Open(Path.Combine(folder, "journal.db"));
        if (!opened.IsOk)
            return Result<string?>.Failed(opened.Errors);
        using SqliteJournal journal = opened.Value;
        using (
            var sweep = new LocalSweep(
                plan,
                run,
                new SweepResources(journal, new FolderCheckpointStore(Path.Combine(folder, "checkpoints")))
                {
                    Models = models,
                    Predictions = predictions,
                },
                settings => TrainingEngines.Create(settings, threads),
                data.Load,
                1,
                TimeProvider.System,
                _ => { },
                NullLogger.Instance
            )
        )
        {
            SweepEnd end = await sweep.RunAsync(stop).ConfigureAwait(false);
            stop.ThrowIfCancellationRequested();
            if (end.Fault is not null)
                return new UserError("", end.Fault.Message.TrimEnd('.'));
        }
        Event[] events = [.. journal.Read()];
        if (!events.OfType<TrialCompleted>().Any())
            return $"it does not come to its end: {events.OfType<AttemptFailed>().LastOrDefault()?.Reason}";
        return DifferenceOf(stored.Events, [.. events.OfType<IResultEvent>()])
            ?? DifferenceOf(
                [.. storedModels.FilesOf(trial.Id), .. storedPredictions.FilesOf(trial.Id)],
                [.. models?.FilesOf(trial.Id) ?? [], .. predictions.FilesOf(trial.Id)]
            );
    }

    private static string? DifferenceOf(IReadOnlyList<IResultEvent> stored, IReadOnlyList<IResultEvent> again)
    {
        if (stored.Count != again.Count)
            return $"{again.Count} measurements instead of {stored.Count}";
        foreach ((IResultEvent one, IResultEvent other) in stored.Zip(again))
        {
            if (Bytes(one).AsSpan().SequenceEqual(Bytes(other)))
                continue;
            return one is EpochRecorded epoch
                ? $"other numbers in epoch {epoch.Metrics.Epoch}"
                : $"another {EventJson.KindOf((Event)one)}";
        }
        return null;
    }

    private static string? DifferenceOf((string Name, byte[] Content)[] stored, (string Name, byte[] Content)[] again) =>
        stored.Length == again.Length
        && stored
            .Zip(again)
            .All(pair => pair.First.Name == pair.Second.Name && pair.First.Content.AsSpan().SequenceEqual(pair.Second.Content))
            ? null
            : "another network, or other predictions";

    // A model names its classes, which come from the data's folder and not from the trial.
    private static Result<IReadOnlyList<string>> ClassNamesOf(ModelFolder models) =>
        models
            .Files()
            .Then(files => files.Count > 0 ? ModelFile.Read(files[0]) : new UserError("", "no model in it can be read"))
            .Then(model => Result<IReadOnlyList<string>>.Of(model.Classes));

    private static byte[] Bytes(IResultEvent measured) =>
        EventJson.Write(
            measured.RecordedAgain(NoTime, 1) is EpochRecorded epoch
                ? epoch with
                {
                    Metrics = epoch.Metrics with { Seconds = 0, SamplesPerSecond = 0 },
                }
                : measured.RecordedAgain(NoTime, 1)
        );

    private static Result<PlannedTrial> ReadTrial(StoredResult stored)
    {
        PlannedTrial trial;
        try
        {
            trial = stored.ReadTrial();
        }
        catch (Exception e) when (e is PluginMissingException or System.Text.Json.JsonException or InvalidDataException)
        {
            return new UserError(stored.Trial.Short, OneLine.Of(e.Message));
        }
        if (stored.Machine is { } machine && machine != EnvironmentProbe.TorchMachine())
            return new UserError(stored.Trial.Short, $"is a result of another kind of machine ({machine})");
        Result<string> here = TrainingEngines.Version(trial.Settings.Engine);
        return !here.IsOk ? Result<PlannedTrial>.Failed(here.Errors)
            : TrialEngine.Of(here.Value, trial.Parameters) == trial.Engine ? trial
            : new UserError(stored.Trial.Short, $"is of engine {trial.Engine}, which is not here");
    }

    /// <summary>Which results are looked at: so many of them, drawn anew each time.</summary>
    public static IReadOnlyList<FileInfo> Draw(IReadOnlyList<FileInfo> files, int count)
    {
        FileInfo[] drawn = [.. files];
        RandomNumberGenerator.Shuffle<FileInfo>(drawn);
        return drawn[..Math.Min(drawn.Length, count)];
    }
}
