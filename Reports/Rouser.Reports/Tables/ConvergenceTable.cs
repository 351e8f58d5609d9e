using Rouser.Reports.Model;
using Rouser.Results;

namespace Rouser.Reports.Tables;

/// <summary>How fast and how far each arm learns at each setting.</summary>
internal static class ConvergenceTable
{
    private static readonly int[] Milestones = [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000];

    /// <summary>The epochs shown: 1, 2, 5, 10, 20, 50 … before the last.</summary>
    public static IEnumerable<int> ShownEpochs(int epochs) => Milestones.Where(e => e < epochs);

    /// <summary>Test accuracy after some epochs, the last and the best one.</summary>
    public static ReportTable Accuracy(StudyResults study)
    {
        Footnotes notes = new();
        int[] shown = [.. ShownEpochs(study.Epochs)];
        List<ReportColumn> columns = [.. StudyTables.Headers];
        columns.AddRange(
            shown.Select(e => new ReportColumn(
                Format.Whole(e),
                $"test_accuracy_after_{e}_percent",
                ColumnKind.Estimate,
                "test accuracy after epoch, %"
            ))
        );
        columns.Add(new ReportColumn("last", "test_accuracy_last_percent", ColumnKind.Estimate, "test accuracy after epoch, %"));
        columns.Add(
            new ReportColumn("accuracy, %", "best_test_accuracy_percent", ColumnKind.Estimate, "best on test (optimistic)")
        );
        columns.Add(new ReportColumn("epoch", "best_epoch", ColumnKind.Estimate, "best on test (optimistic)"));
        List<IReadOnlyList<ReportCell>> rows =
        [
            .. study.Rows.Select(
                IReadOnlyList<ReportCell> (row) =>
                    [
                        .. StudyTables.RowHeader(row),
                        .. shown.Select(e =>
                            row.IsComplete && row.Epochs < e ? ReportCell.None : notes.Cell(row, h => h.TestAccuracy(e), 100, 1)
                        ),
                        notes.Cell(row, h => h.TestAccuracy(h.Epochs), 100, 1),
                        notes.Cell(row, h => h.TestAccuracy(h.BestEpoch), 100, 1),
                        notes.Cell(row, h => h.BestEpoch, 1, 1),
                    ]
            ),
        ];
        string caption =
            $"Test accuracy in percent, study {study.Label}. Mean over n seeds with its 95 % interval. “Best” takes the epoch that is best "
            + "on the test set itself, seed by seed, and is therefore optimistic; “last” is not chosen.";
        return new ReportTable($"accuracy-{StudyTables.Slug(study.Name)}", caption, columns, rows, notes.Texts)
        {
            GroupsRows = true,
        };
    }

    /// <summary>
    /// Epochs to reach each level, and the speed-up against the baseline; null if the sweep names no levels.
    /// </summary>
    public static ReportTable? EpochsToReach(StudyResults study, RunMetadata run)
    {
        if (run.Report.Reach.Count == 0)
            return null;
        Footnotes notes = new();
        bool compares = run.Report.CompareTo is { } baseline && study.Arms.Contains(baseline) && study.Arms.Count > 1;
        List<ReportColumn> columns = [.. StudyTables.Headers];
        columns.AddRange(
            run.Report.Reach.Select(level => new ReportColumn(
                Format.Level(level),
                $"epochs_to_{Format.Exact(level)}",
                ColumnKind.Estimate,
                "epochs to reach"
            ))
        );
        if (compares)
            columns.AddRange(
                run.Report.Reach.Select(l => new ReportColumn(
                    Format.Level(l),
                    $"speed_up_at_{Format.Exact(l)}",
                    ColumnKind.Estimate,
                    $"speed-up against {run.Report.CompareTo} at"
                ))
            );
        List<IReadOnlyList<ReportCell>> rows =
        [
            .. study.Rows.Select(
                IReadOnlyList<ReportCell> (row) =>
                    [
                        .. StudyTables.RowHeader(row),
                        .. run.Report.Reach.Select(level => Reach.Epochs(row, level, notes)),
                        .. compares
                            ? run.Report.Reach.Select(level =>
                                Reach.SpeedUp(row, Reach.Baseline(study, row, run.Report.CompareTo), level, notes)
                            )
                            : [],
                    ]
            ),
        ];
        string caption =
            $"Epochs until the test accuracy first reaches a level, study {study.Label}, at most {study.Epochs}. "
            + "Found per seed, then averaged; a mean is shown only if every "
            + "seed gets there."
            + (
                compares
                    ? $" Speed-up: epochs of {run.Report.CompareTo} divided by the row’s own, paired by seed and setting; "
                        + "geometric mean and its 95 % interval."
                    : ""
            );
        return new ReportTable($"reach-{StudyTables.Slug(study.Name)}", caption, columns, rows, notes.Texts)
        {
            GroupsRows = true,
        };
    }
}
