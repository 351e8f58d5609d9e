using Rouser.Reports.Model;
using Rouser.Results;
using Rouser.Sweeps;

namespace Rouser.Reports.Tables;

/// <summary>
/// Which epoch's test accuracy stands for a trial: the sweep's <c>metric.select</c>, and how a table has to name it.
/// </summary>
internal static class EpochChoice
{
    /// <summary>
    /// The choice for test accuracy. A sweep that is about another metric chooses nothing here: the last epoch is
    /// taken.
    /// </summary>
    public static EpochSelection Of(RunMetadata run) =>
        run.Metric.Name == "test_accuracy" ? run.Metric.Select : EpochSelection.Last;

    /// <summary>The trial's test accuracy under it, from 0 to 1.</summary>
    public static double TestAccuracy(TrialHistory history, EpochSelection choice) =>
        choice switch
        {
            EpochSelection.Best => history.TestAccuracy(history.BestEpoch),
            EpochSelection.MeanLast3 => Enumerable
                .Range(Math.Max(1, history.Epochs - 2), Math.Min(3, history.Epochs))
                .Average(history.TestAccuracy),
            _ => history.TestAccuracy(history.Epochs),
        };

    /// <summary>In words, with what is wrong with it.</summary>
    public static string Describe(EpochSelection choice) =>
        choice switch
        {
            EpochSelection.Best => "at the epoch that is best on the test set, which is optimistic",
            EpochSelection.MeanLast3 => "averaged over the last three epochs",
            _ => "after the last epoch",
        };
}
