using Rouser.Reports.Model;
using Rouser.Results;

namespace Rouser.Reports.Tables;

/// <summary>How fast and how far each arm learns at each setting.</summary>
internal static class ConvergenceTable
{
    private static readonly int[] Milestones = [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000];

    /// <summary>The epochs shown: 1, 2, 5, 10, 20, 50 … before the last.</summary>
    public static IEnumerable<int> ShownEpochs(int epochs) => Milestones.Where(e => e < epochs);

    /// <summary>Test accuracy after some epochs, the last and, where validation samples choose one, the best.</summary>
    public static ReportTable Accuracy(StudyResults study)
    {
        const string after = "test accuracy after epoch, %",
            best = "best on validation",
            highest = "highest on test (optimistic)";
        bool hasValidation = study.Rows.Any(row => row.HasValidation);
        TableBuilder<ResultRow> table = new TableBuilder<ResultRow>().AddRowNames();
        foreach (int epoch in ShownEpochs(study.Epochs))
            table.AddEstimate(
                Format.Integer(epoch),
                $"test_accuracy_after_{epoch}_percent",
                row => row.Completed.Count > 0 && row.Epochs < epoch ? ReportCell.None : Percent(row, h => h.TestAccuracy(epoch)),
                after
            );
        table.AddEstimate("last", "test_accuracy_last_percent", row => Percent(row, h => h.TestAccuracy(h.Epochs)), after);
        if (hasValidation)
        {
            table
                .AddEstimate(
                    "test accuracy, %",
                    "best_test_accuracy_percent",
                    row => Chosen(row, h => 100 * h.TestAccuracy(h.BestValidationEpoch)),
                    best
                )
                .AddEstimate("epoch", "best_epoch", row => Chosen(row, h => h.BestValidationEpoch), best);
        }
        table
            .AddEstimate(
                "accuracy, %",
                "highest_test_accuracy_percent",
                row => Percent(row, h => h.TestAccuracy(h.HighestTestEpoch)),
                highest
            )
            .AddEstimate("epoch", "highest_test_epoch", row => table.Notes.Cell(row, h => h.HighestTestEpoch, 1, 1), highest);
        return table.Build(
            $"accuracy-{study.Slug}",
            $"Test accuracy in percent, study {study.Label}. Mean over n seeds with its 95 % interval. “Last” is not "
                + "chosen."
                + (hasValidation ? " “Best” takes the epoch with the highest validation accuracy, seed by seed." : "")
                + " “Highest” is that of any epoch on the test set itself, seed by seed, and is therefore optimistic.",
            study.Rows,
            groupsRows: true
        );

        ReportCell Percent(ResultRow row, Func<TrialHistory, double> share) => table.Notes.Cell(row, share, 100, 1);

        ReportCell Chosen(ResultRow row, Func<TrialHistory, double> value) =>
            row.Completed.Count > 0 && !row.HasValidation ? ReportCell.None : table.Notes.Cell(row, value, 1, 1);
    }

    /// <summary>
    /// Epochs to reach each level, and the speed-up against the baseline; null if the sweep names no levels.
    /// </summary>
    public static ReportTable? EpochsToReach(StudyResults study, RunMetadata run)
    {
        if (run.Report.Reach.Count == 0)
            return null;
        string? compareTo = Pairing.BaselineArm(study, run);
        TableBuilder<ResultRow> table = new TableBuilder<ResultRow>().AddRowNames();
        foreach (double level in run.Report.Reach)
            table.AddEstimate(
                Format.Level(level),
                $"epochs_to_{Format.Exact(level)}",
                row => Reach.Epochs(row, level, table.Notes),
                "epochs to reach"
            );
        foreach (double level in compareTo is null ? [] : run.Report.Reach)
            table.AddEstimate(
                Format.Level(level),
                $"speed_up_at_{Format.Exact(level)}",
                row => Reach.SpeedUp(row, study.Find(compareTo, row.Setting), level, table.Notes),
                $"speed-up against {compareTo} at"
            );
        string speedUp = compareTo is null
            ? ""
            : $" Speed-up: epochs of {compareTo} divided by the row’s own, paired by seed and setting; geometric mean and "
                + "its 95 % interval.";
        return table.Build(
            $"reach-{study.Slug}",
            $"Epochs until the test accuracy reaches a level and keeps it, study {study.Label}, of the "
                + $"{study.EpochsInWords} that were trained. Found per seed, then averaged.{speedUp}",
            study.Rows,
            groupsRows: true
        );
    }
}
