using System.Globalization;
using Rouser.Results;

namespace Rouser.Reports.Model;

/// <summary>
/// A trial that two runs hold: the same content, so the same numbers, to the last bit, as far as both have them.
/// </summary>
internal static class SharedTrial
{
    private static readonly (string Name, TableColumn<double> Column)[] OfEpochs =
    [
        ("test accuracy", EpochsTable.TestAccuracy),
        ("training accuracy", EpochsTable.TrainAccuracy),
        ("training loss", EpochsTable.TrainLoss),
    ];

    private static readonly (string Name, TableColumn<double> Column)[] OfLayers =
    [
        ("spike rate", LayersTable.SpikeRateTest),
        ("dead fraction", LayersTable.DeadFraction),
        ("mean threshold", LayersTable.ThresholdMean),
        ("weight distance", LayersTable.WeightDistanceInitial),
    ];

    /// <summary>
    /// The first result in which two histories of one trial differ; null if none does. Wall times may.
    /// </summary>
    public static string? FirstDifference(TrialHistory a, TrialHistory b)
    {
        for (int epoch = 1; epoch <= Math.Min(a.Epochs, b.Epochs); epoch++)
        {
            foreach ((string what, TableColumn<double> column) in OfEpochs)
            {
                if (Differ(what, a.Value(column, epoch), b.Value(column, epoch), epoch) is { } found)
                    return found;
            }
            if (a.Layers != b.Layers)
                return $"one has {a.Layers} layers and the other {b.Layers}";
            for (int layer = 1; layer <= a.Layers; layer++)
            {
                LayerPoint one = a.Layer(layer, epoch),
                    other = b.Layer(layer, epoch);
                foreach ((string what, TableColumn<double> column) in OfLayers)
                {
                    if (Differ($"{what} of layer {layer}", one[column], other[column], epoch) is { } found)
                        return found;
                }
            }
        }
        return null;
    }

    // Equals, because a training that diverged has NaN in both, and so has a layer that does not spike.
    private static string? Differ(string what, double a, double b, int epoch) =>
        a.Equals(b)
            ? null
            : string.Create(
                CultureInfo.InvariantCulture,
                $"its {what} after epoch {epoch} is {a:R} in the one and {b:R} in the other"
            );
}
