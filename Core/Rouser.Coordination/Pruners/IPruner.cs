using Rouser.Snn;
using Rouser.Sweeps;

namespace Rouser.Coordination.Pruners;

/// <summary>
/// Judges running trials by what they and others measured so far. A pure function of the epochs it was given, in
/// their order: the machine gives it each recorded epoch once, live and on replay alike, and asks for a verdict when
/// live.
/// </summary>
internal interface IPruner
{
    /// <summary>Takes in what a trial measured.</summary>
    void Record(PlannedTrial trial, EpochMetrics metrics);

    /// <summary>
    /// Whether the trial, whose latest epoch was just recorded, should end there: why, in words for the user; null to
    /// let it go on.
    /// </summary>
    string? Judge(PlannedTrial trial, EpochMetrics metrics);
}

/// <summary>Makes the pruner that a sweep asks for.</summary>
internal static class Pruner
{
    /// <summary>The pruner, or null for none.</summary>
    public static IPruner? Of(PrunerSettings? settings) =>
        settings?.Kind switch
        {
            null => null,
            PrunerKind.Median => new MedianPruner(settings),
            PrunerKind.SuccessiveHalving => new SuccessiveHalvingPruner(settings),
            _ => throw new ArgumentOutOfRangeException(nameof(settings), settings.Kind, "A pruner that is not known."),
        };

    /// <summary>The metric with its sign such that more is better; what is not a number is worst.</summary>
    public static double ScoreOf(this MetricSettings metric, EpochMetrics epoch)
    {
        double value = epoch.ValueOf(metric.Name);
        return double.IsNaN(value) ? double.NegativeInfinity
            : metric.Maximize ? value
            : -value;
    }
}
