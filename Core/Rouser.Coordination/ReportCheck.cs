using System.Globalization;
using Rouser.Data;
using Rouser.Snn;
using Rouser.Snn.Thresholds;
using Rouser.Sweeps;

namespace Rouser.Coordination;

/// <summary>
/// Holds what somebody says of a trial against the trial, before it is recorded, resumed from or reported: a worker
/// may have bad memory, another version or bad intentions. Every number must be one that training this trial could
/// have given; whether it is the right one, only another training can tell (<c>run.cross_check</c>).
/// </summary>
public static class ReportCheck
{
    /// <summary>How long a reason may be, in characters.</summary>
    public const int LongestReason = OneLine.Longest;

    /// <summary>More classes than any data set has.</summary>
    private const int MostClasses = 1 << 20;

    /// <summary>What rounding may do to a mean or a quantile, as a share of the largest value.</summary>
    private const double Rounding = 1e-9;

    /// <summary>A reason as it may be kept and shown: one line, bounded, without control characters.</summary>
    public static string Reason(string said) => OneLine.Of(said, LongestReason);

    /// <summary>
    /// What of an epoch on record no table and no report can show, such as <c>0 layers of a network of 2</c>; null if
    /// all can be shown. Numbers that are merely wrong can.
    /// </summary>
    public static string? FindInvalidNumber(PlannedTrial trial, EpochMetrics epoch)
    {
        if (epoch.Layers.Count != LayersOf(trial))
            return Text($"{epoch.Layers.Count} layers of a network of {LayersOf(trial)}");
        for (int l = 0; l < epoch.Layers.Count; l++)
        {
            if (epoch.Layers[l] is not { } layer || (trial.Settings.HasSpikes(l, LayersOf(trial)) && !HasSpikeNumbers(layer)))
                return Text($"layer {l + 1} with no numbers");
            if (!trial.Settings.HasSpikes(l, LayersOf(trial)) && HasAnySpikeNumber(layer))
                return Text($"layer {l + 1} with spikes or thresholds, which it does not have");
            if (!IsNeuronCount(trial.Settings, l, epoch.Layers[l].Neurons))
                return Text($"layer {l + 1} with {epoch.Layers[l].Neurons} neurons");
        }
        return null;
    }

    /// <summary>
    /// What is wrong with an epoch, such as <c>a test accuracy of 1.5</c>; null if it can be of that trial.
    /// </summary>
    public static string? Refuse(PlannedTrial trial, EpochMetrics epoch) => Faults(trial, epoch).FirstOrDefault();

    /// <summary>
    /// What is wrong with the distances from the final weights, <c>[epoch − 1][layer]</c>; null if they can be of
    /// that trial.
    /// </summary>
    public static string? Refuse(PlannedTrial trial, IReadOnlyList<IReadOnlyList<double>> distances)
    {
        if (distances.Count != trial.Settings.Epochs)
            return Text($"distances of {distances.Count} epochs of a trial of {trial.Settings.Epochs}");
        int layers = LayersOf(trial);
        foreach (IReadOnlyList<double>? epoch in distances)
        {
            if (epoch?.Count != layers)
                return Text($"distances of {epoch?.Count ?? 0} layers of a network of {layers}");
            if (!epoch.All(IsSize))
                return "a distance that is negative or not finite";
        }
        return null;
    }

    /// <summary>What is wrong with a result from a results store; null if it can be all of that trial's.</summary>
    public static string? Refuse(PlannedTrial trial, IReadOnlyList<IResultEvent> result)
    {
        if (result.Any(e => e.Trial != trial.Id))
            return "a result of another trial";
        EpochMetrics[] epochs = [.. result.OfType<EpochRecorded>().Select(e => e.Metrics)];
        if (!epochs.Select(e => e.Epoch).SequenceEqual(Enumerable.Range(1, trial.Settings.Epochs)))
            return Text($"{epochs.Length} epochs of a trial of {trial.Settings.Epochs}, or not in order");
        if (result.OfType<TrialCompleted>().Count() != 1 || result[^1] is not TrialCompleted completed)
            return "no end of it";
        return epochs.Select(epoch => Refuse(trial, epoch)).FirstOrDefault(fault => fault is not null)
            ?? Refuse(trial, completed.WeightDistancesFinal);
    }

    /// <summary>
    /// What is wrong with the epochs of a shorter trial; null if they can be the first ones of this trial.
    /// </summary>
    public static string? Refuse(PlannedTrial trial, IReadOnlyList<EpochMetrics> epochs)
    {
        if (epochs.Count < 1 || epochs.Count >= trial.Settings.Epochs)
            return Text($"{epochs.Count} epochs of a trial to go on to {trial.Settings.Epochs}");
        if (!epochs.Select(e => e.Epoch).SequenceEqual(Enumerable.Range(1, epochs.Count)))
            return "epochs that are not in order";
        return trial.Settings.Schedule.DependsOnLength
            ? "epochs of a shorter schedule"
            : epochs.Select(epoch => Refuse(trial, epoch)).FirstOrDefault(fault => fault is not null);
    }

    private static IEnumerable<string> Faults(PlannedTrial trial, EpochMetrics epoch)
    {
        if (epoch.Epoch < 1 || epoch.Epoch > trial.Settings.Epochs)
            yield return Text($"epoch {epoch.Epoch} of a trial of {trial.Settings.Epochs}");
        if (!double.IsFinite(epoch.TrainLoss))
            yield return "a training loss that is not finite";
        if (!IsShare(epoch.TrainAccuracy))
            yield return Text($"a training accuracy of {epoch.TrainAccuracy}");
        if (!IsShare(epoch.TestAccuracy))
            yield return Text($"a test accuracy of {epoch.TestAccuracy}");
        if (epoch.Validation is null != trial.Settings.Dataset.Validation is null)
            yield return epoch.Validation is null
                ? "no validation metrics, though it has validation samples"
                : "validation metrics, though it has no validation samples";
        if (epoch.Validation is { } validation && !IsShare(validation.Accuracy))
            yield return Text($"a validation accuracy of {validation.Accuracy}");
        if (epoch.Validation is { Loss: var loss } && !double.IsFinite(loss))
            yield return "a validation loss that is not finite";
        if (epoch.Complexity is { } complexity && FindFault(trial, epoch.Epoch, complexity) is { } impossible)
            yield return impossible;
        if (!IsSize(epoch.Seconds))
            yield return Text($"an epoch of {epoch.Seconds} s");
        if (!IsSize(epoch.SamplesPerSecond))
            yield return Text($"{epoch.SamplesPerSecond} samples per second");
        if (FindInvalidNumber(trial, epoch) is { } unusable)
            yield return unusable;
        for (int l = 0; l < epoch.Layers.Count; l++)
        {
            bool spikes = trial.Settings.HasSpikes(l, LayersOf(trial));
            if (Faults(trial, epoch.Layers[l], spikes).FirstOrDefault() is { } fault)
                yield return Text($"layer {l + 1} with {fault}");
        }
    }

    private static string? FindFault(PlannedTrial trial, int epoch, ComplexityMetrics complexity) =>
        epoch != trial.Settings.Epochs ? "the complexity of a network that is still trained"
        : complexity.ParameterCount < 1 || complexity.Footprint < complexity.ParameterCount
            ? Text($"{complexity.ParameterCount} parameters in {complexity.Footprint} bytes")
        : !IsShare(complexity.ConnectionSparsity) || !IsShare(complexity.ActivationSparsity)
            ? "a sparsity that is none from 0 to 1"
        : !IsSize(complexity.MembraneUpdates) ? "membrane updates that are negative or not finite"
        : !IsSize(complexity.EffectiveAcs)
        || !IsSize(complexity.DenseOperations)
        || complexity.EffectiveAcs > complexity.DenseOperations
        || complexity.EffectiveMacs != 0
            ? Text(
                $"{complexity.EffectiveAcs} accumulations and {complexity.EffectiveMacs} multiplications of {complexity.DenseOperations} at most"
            )
        : null;

    private static bool HasSpikeNumbers(LayerMetrics layer) =>
        layer
            is {
                DeadFraction: not null,
                ActiveFraction: not null,
                SpikeRateTrain: not null,
                SpikeRateTest: not null,
                Threshold: not null
            };

    private static bool HasAnySpikeNumber(LayerMetrics layer) =>
        layer is not { DeadFraction: null, ActiveFraction: null, SpikeRateTrain: null, SpikeRateTest: null, Threshold: null };

    private static IEnumerable<string> Faults(PlannedTrial trial, LayerMetrics layer, bool spikes)
    {
        if (layer.DeadFraction is { } dead && !IsShare(dead))
            yield return Text($"a share of {dead} dead neurons");
        if (layer.ActiveFraction is { } active && !IsShare(active))
            yield return Text($"a share of {active} active neurons");
        if (!IsShare(layer.SpikeRateTrain ?? 0) || !IsShare(layer.SpikeRateTest ?? 0))
            yield return "a rate that is none from 0 to 1 spikes per step";
        if (!IsSize(layer.WeightDistanceInitial))
            yield return "a distance from the initial weights that is negative or not finite";
        if (!IsSize(layer.WeightGradientNorm))
            yield return "a weight gradient that is negative or not finite";
        if (layer.ThresholdGradientNorm is { } norm && !IsSize(norm))
            yield return "a threshold gradient that is negative or not finite";
        if (layer.ThresholdGradientNorm is null == (spikes && trial.Settings.Threshold is TrainedThreshold))
            yield return layer.ThresholdGradientNorm is null
                ? "no threshold gradient, though its thresholds are trained"
                : "a threshold gradient, though its thresholds are not trained";
        if (layer.Threshold is { } thresholds && !IsInOrder(thresholds))
            yield return "thresholds that are not finite or not in order";
        if (layer.Threshold?.Histogram is { } bins && !IsHistogram(bins, layer.Neurons))
            yield return "a histogram of thresholds that is none of its neurons";
    }

    // The output layer has a neuron per class; of the user's own recordings only the worker, who has them, knows how
    // many those are.
    private static bool IsNeuronCount(TrialSettings settings, int l, int neurons)
    {
        if (l < settings.Hidden.Count)
            return neurons == settings.Hidden[l];
        int classes = DatasetCatalog.All.FirstOrDefault(d => d.Name == settings.Dataset.Name)?.ClassCount ?? 0;
        return neurons >= 1 && neurons <= (classes > 0 ? classes : MostClasses);
    }

    private static bool IsInOrder(ThresholdSummary t)
    {
        ReadOnlySpan<double> ascending = [t.Min, t.Q10, t.Q25, t.Median, t.Q75, t.Q90, t.Max];
        double slack = Rounding * Math.Max(Math.Abs(t.Min), Math.Abs(t.Max));
        bool holds = double.IsFinite(t.Mean) && t.Mean >= t.Min - slack && t.Mean <= t.Max + slack && double.IsFinite(t.Min);
        for (int i = 1; i < ascending.Length; i++)
            holds &= double.IsFinite(ascending[i]) && ascending[i] >= ascending[i - 1] - slack;
        return holds;
    }

    private static bool IsHistogram(IReadOnlyList<int> bins, int neurons) =>
        bins.Count is 1 or ThresholdSummary.Bins && bins.All(count => count >= 0) && bins.Sum(count => (long)count) == neurons;

    private static int LayersOf(PlannedTrial trial) => trial.Settings.Hidden.Count + 1;

    private static bool IsShare(double value) => value is >= 0 and <= 1;

    private static bool IsSize(double value) => double.IsFinite(value) && value >= 0;

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
