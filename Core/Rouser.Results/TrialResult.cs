using Rouser.Snn;

namespace Rouser.Results;

/// <summary>
/// A completed trial's epochs in single numbers. Epochs that measured NaN are never the best and reach nothing.
/// </summary>
internal sealed record TrialResult(IReadOnlyList<EpochMetrics> Epochs)
{
    /// <summary>The last epoch.</summary>
    public EpochMetrics Final => Epochs[^1];

    /// <summary>
    /// The epoch with the highest validation accuracy, the first of equals; null without validation samples. The test
    /// set chooses nothing.
    /// </summary>
    public EpochMetrics? Best =>
        Epochs.Where(e => e.Validation is { } scores && !double.IsNaN(scores.Accuracy)).MaxBy(e => e.Validation!.Accuracy);

    /// <summary>
    /// The first epoch after which the test accuracy was at least <paramref name="level"/>; null if it never was.
    /// </summary>
    public int? EpochsTo(double level) => Epochs.FirstOrDefault(e => e.TestAccuracy >= level)?.Epoch;
}
