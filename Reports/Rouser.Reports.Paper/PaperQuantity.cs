using Rouser.Reports.Model;

namespace Rouser.Reports.Paper;

/// <summary>
/// What a statement of the paper measures, taken from a trial's history, and how near a number has to come to be
/// reproduced.
/// </summary>
/// <param name="Description">What it is, for a table's row.</param>
/// <param name="Tolerance">In percentage points.</param>
/// <param name="Percent">The value in percent.</param>
/// <param name="Layers">Layers that a network needs to have it; 0 for any.</param>
public sealed record PaperQuantity(string Description, double Tolerance, Func<TrialHistory, double> Percent, int Layers = 0)
{
    /// <summary>Points for an accuracy: seeds differ by some tenths of a point on the paper's full sets.</summary>
    public const double AccuracyTolerance = 1;

    /// <summary>Points for a share of neurons, which depends on the definition and on the sample.</summary>
    public const double ShareTolerance = 5;

    /// <summary>The epoch after which the paper's figure 3 is taken.</summary>
    public const int Figure3Epoch = 10;

    /// <summary>The paper's figure 10 has epochs 0 to 5.</summary>
    public const int SilentEpochs = 6;

    /// <summary>Test accuracy after the last epoch, which nothing has chosen.</summary>
    public static PaperQuantity LastAccuracy { get; } =
        new("test accuracy after the last epoch, %", AccuracyTolerance, h => 100 * h.TestAccuracy(h.Epochs));

    /// <summary>Test accuracy after epoch 10, or after the last one of a shorter training.</summary>
    public static PaperQuantity AccuracyAfter10 { get; } =
        new(
            $"test accuracy after {Figure3Epoch} epochs, %",
            AccuracyTolerance,
            h => 100 * h.TestAccuracy(Math.Min(Figure3Epoch, h.Epochs))
        );

    /// <summary>
    /// Test accuracy averaged over the epochs: it is higher for a curve that rises sooner as for one that ends
    /// higher.
    /// </summary>
    public static PaperQuantity MeanAccuracy { get; } =
        new(
            "test accuracy averaged over the epochs, %",
            AccuracyTolerance,
            h => 100 * Enumerable.Range(1, h.Epochs).Average(h.TestAccuracy)
        );

    /// <summary>The largest share of active output neurons in the first six epochs.</summary>
    public static PaperQuantity OutputActiveEarly { get; } =
        new(
            $"active output neurons, most in epochs 1 to {SilentEpochs}, %",
            0,
            h =>
                100
                * Enumerable
                    .Range(1, Math.Min(SilentEpochs, h.Epochs))
                    .Max(e => h.Layer(h.Layers, e)[LayersTable.ActiveFraction]),
            1
        );

    /// <summary>Dead neurons of a layer, averaged over the epochs.</summary>
    public static PaperQuantity Dead(int layer, DeadDefinition definition) =>
        new(
            $"dead in layer {layer}, {(definition == DeadDefinition.WholeEpoch ? "whole epoch" : "one input")}, %",
            ShareTolerance,
            h => 100 * h.MeanDeadShare(layer, definition),
            layer
        );
}
