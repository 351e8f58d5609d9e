using Rouser.Core;
using Rouser.Data;
using Rouser.Results;
using Rouser.Snn;
using Rouser.Storage.Checkpoints;
using Rouser.Sweeps;

namespace Rouser.Worker;

/// <summary>
/// Trains one trial from its first epoch, or from its checkpoint, to its last. What it measures depends on the trial
/// alone: the batch order comes from the seed and the epoch, so a trial that was interrupted ends with the same
/// numbers as one that was not.
/// </summary>
/// <param name="engines">Makes the engine for a network.</param>
/// <param name="checkpoints">Where checkpoints are kept.</param>
/// <param name="time">Measures the epochs' seconds.</param>
public sealed class TrialRunner(Func<TrainingSettings, ITrainingEngine> engines, ICheckpointStore checkpoints, TimeProvider time)
{
    /// <summary>Runs an attempt on the calling thread.</summary>
    /// <param name="trial">What to train.</param>
    /// <param name="data">On what.</param>
    /// <param name="checkpointEvery">Epochs between checkpoints.</param>
    /// <param name="keep">Of which epochs the whole network is kept, beside the last.</param>
    /// <param name="report"> Takes each epoch once it is done, from the first: epochs of before a resumption are
    /// reported again, because the report of the last one may have been lost with the process.
    /// </param>
    /// <param name="progress">Takes the place within the epoch, after every batch.</param>
    /// <param name="stop">Asks the attempt to stop after the batch in work.</param>
    public TrialOutcome Run(
        PlannedTrial trial,
        Dataset data,
        int checkpointEvery,
        KeptModels keep,
        Action<EpochMetrics> report,
        Action<TrialProgress> progress,
        CancellationToken stop
    )
    {
        if (trial.Settings.Engine == EngineKind.Noop)
            return NoopTraining.Run(trial, data.ClassCount, report, stop);
        Result<Dataset> divided = data.WithValidation(trial.Settings.Dataset);
        if (!divided.IsOk)
            return new TrialOutcome.Failed(divided.Errors[0].ToString());
        data = divided.Value;
        try
        {
            using ITrainingEngine engine = engines(SettingsFor(trial, data));
            NetworkState initial = engine.Export();
            List<EpochMetrics> history = Resume(trial, engine, initial, keep);
            foreach (EpochMetrics done in history)
                report(done);

            var run = new EpochRun(engine, data, trial.Settings, initial, time, AugmenterFor(trial.Settings));
            for (int epoch = history.Count + 1; epoch <= trial.Settings.Epochs; epoch++)
            {
                EpochMetrics? metrics = run.Run(trial.Seed, epoch, progress, stop);
                if (metrics is null)
                {
                    checkpoints.HandOver(trial.Id);
                    return new TrialOutcome.Stopped();
                }
                history.Add(metrics);
                if (epoch == trial.Settings.Epochs)
                    SavePredictions(trial, data, run.Outputs!);
                Keep(trial, engine, history, checkpointEvery, keep);
                report(metrics);
            }
            if (checkpoints.LoadPredictions(trial.Id) is null)
            {
                if (!run.EvaluateAgain(stop))
                    return new TrialOutcome.Stopped();
                SavePredictions(trial, data, run.Outputs!);
            }
            var completed = new TrialOutcome.Completed(DistancesToFinal(trial, engine.Export()));
            checkpoints.HandOverLast(trial.Id);
            return completed;
        }
        catch (NumericalFailureException failure)
        {
            return new TrialOutcome.Failed(failure.Message);
        }
    }

    /// <summary>What the training core needs to know of a trial on a data set.</summary>
    public static TrainingSettings SettingsFor(PlannedTrial trial, Dataset data)
    {
        return trial.Settings.ForData(data.InputCount, data.ClassCount, data.StepCount, data.Train.Count, trial.Seed);
    }

    private static Augmenter? AugmenterFor(TrialSettings settings) =>
        settings.Augmentation == Augmentation.None
            ? null
            : new Augmenter(settings.Augmentation, settings.Dataset.Binning(), settings.BatchSize);

    /// <summary>
    /// Brings the engine to the trial's checkpoint, if there is one that is whole and fits the trial.
    /// </summary>
    /// <returns>The epochs that are done.</returns>
    private List<EpochMetrics> Resume(PlannedTrial trial, ITrainingEngine engine, NetworkState initial, KeptModels keep)
    {
        Checkpoint? checkpoint = checkpoints.Load(trial.Id);
        if (checkpoint is null || !CheckpointFit.Fits(checkpoint, trial, initial))
            return [];

        // The distances to the final weights need the weights after every epoch, and networks that are kept cannot be
        // made again. Where some are gone, starting again costs time only.
        for (int epoch = 1; epoch <= checkpoint.History.Count; epoch++)
            if (!CheckpointFit.Fits(checkpoints.LoadWeights(trial.Id, epoch), initial))
                return [];
        foreach (int epoch in keep.KeepsEpochs ? keep.EpochsOf(checkpoint.History) : [])
        {
            // That of the last epoch of all is in the checkpoint alone.
            if (epoch == trial.Settings.Epochs)
                continue;
            if (checkpoints.LoadNetwork(trial.Id, epoch) is not { } network || !CheckpointFit.Fits(network, initial))
                return [];
        }
        engine.Import(checkpoint.State);
        return [.. checkpoint.History];
    }

    /// <summary>
    /// Writes the weights, and then the checkpoint with the epoch's metrics, before the epoch is reported. An epoch
    /// that was reported can then always be told of again.
    /// </summary>
    private void Keep(
        PlannedTrial trial,
        ITrainingEngine engine,
        List<EpochMetrics> history,
        int checkpointEvery,
        KeptModels keep
    )
    {
        NetworkState state = engine.Export();
        int epoch = history.Count;
        checkpoints.SaveWeights(trial.Id, epoch, [.. state.Layers.Select(l => l.Weights)]);
        // The last one is in the checkpoint.
        if (epoch < trial.Settings.Epochs && keep.KeepsEpochs && keep.EpochsOf(history).Contains(epoch))
            checkpoints.SaveNetwork(trial.Id, epoch, state);
        if (epoch % checkpointEvery != 0 && epoch != trial.Settings.Epochs)
            return;
        checkpoints.Save(new Checkpoint(trial.Id, state, [.. history]));
        // Not before: whoever resumes from the checkpoint of before needs the best network of then.
        if (keep.By is not null)
            DeleteSurpassed(trial.Id, keep, history, checkpointEvery);
    }

    // Of the epochs since the checkpoint of before, and of that one's best, all but the best are of no use any more.
    private void DeleteSurpassed(TrialId trial, KeptModels keep, List<EpochMetrics> history, int checkpointEvery)
    {
        int before = (history.Count - 1) / checkpointEvery * checkpointEvery;
        IEnumerable<int> since = Enumerable.Range(before + 1, history.Count - before),
            kept = keep.EpochsOf(history);
        foreach (int epoch in since.Concat(keep.EpochsOf(history[..before])).Except(kept))
            checkpoints.DeleteNetwork(trial, epoch);
    }

    private void SavePredictions(PlannedTrial trial, Dataset data, EpochRun.TestOutputs outputs) =>
        checkpoints.SavePredictions(
            new TrialPredictions(trial.Id, data.ClassCount, [.. data.Test.Select(sample => sample.Label)], [.. outputs.Spikes])
            {
                Logits = trial.Settings.Readout is null ? null : [.. outputs.Logits],
            }
        );

    private List<IReadOnlyList<double>> DistancesToFinal(PlannedTrial trial, NetworkState final)
    {
        var distances = new List<IReadOnlyList<double>>(trial.Settings.Epochs);
        for (int epoch = 1; epoch <= trial.Settings.Epochs; epoch++)
        {
            IReadOnlyList<float[]> weights =
                checkpoints.LoadWeights(trial.Id, epoch)
                ?? throw new IOException(
                    $"The weights of trial {trial.Id.Short} after epoch {epoch} were kept, but cannot be read again."
                );
            distances.Add([.. final.Layers.Select((layer, l) => LayerStatistics.Distance(layer.Weights, weights[l]))]);
        }
        return distances;
    }
}
