using System.Globalization;
using Rouser.Snn;
using Rouser.Snn.Thresholds;
using Rouser.Sweeps;

namespace Rouser.Worker;

/// <summary>
/// <c>engine: noop</c>: trains nothing and reports its epochs at once, or after <c>noop.epoch_ms</c> each, to load a
/// cluster without a computation. Its numbers are made up from the trial's identity and the epoch, so that they too
/// depend on the trial alone.
/// </summary>
internal static class NoopTraining
{
    /// <summary>
    /// Runs an attempt; see <see cref="TrialRunner.Run"/>. It keeps no checkpoint, because there is nothing to lose.
    /// </summary>
    public static TrialOutcome Run(PlannedTrial trial, int classes, Action<EpochMetrics> report, CancellationToken stop)
    {
        TimeSpan length = TimeSpan.FromMilliseconds(trial.Settings.NoopEpochMs);
        for (int epoch = 1; epoch <= trial.Settings.Epochs; epoch++)
        {
            if (length > TimeSpan.Zero)
                stop.WaitHandle.WaitOne(length);
            if (stop.IsCancellationRequested)
                return new TrialOutcome.Stopped();
            report(Measure(trial, classes, epoch, length.TotalSeconds));
        }
        double[] still = new double[trial.Settings.Hidden.Count + 1];
        return new TrialOutcome.Completed([.. Enumerable.Repeat<IReadOnlyList<double>>(still, trial.Settings.Epochs)]);
    }

    private static EpochMetrics Measure(PlannedTrial trial, int classes, int epoch, double seconds)
    {
        // From 0 to 1, so that trials differ and can be ranked.
        double character =
            uint.Parse(trial.Id.Short, NumberStyles.HexNumber, CultureInfo.InvariantCulture) / (double)uint.MaxValue;
        double loss = 1 / (epoch + character);
        double accuracy = 1 - (1 / (1 + epoch + character));
        double threshold = trial.Settings.Threshold.Init;
        double? thresholdGradient = trial.Settings.Threshold is TrainedThreshold ? 0 : null;
        return new EpochMetrics(
            epoch,
            loss,
            accuracy,
            accuracy,
            seconds,
            SamplesPerSecond: 0,
            [
                .. trial
                    .Settings.Hidden.Append(classes)
                    .Select(
                        (neurons, l) =>
                            trial.Settings.HasSpikes(l, trial.Settings.Hidden.Count + 1)
                                ? new LayerMetrics(neurons, 1, 0, 0, 0, Thresholds(neurons), 0, 0, thresholdGradient)
                                : new LayerMetrics(neurons, null, null, null, null, null, 0, 0, null)
                    ),
            ]
        )
        {
            Validation = trial.Settings.Dataset.Validation is null ? null : new ValidationScores(accuracy, loss),
        };

        ThresholdSummary Thresholds(int neurons) =>
            new(threshold, threshold, threshold, threshold, threshold, threshold, threshold, threshold, [neurons]);
    }
}
