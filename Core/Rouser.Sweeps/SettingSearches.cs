using Rouser.Snn;
using Rouser.Sweeps.Samplers;

namespace Rouser.Sweeps;

/// <summary>The searches of a sweep.</summary>
/// <param name="Metric">What they look for: never a metric of the test set.</param>
/// <param name="Select">The epoch that stands for a trial.</param>
/// <param name="OfStudy">By the study's name.</param>
public sealed record SettingSearches(
    ValidationMetric Metric,
    EpochSelection Select,
    IReadOnlyDictionary<string, SettingSearch> OfStudy
)
{
    /// <summary>How good a trial is: more is better, and what measured no number is worst.</summary>
    /// <param name="epochs">Of each epoch, from the first one.</param>
    public double GoodnessOf(IReadOnlyList<ValidationScores?> epochs)
    {
        double? value = Select.Of(epochs.Select(scores => scores is null ? double.NaN : Metric.ValueOf(scores)), Metric.Maximize);
        return value is not { } number || double.IsNaN(number) ? double.NegativeInfinity
            : Metric.Maximize ? number
            : -number;
    }
}
