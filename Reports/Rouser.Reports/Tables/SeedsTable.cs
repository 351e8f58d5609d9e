using Rouser.Reports.Model;
using Rouser.Reports.Statistics;
using Rouser.Results;

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
        EpochChoice choice = EpochChoice.Of(run);
        string? compareTo = Pairing.BaselineArm(study, run);
        string group = $"test accuracy, %{(choice.IsOptimistic ? " (highest on test, optimistic)" : "")}";
        TableBuilder<ResultRow> table = new TableBuilder<ResultRow>().AddRowNames();
        AddOwn("mean", "test_accuracy_mean_percent", ColumnKind.Estimate, v => ReportCell.Of(Estimate.Of(v), 1));
        AddOwn(
            "interquartile mean",
            "test_accuracy_interquartile_mean_percent",
            ColumnKind.Estimate,
            v => InterquartileMean.Of(v) is { } middle ? ReportCell.Of(middle, 1) : ReportCell.None
        );
        AddOwn("lowest", "test_accuracy_lowest_percent", ColumnKind.Number, v => ReportCell.Number(v.Min(), 1));
        AddOwn("highest", "test_accuracy_highest_percent", ColumnKind.Number, v => ReportCell.Number(v.Max(), 1));
        string against = "";
        if (compareTo is not null)
        {
            AddAgainst("difference, points", "difference_points", MeanDifference);
            AddAgainst(
                "probability of improvement",
                "probability_of_improvement",
                (own, theirs) => ReportCell.Of(Improvement.Of(own, theirs), 2)
            );
            against =
                $" Against {compareTo} at the same setting: the mean difference by seed, and of all pairs of a seed of each "
                + "the share in which the row is higher (0.5: neither is better).";
        }
        return table.Build(
            $"over-seeds-{study.Slug}",
            $"Test accuracy {choice.Describe()}, over the seeds of each row, study {study.Label}; 95 % intervals "
                + "and n seeds. The interquartile mean leaves out the lowest and the highest quarter of the seeds, and is "
                + $"not shown below four.{against}",
            study.Rows,
            groupsRows: true
        );

        void AddOwn(string header, string key, ColumnKind kind, Func<double[], ReportCell> cell) =>
            table.Add(
                header,
                key,
                kind,
                row => row.IsComplete ? From(cell([.. row.Replicates.Select(Percent)]), row) : table.Notes.Incomplete(row),
                group
            );

        void AddAgainst(string header, string key, Func<double[], double[], ReportCell> cell) =>
            table.AddEstimate(header, key, row => Against(row, cell), $"against {compareTo}, by seed");

        ReportCell Against(ResultRow row, Func<double[], double[], ReportCell> cell)
        {
            if (Pairing.Baseline(study, row, compareTo) is not { } baseline)
                return ReportCell.None;
            if (ReferenceEquals(row, baseline))
                return ReportCell.Reference;
            if (Pairing.Of(row, baseline) is not { } pairs)
                return table.Notes.Incomplete(row.IsComplete ? baseline : row);
            return cell([.. pairs.Select(p => Percent(p.Own))], [.. pairs.Select(p => Percent(p.Other))]).From(row, baseline);
        }

        double Percent(Replicate replicate) => 100 * choice.TestAccuracy(replicate.History);

        static ReportCell From(ReportCell cell, ResultRow row) => cell.Value is null ? cell : cell.From(row);

        static ReportCell MeanDifference(double[] own, double[] theirs) =>
            ReportCell.Of(Estimate.Of([.. own.Zip(theirs, (a, b) => a - b)]), 1, NumberStyle.Signed);
    }
}
