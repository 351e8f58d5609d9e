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
            AddAgainst("difference, points", "difference_points", MeanDifference, 1, NumberStyle.Signed);
            AddAgainst("probability of improvement", "probability_of_improvement", Improvement.Of, 2, NumberStyle.Plain);
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
            table.Add(header, key, kind, row => Own(row, cell), group);

        ReportCell Own(ResultRow row, Func<double[], ReportCell> cell)
        {
            if (row.Completed.Count == 0)
                return table.Notes.Incomplete(row);
            ReportCell own = cell([.. row.Completed.Select(Percent)]);
            if (own.Value is not { } estimate)
                return own;
            return row.IsComplete
                ? own.From(row.Completed)
                : table.Notes.Marked(own with { Text = Format.Fixed(estimate.Value, 1), Value = Lacking(estimate, row) }, row);
        }

        void AddAgainst(
            string header,
            string key,
            Func<double[], double[], Estimate> statistic,
            int decimals,
            NumberStyle style
        ) => table.AddEstimate(header, key, row => Against(row, statistic, decimals, style), $"against {compareTo}, by seed");

        ReportCell Against(ResultRow row, Func<double[], double[], Estimate> statistic, int decimals, NumberStyle style)
        {
            if (study.Find(compareTo, row.Setting) is not { } baseline)
                return ReportCell.None;
            if (ReferenceEquals(row, baseline))
                return ReportCell.Reference;
            return Pairing.Of(row, baseline) is { } pairs
                ? table.Notes.Marked(ReportCell.Of(pairs.Of(statistic, Percent), decimals, style), pairs)
                : ReportCell.None;
        }

        double Percent(Replicate replicate) => 100 * choice.TestAccuracy(replicate.History);

        static Estimate Lacking(Estimate estimate, ResultRow row) => estimate.Lacking(row.Replicates.Count - row.Completed.Count);

        static Estimate MeanDifference(double[] own, double[] theirs) => Estimate.Of([.. own.Zip(theirs, (a, b) => a - b)]);
    }
}
