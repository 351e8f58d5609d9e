using Rouser.Reports.Model;
using Rouser.Results;
using Rouser.Sweeps;

namespace Rouser.Reports.Tables;

/// <summary>
/// Which epoch's test accuracy stands for a trial: the sweep's <c>metric.select</c>, and how a table has to name it.
/// </summary>
/// <param name="Select">How it is chosen.</param>
/// <param name="By">What the best one is chosen by; null in tables of before validation, in which the test set chose.</param>
internal readonly record struct EpochChoice(EpochSelection Select, ValidationMetric? By)
{
    /// <summary>The last epoch, which is not chosen.</summary>
    public static EpochChoice Last { get; } = new(EpochSelection.Last, null);

    /// <summary>Whether the test set itself has chosen.</summary>
    public bool IsOptimistic => Select == EpochSelection.Best && By is null;

    /// <summary>
    /// The choice for test accuracy. A sweep that is about the training samples chooses nothing here: the last epoch is
    /// taken.
    /// </summary>
    public static EpochChoice Of(RunMetadata run) =>
        run.Metric.Choice is not null || run.Metric.Name == "test_accuracy" ? Of(run.Metric) : Last;

    /// <summary>
    /// The epoch that stands for a trial where validation samples choose between settings: the one of <see
    /// cref="Of(RunMetadata)"/>, unless the test set has chosen that.
    /// </summary>
    public static EpochChoice OfValidation(RunMetadata run) => Of(run) is { IsOptimistic: false } choice ? choice : Last;

    /// <summary>The choice of a metric.</summary>
    public static EpochChoice Of(MetricSettings metric) => new(metric.Select, metric.Choice);

    /// <summary>The trial's test accuracy under it, from 0 to 1.</summary>
    public double TestAccuracy(TrialHistory history) => Over(history, history.TestAccuracy);

    /// <summary>The trial's validation accuracy under it, from 0 to 1; only with validation samples.</summary>
    public double ValidationAccuracy(TrialHistory history) => Over(history, epoch => history.Validation(epoch)!.Accuracy);

    /// <summary>In words, with what is wrong with it.</summary>
    public string Describe() =>
        Select switch
        {
            EpochSelection.Best when By is not null => "at the epoch that is best on the validation samples",
            EpochSelection.Best => "at the epoch with the highest on the test set, which is optimistic",
            EpochSelection.MeanLast3 => "averaged over the last three epochs",
            _ => "after the last epoch",
        };

    private double Over(TrialHistory history, Func<int, double> value) =>
        Select switch
        {
            EpochSelection.Best => value((By is null ? null : history.BestEpoch(By)) ?? history.HighestTestEpoch),
            EpochSelection.MeanLast3 => Enumerable
                .Range(Math.Max(1, history.Epochs - 2), Math.Min(3, history.Epochs))
                .Average(value),
            _ => value(history.Epochs),
        };
}
