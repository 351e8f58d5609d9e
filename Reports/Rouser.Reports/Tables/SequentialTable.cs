using Rouser.Reports.Model;
using Rouser.Reports.Statistics;
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
        if (
            BudgetOf(study, model) is not { } budget
            || model.Run.Report.CompareTo is not { } baselineArm
            || Compared(study, baselineArm).ToArray() is not { Length: > 0 } compared
        )
            return null;
        GroupSequentialDesign design = budget.Design(CountOf(model, baselineArm));
        bool isShare = model.Run.Metric.IsShare;
        string[] said =
        [
            .. compared.Select(row =>
            {
                SequentialLook? look = Look(row, study.Find(baselineArm, row.Setting)!, design);
                string name =
                    $"{row.Arm} − {baselineArm}{(row.Setting.Length == 0 ? "" : $" at {SettingLabel.Short(row.Setting)}")}";
                return look is null
                    ? $"{name} {Describe(look)}"
                    : $"{name} {CellText.Of(EstimateOf(look).Times(isShare ? 100 : 1), isShare ? 1 : 4, NumberStyle.Signed)}"
                        + $"{(isShare ? " points" : "")} (n={look.N}: {Describe(look)})";
            }),
        ];
        return $"{model.Run.Metric.Name.Replace('_', ' ')}, paired by seed, seeds added until decided: {string.Join("; ", said)}.";
    }

    /// <summary>One row per comparison; null for a study whose seeds are a list.</summary>
    public static ReportTable? Build(StudyResults study, ReportModel model)
    {
        if (
            BudgetOf(study, model) is not { } budget
            || model.Run.Report.CompareTo is not { } baselineArm
            || Compared(study, baselineArm).ToArray() is not { Length: > 0 } compared
        )
            return null;
        int count = CountOf(model, baselineArm);
        GroupSequentialDesign design = budget.Design(count),
            forSweep = budget.IsForSweep ? design : (budget with { IsForSweep = true }).Design(count);
        bool isShare = model.Run.Metric.IsShare;
        string of = isShare ? "points" : model.Run.Metric.Name;
        TableBuilder<ResultRow> table = new TableBuilder<ResultRow>().AddRowNames();
        return table
            .AddEstimate($"difference, {of}", isShare ? "difference_points" : "difference", Difference)
            .AddText("verdict", "verdict", row => Describe(LookOf(row)))
            .AddText($"for all {count}", "verdict_for_sweep", ForSweep)
            .Build(
                $"sequential-{study.Slug}",
                $"Sequential comparisons of study {study.Label}: {model.Run.Metric.Name} minus that of {baselineArm} at the same "
                    + $"setting, by seed. Seeds were added from {budget.From} to at most {budget.To}, until a comparison was "
                    + "decided or futile. The intervals are repeated confidence intervals of a group-sequential t-test (bounds of "
                    + "Wang and Tsiatis with Δ = 0.4): those of all looks together hold the true difference in 95 % of cases"
                    + (budget.IsForSweep ? $" for all {count} comparisons together (Bonferroni)." : " for one comparison.")
                    + $" “For all {count}”: the verdict with an error of 5 % for all comparisons of the sweep together (Bonferroni).",
                compared,
                groupsRows: true
            );

        SequentialLook? LookOf(ResultRow row) => Look(row, study.Find(baselineArm, row.Setting)!, design);

        ReportCell Difference(ResultRow row)
        {
            if (LookOf(row) is not { } look)
                return table.Notes.Incomplete(row.IsComplete ? study.Find(baselineArm, row.Setting)! : row);
            double factor = isShare ? 100 : 1;
            return ReportCell
                .Of(EstimateOf(look).Times(factor), isShare ? 2 : 4, NumberStyle.Signed)
                .From([.. row.Replicates, .. study.Find(baselineArm, row.Setting)!.Replicates]);
        }

        string ForSweep(ResultRow row)
        {
            if (LookOf(row) is not { Deviation: > 0 } look)
                return "not decided";
            double half = forSweep.Critical(forSweep.Looks.ToList().IndexOf(look.N)) * look.Deviation / Math.Sqrt(look.N);
            return look.Mean > half ? "higher"
                : look.Mean < -half ? "lower"
                : "not decided";
        }
    }

    private static int CountOf(ReportModel model, string baselineArm) =>
        model.Studies.Where(s => IsOf(s, model)).Sum(s => Compared(s, baselineArm).Count());

    private static Estimate EstimateOf(SequentialLook look) =>
        look.HalfWidth is { } half
            ? new(look.Mean, look.Mean - half, look.Mean + half, look.N, IntervalKind.Repeated)
            : new(look.Mean, null, null, look.N, IntervalKind.NoSpread);

    // Several runs together may hold any seeds, for which no looks were planned.
    private static SeedBudget? BudgetOf(StudyResults study, ReportModel model) =>
        model.Runs.Count == 1 ? model.Run.Budgets.GetValueOrDefault(study.Name) : null;

    private static IEnumerable<ResultRow> Compared(StudyResults study, string baselineArm) =>
        study.Rows.Where(row => row.Arm != baselineArm && study.Find(baselineArm, row.Setting) is not null);

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
}
