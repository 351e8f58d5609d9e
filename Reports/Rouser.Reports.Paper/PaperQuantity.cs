using System.Globalization;
using Rouser.Reports.Model;
using Rouser.Results;

namespace Rouser.Reports.Paper;

/// <summary>What a statement of the paper measures, taken from a trial's history.</summary>
/// <param name="Description">What it is, for a table's row.</param>
/// <param name="Value">The value, in percent but for a distance of weights.</param>
/// <param name="Layers">Layers that a network needs to have it; 0 for any.</param>
/// <param name="Epochs">Epochs that a training needs to have it.</param>
public sealed record PaperQuantity(string Description, Func<TrialHistory, double> Value, int Layers = 0, int Epochs = 1)
{
    // The paper's figure 10 has epochs 0 to 5.
    private const int SilentEpochs = 6;

    /// <summary>Its value of a training; null of one that is too short for it, or has no such measure.</summary>
    public double? Find(TrialHistory history) =>
        history.Epochs >= Epochs && Value(history) is var value && double.IsFinite(value) ? value : null;

    /// <summary>The quantity of a name in claims.json.</summary>
    /// <exception cref="FormatException">There is none of that name.</exception>
    public static PaperQuantity Named(string name) =>
        name.Split('_') switch
        {
            ["last", "accuracy"] => LastAccuracy,
            ["mean", "accuracy"] => MeanAccuracy,
            ["accuracy", "after", var epoch] => AccuracyAfter(Number(epoch)),
            ["accuracy", "after", var share, "percent"] => AccuracyAfterPercent(Number(share)),
            ["dead", "epoch", var layer] => Dead(Number(layer), DeadDefinition.WholeEpoch),
            ["dead", "input", var layer] => Dead(Number(layer), DeadDefinition.FirstInput),
            ["output", "active", "early"] => OutputActiveEarly,
            ["spikes", "first", var layer] => SpikesFirst(Number(layer)),
            ["spikes", "last"] => SpikesLast,
            ["weight", "change"] => WeightChange,
            _ => throw new FormatException($"claims.json: no quantity {name}"),
        };

    // Nothing has chosen the last epoch.
    private static PaperQuantity LastAccuracy { get; } = new("test accuracy after the last epoch, %", h => h.LastTestPercent);

    // It is higher for a curve that rises sooner as for one that ends higher.
    private static PaperQuantity MeanAccuracy { get; } =
        new("test accuracy averaged over the epochs, %", h => 100 * Enumerable.Range(1, h.Epochs).Average(h.TestAccuracy));

    // The largest share of active output neurons in the first six epochs.
    private static PaperQuantity OutputActiveEarly { get; } =
        new(
            $"active output neurons, most in epochs 1 to {SilentEpochs}, %",
            h =>
                100
                * Enumerable
                    .Range(1, Math.Min(SilentEpochs, h.Epochs))
                    .Max(e => h.Layer(h.Layers, e)[LayersTable.ActiveFraction]),
            1
        );

    // Over all layers that spike, weighted by their neurons: spikes emitted per spikes possible.
    private static PaperQuantity SpikesLast { get; } =
        new("spikes at inference after the last epoch, all layers, % of the possible", h => 100 * MeanRate(h, h.Epochs), 1);

    // The Euclidean distance of all weights of the network from where they started.
    private static PaperQuantity WeightChange { get; } =
        new(
            "distance of the weights from the initial ones after the last epoch",
            h =>
                Math.Sqrt(
                    Enumerable
                        .Range(1, h.Layers)
                        .Select(layer => h.Layer(layer, h.Epochs)[LayersTable.WeightDistanceInitial])
                        .Sum(distance => distance * distance)
                ),
            1
        );

    private static PaperQuantity AccuracyAfter(int epoch) =>
        new(Text($"test accuracy after {epoch} epochs, %"), h => 100 * h.TestAccuracy(epoch), Epochs: epoch);

    private static PaperQuantity AccuracyAfterPercent(int share) =>
        new(
            Text($"test accuracy after {share} % of the epochs, %"),
            h => 100 * h.TestAccuracy(Math.Max(1, h.Epochs * share / 100)),
            Epochs: 10
        );

    private static PaperQuantity Dead(int layer, DeadDefinition definition) =>
        new(
            Text($"dead in layer {layer}, {(definition == DeadDefinition.WholeEpoch ? "whole epoch" : "one input")}, %"),
            h => 100 * h.MeanDeadShare(layer, definition),
            layer
        );

    private static PaperQuantity SpikesFirst(int layer) =>
        new(
            Text($"spikes at inference after the first epoch, layer {layer}, % of the possible"),
            h => 100 * h.Layer(layer, 1)[LayersTable.SpikeRateTest],
            layer
        );

    private static double MeanRate(TrialHistory history, int epoch)
    {
        LayerPoint[] layers = [.. Enumerable.Range(1, history.SpikingLayers).Select(layer => history.Layer(layer, epoch))];
        return layers.Sum(l => l[LayersTable.SpikeRateTest] * l.Neurons) / layers.Sum(l => l.Neurons);
    }

    private static int Number(string text) => int.Parse(text, CultureInfo.InvariantCulture);

    private static string Text(FormattableString text) => FormattableString.Invariant(text);
}
