using Rouser.Reports.Model;
using Rouser.Reports.Statistics;
using Rouser.Results;
using Rouser.Sweeps;

namespace Rouser.Reports.Tables;

/// <summary>
/// What the seeds of each row say together: mean, interquartile mean and, beside the baseline, difference and
/// probability of improvement.
/// </summary>
internal static class SeedsTable
{
    /// <summary>One row per arm and setting.</summary>
    public static ReportTable Build(StudyResults study, RunMetadata run)
    {
        Footnotes notes = new();
        EpochSelection choice = EpochChoice.Of(run);
        string? compareTo = run.Report.CompareTo is { } name && study.Arms.Count > 1 && study.Arms.Contains(name) ? name : null;
        string group = $"test accuracy, %{(choice == EpochSelection.Best ? " (best on test, optimistic)" : "")}";
        List<ReportColumn> columns =
        [
            .. StudyTables.Headers,
            new("mean", "test_accuracy_mean_percent", ColumnKind.Estimate, group),
            new("interquartile mean", "test_accuracy_interquartile_mean_percent", ColumnKind.Estimate, group),
            new("lowest", "test_accuracy_lowest_percent", ColumnKind.Number, group),
            new("highest", "test_accuracy_highest_percent", ColumnKind.Number, group),
        ];
        if (compareTo is not null)
        {
            columns.Add(new("difference, points", "difference_points", ColumnKind.Estimate, $"against {compareTo}, by seed"));
            columns.Add(
                new(
                    "probability of improvement",
                    "probability_of_improvement",
                    ColumnKind.Estimate,
                    $"against {compareTo}, by seed"
                )
            );
        }
        List<IReadOnlyList<ReportCell>> rows =
        [
            .. study.Rows.Select(
                IReadOnlyList<ReportCell> (row) =>
                    [.. StudyTables.RowHeader(row), .. Own(row), .. compareTo is null ? [] : Against(row)]
            ),
        ];
        string caption =
            $"Test accuracy {EpochChoice.Words(choice)}, over the seeds of each row, study {study.Label}; 95 % "
            + "intervals and n seeds. The interquartile mean leaves out the lowest and the highest "
            + "quarter of the seeds, and is not shown below four."
            + (
                compareTo is null
                    ? ""
                    : $" Against {compareTo} at the same setting: the mean difference by seed, and of all pairs of a seed "
                        + "of each the share in which the row is higher (0.5: neither is better)."
            );
        return new ReportTable($"over-seeds-{StudyTables.Slug(study.Name)}", caption, columns, rows, notes.Texts)
        {
            GroupsRows = true,
        };

        double Percent(Replicate replicate) => 100 * EpochChoice.TestAccuracy(replicate.History, choice);

        ReportCell[] Own(ResultRow row)
        {
            if (!row.IsComplete)
                return [.. Enumerable.Repeat(notes.Incomplete(row), 4)];
            double[] values = [.. row.Replicates.Select(Percent)];
            return
            [
                ReportCell.Of(Estimate.Of(values), 1).From(row),
                InterquartileMean.Of(values) is { } middle ? ReportCell.Of(middle, 1).From(row) : ReportCell.None,
                ReportCell.Number(values.Min(), 1).From(row),
                ReportCell.Number(values.Max(), 1).From(row),
            ];
        }

        ReportCell[] Against(ResultRow row)
        {
            if (Reach.Baseline(study, row, compareTo) is not { } baseline)
                return [ReportCell.None, ReportCell.None];
            if (ReferenceEquals(row, baseline))
                return [.. Enumerable.Repeat(new ReportCell("reference", Mark: CellMark.Reference), 2)];
            if (Pairing.Of(row, baseline) is not { } pairs)
                return [.. Enumerable.Repeat(notes.Incomplete(row.IsComplete ? baseline : row), 2)];
            double[] own = [.. pairs.Select(p => Percent(p.Own))],
                theirs = [.. pairs.Select(p => Percent(p.Other))];
            return
            [
                ReportCell.Of(Estimate.Of([.. own.Zip(theirs, (a, b) => a - b)]), 1, NumberStyle.Signed).From(row, baseline),
                ReportCell.Of(Improvement.Of(own, theirs), 2).From(row, baseline),
            ];
        }
    }
}
