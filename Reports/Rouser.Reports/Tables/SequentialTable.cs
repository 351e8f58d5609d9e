using Rouser.Reports.Model;
using Rouser.Reports.Statistics;
using Rouser.Sweeps;
using Rouser.Sweeps.Sequential;

namespace Rouser.Reports.Tables;

/// <summary>
/// Comparisons whose seeds were added until they were decided, with the intervals that hold for that.
/// </summary>
internal static class SequentialTable
{
    /// <summary>What stands under a table of the usual intervals of such a study.</summary>
    public const string Warning =
        " Seeds of this study were added until comparisons were decided. The intervals of this table are for a number of seeds "
        + "that was fixed beforehand, so they are too narrow for these; the table of sequential comparisons has intervals that hold.";

    /// <summary>Whether the seeds of the study were a budget.</summary>
    public static bool IsOf(StudyResults study, ReportModel model) => BudgetOf(study, model) is not null;

    /// <summary>
    /// What the comparisons say, with the intervals and verdicts that hold for seeds that were added until they were
    /// decided; null for a study whose seeds are a list.
    /// </summary>
    public static string? Sentence(StudyResults study, ReportModel model)
    {
        if (JudgedIn(study, model) is not { } judged)
            return null;
        MetricSettings metric = model.Run.Metric;
        return $"{metric.Name.Replace('_', ' ')}, paired by seed, seeds added until decided: "
            + $"{string.Join("; ", judged.Comparisons.Select(Say))}.";

        string Say(Comparison c)
        {
            string name = SettingLabel.Difference(c.Own, c.Baseline);
            return c.Look is not { } look
                ? $"{name} {Describe(c.Look)}"
                : $"{name} {CellText.Of(EstimateOf(look, metric), metric.IsShare ? 1 : 4, NumberStyle.Signed)}"
                    + $"{(metric.IsShare ? " points" : "")} (n={look.N}: {Describe(look)})";
        }
    }

    /// <summary>One row per comparison; null for a study whose seeds are a list.</summary>
    public static ReportTable? Build(StudyResults study, ReportModel model)
    {
        if (JudgedIn(study, model) is not { } judged)
            return null;
        (SeedBudget budget, int count) = (judged.Budget, judged.Count);
        GroupSequentialDesign forSweep = budget.IsForSweep ? judged.Design : (budget with { IsForSweep = true }).Design(count);
        Dictionary<ResultRow, Comparison> byRow = judged.Comparisons.ToDictionary(c => c.Own);
        MetricSettings metric = model.Run.Metric;
        string of = metric.IsShare ? "points" : metric.Name;
        TableBuilder<ResultRow> table = new TableBuilder<ResultRow>().AddRowNames();
        return table
            .AddEstimate($"difference, {of}", metric.IsShare ? "difference_points" : "difference", Difference)
            .AddText("verdict", "verdict", row => Describe(byRow[row].Look))
            .AddText($"for all {count}", "verdict_for_sweep", ForSweep)
            .Build(
                $"sequential-{study.Slug}",
                $"Sequential comparisons of study {study.Label}: {metric.Name} minus that of {model.Run.Report.CompareTo} at the "
                    + $"same setting, by seed. Seeds were added from {budget.From} to at most {budget.To}, until a comparison was "
                    + "decided or futile. The intervals are repeated confidence intervals of a group-sequential t-test (bounds of "
                    + "Wang and Tsiatis with Δ = 0.4): those of all looks together hold the true difference in 95 % of cases"
                    + (budget.IsForSweep ? $" for all {count} comparisons together (Bonferroni)." : " for one comparison.")
                    + $" “For all {count}”: the verdict with an error of 5 % for all comparisons of the sweep together (Bonferroni).",
                [.. judged.Comparisons.Select(c => c.Own)],
                groupsRows: true
            );

        ReportCell Difference(ResultRow row)
        {
            Comparison c = byRow[row];
            return c.Look is { } look
                ? ReportCell
                    .Of(EstimateOf(look, metric), metric.IsShare ? 2 : 4, NumberStyle.Signed)
                    .From([.. row.Replicates, .. c.Baseline.Replicates])
                : table.Notes.Incomplete(row.IsComplete ? c.Baseline : row);
        }

        string ForSweep(ResultRow row)
        {
            if (byRow[row].Look is not { Deviation: > 0 } look)
                return "not decided";
            double half = forSweep.Critical(forSweep.Looks.ToList().IndexOf(look.N)) * look.Deviation / Math.Sqrt(look.N);
            return look.Mean > half ? "higher"
                : look.Mean < -half ? "lower"
                : "not decided";
        }
    }

    // Null where seeds are a list, or nothing is compared.
    private static Judged? JudgedIn(StudyResults study, ReportModel model)
    {
        if (BudgetOf(study, model) is not { } budget || model.Run.Report.CompareTo is not { } baselineArm)
            return null;
        int count = model.Studies.Where(s => IsOf(s, model)).Sum(s => Pairs(s, baselineArm).Count());
        GroupSequentialDesign design = budget.Design(count);
        Comparison[] all =
        [
            .. Pairs(study, baselineArm).Select(p => new Comparison(p.Own, p.Baseline, Look(p.Own, p.Baseline, design))),
        ];
        return all.Length == 0 ? null : new Judged(budget, count, design, all);
    }

    /// <summary>The difference with its interval, in points where the metric is a share.</summary>
    private static Estimate EstimateOf(SequentialLook look, MetricSettings metric)
    {
        Estimate estimate = look.HalfWidth is { } half
            ? new(look.Mean, look.Mean - half, look.Mean + half, look.N, IntervalKind.Repeated)
            : new(look.Mean, null, null, look.N, IntervalKind.NoSpread);
        return estimate.Times(metric.IsShare ? 100 : 1);
    }

    // Several runs together may hold any seeds, for which no looks were planned.
    private static SeedBudget? BudgetOf(StudyResults study, ReportModel model) =>
        model.Runs.Count == 1 ? model.Run.Budgets.GetValueOrDefault(study.Name) : null;

    private static IEnumerable<(ResultRow Own, ResultRow Baseline)> Pairs(StudyResults study, string baselineArm) =>
        study
            .Rows.Where(row => row.Arm != baselineArm)
            .Select(row => (Own: row, Baseline: study.Find(baselineArm, row.Setting)))
            .Where(pair => pair.Baseline is not null)
            .Select(pair => (pair.Own, pair.Baseline!));

    /// <summary>The look at which the comparison ended, or the last one that was taken; null before the first.</summary>
    private static SequentialLook? Look(ResultRow row, ResultRow baseline, GroupSequentialDesign design)
    {
        double[] differences =
        [
            .. row
                .Replicates.Zip(baseline.Replicates)
                .TakeWhile(pair => pair.First.IsComplete && pair.Second.IsComplete && pair.First.Seed == pair.Second.Seed)
                .Select(pair => (pair.First.Objective ?? double.NaN) - (pair.Second.Objective ?? double.NaN)),
        ];
        SequentialLook? taken = null;
        for (int look = 0; look < design.Looks.Count && design.Looks[look] <= differences.Length; look++)
        {
            taken = SequentialTest.Judge(design, look, differences[..design.Looks[look]]);
            if (taken.Verdict != SequentialVerdict.Open)
                break;
        }
        return taken;
    }

    private static string Describe(SequentialLook? look) =>
        look?.Verdict switch
        {
            SequentialVerdict.Higher => "higher",
            SequentialVerdict.Lower => "lower",
            SequentialVerdict.Futile => "futile: more seeds are not likely to decide",
            SequentialVerdict.Undecided => "undecided after all seeds",
            SequentialVerdict.Open => "open: the seeds of the next look are not complete",
            _ => "open: the seeds of the first look are not complete",
        };

    /// <summary>The comparisons of a study.</summary>
    /// <param name="Count">How many all studies have, among which the error of a sweep is divided.</param>
    private sealed record Judged(
        SeedBudget Budget,
        int Count,
        GroupSequentialDesign Design,
        IReadOnlyList<Comparison> Comparisons
    );

    private sealed record Comparison(ResultRow Own, ResultRow Baseline, SequentialLook? Look);
}
