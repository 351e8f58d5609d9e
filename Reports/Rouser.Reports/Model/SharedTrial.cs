using System.Globalization;

namespace Rouser.Reports.Model;

/// <summary>
/// A trial that two runs hold: the same content, so the same numbers, to the last bit, as far as both have them.
/// </summary>
internal static class SharedTrial
{
    /// <summary>
    /// The first result in which two histories of one trial differ; null if none does. Wall times may.
    /// </summary>
    public static string? FirstDifference(TrialHistory a, TrialHistory b)
    {
        for (int epoch = 1; epoch <= Math.Min(a.Epochs, b.Epochs); epoch++)
        {
            if (Differ("test accuracy", a.TestAccuracy(epoch), b.TestAccuracy(epoch), epoch) is { } test)
                return test;
            if (Differ("training accuracy", a.TrainAccuracy(epoch), b.TrainAccuracy(epoch), epoch) is { } train)
                return train;
            if (Differ("training loss", a.TrainLoss(epoch), b.TrainLoss(epoch), epoch) is { } loss)
                return loss;
            if (a.Layers != b.Layers)
                return $"one has {a.Layers} layers and the other {b.Layers}";
            for (int layer = 1; layer <= a.Layers; layer++)
            {
                if (FirstDifference(a.Layer(layer, epoch), b.Layer(layer, epoch), layer, epoch) is { } found)
                    return found;
            }
        }
        return null;
    }

    /// <summary>A trial's identity as people read it.</summary>
    public static string ShortId(Replicate replicate) =>
        replicate.TrialId.Length > 8 ? replicate.TrialId[..8] : replicate.TrialId;

    private static string? FirstDifference(LayerPoint a, LayerPoint b, int layer, int epoch) =>
        Differ($"spike rate of layer {layer}", a.SpikeRateTest, b.SpikeRateTest, epoch)
        ?? Differ($"dead fraction of layer {layer}", a.DeadFraction, b.DeadFraction, epoch)
        ?? Differ($"mean threshold of layer {layer}", a.ThresholdMean, b.ThresholdMean, epoch)
        ?? Differ($"weight distance of layer {layer}", a.WeightDistanceInitial, b.WeightDistanceInitial, epoch);

    // Equals, because a training that diverged has NaN in both.
    private static string? Differ(string what, double a, double b, int epoch) =>
        a.Equals(b)
            ? null
            : string.Create(
                CultureInfo.InvariantCulture,
                $"its {what} after epoch {epoch} is {a:R} in the one and {b:R} in the other"
            );
}
