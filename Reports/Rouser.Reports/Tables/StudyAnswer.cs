using Rouser.Coordination;
using Rouser.Reports.Model;
using Rouser.Reports.Statistics;
using Rouser.Results;

namespace Rouser.Reports.Tables;

/// <summary>
/// What a study answers, in a sentence with number, interval and n: the first thing in a report, and the last on a
/// terminal.
/// </summary>
public static class StudyAnswer
{
    // More comparisons than these are counted, not listed; of those that show a difference, so many are named.
    private const int MostListed = 3,
        MostNamed = 2;

    /// <summary>The sentence.</summary>
    public static string Sentence(StudyResults study, ReportModel model)
    {
        RunMetadata run = model.Run;
        if (SequentialTable.Sentence(study, model) is { } sequential)
            return sequential;
        IReadOnlyList<Contrast> contrasts = Contrast.In(study, run);
        return study.Epochs == 0 ? WithoutResult(study)
            : contrasts.Count == 0 ? OfRows(study, run)
            : contrasts.Count <= MostListed
                ? $"Test accuracy after the last epoch, paired by seed: {string.Join("; ", contrasts.Select(Describe))}."
                    + Validated(study, run)
            : Counted(contrasts) + Validated(study, run);
    }

    /// <summary>Of a study none of whose trials has its result: where they stand.</summary>
    internal static string WithoutResult(StudyResults study)
    {
        Replicate[] trials = [.. study.Rows.SelectMany(r => r.Replicates)];
        // A result is still to come only if a trial has not ended.
        string yet = trials.All(t => t.State.EndedWithoutResult()) ? "" : " yet";
        return $"No trial has its result{yet}: {Replicate.CountIncomplete(trials)}.";
    }

    /// <summary>The same in a few words, for the title of a figure.</summary>
    public static string Finding(StudyResults study, ReportModel model)
    {
        IReadOnlyList<Contrast> contrasts = SequentialTable.IsOf(study, model) ? [] : Contrast.In(study, model.Run);
        if (contrasts.Count == 0)
        {
            double[] means = [.. study.Rows.Select(r => r.Estimate(h => h.TestAccuracy(h.Epochs))?.Value).OfType<double>()];
            return means.Length == 0 ? "no result"
                : means.Length == 1 ? $"{Format.Fixed(100 * means[0], 1)} % after the last epoch"
                : $"from {Format.Fixed(100 * means.Min(), 1)} to {Format.Fixed(100 * means.Max(), 1)} % after the last epoch";
        }
        return Counts(contrasts);
    }

    /// <summary>What no number of this run can be better than: the test samples and the seeds set bounds.</summary>
    /// <returns>A sentence; empty where neither is known.</returns>
    public static string Limits(ReportModel model)
    {
        // A folder of one's own is tested on as many samples as there are, which the predictions count.
        long[] tested =
        [
            .. model
                .Rows.Select(r => r.Parameters.FindReal(Replicate.TestSamplesParameter))
                .OfType<double>()
                .Select(n => (long)n)
                .Concat(model.Outcomes.Values.Select(o => (long)o.Count))
                .Where(n => n > 0)
                .Distinct()
                .Order(),
        ];
        int seeds = model.Rows.Select(r => r.Replicates.Count).DefaultIfEmpty(0).Max();
        List<string> bounds = [];
        if (tested.Length > 0)
            bounds.Add(
                $"{Format.Integer(tested[0])} test samples, so that one of them is {Points(100.0 / tested[0])} and an accuracy near "
                    + $"90 % is known to ±{Points(196 * Math.Sqrt(0.09 / tested[0]))} from the choice of samples alone"
            );
        if (seeds > 0)
            bounds.Add(
                seeds == 1
                    ? "one seed, so that nothing is said about the next one"
                    : $"{seeds} seeds, so that no test without assumptions can come below p = {Lowest(seeds)}"
            );
        return bounds.Count == 0 ? "" : $"What this data can show at most: {string.Join("; ", bounds)}.";

        static string Points(double points) =>
            points >= 0.95 ? $"{Format.Fixed(points, 1)} points" : $"{Format.Fixed(points, 2)} points";

        static string Lowest(int seeds) =>
            SignFlip.LowestP(seeds) is var p && p >= 0.001 ? Format.Exact(Math.Round(p, 4)) : "0.001";
    }

    private static string Describe(Contrast contrast) =>
        contrast.Difference is { } d
            ? $"{contrast.Label}: {Points(d)} ({Count(d)}: {contrast.Verdict.Describe()})"
            : $"{contrast.Label}: {contrast.Verdict.Describe()}";

    private static string Points(Estimate difference) => $"{CellText.Of(difference, 1, NumberStyle.Signed)} points";

    private static string Named(Contrast contrast) =>
        $"{Points(contrast.Difference!.Value)}, {contrast.Label}, {Count(contrast.Difference!.Value)}";

    private static string Count(Estimate e) => e.Missing == 0 ? $"n={e.N}" : $"{e.N} of {e.N + e.Missing}";

    /// <summary>What was compared, and how many comparisons came to which verdict.</summary>
    /// <param name="contrasts">At least one.</param>
    internal static string Counts(IReadOnlyList<Contrast> contrasts)
    {
        string names = contrasts.Select(c => c.Names).Distinct().Count() == 1 ? contrasts[0].Names : "differences between arms";
        return $"{names}: {DifferenceRule.Counts([.. contrasts.Select(c => c.Verdict)], v => v.Describe())}";
    }

    // Those that show a difference are named, if they are few; of many, the one farthest from zero. Where none does, the
    // ends of the range are told.
    private static string Counted(IReadOnlyList<Contrast> contrasts)
    {
        Contrast[] known = [.. contrasts.Where(c => c.Difference is not null)];
        string ends =
            known.Length == 0 || contrasts.Any(c => c.IsDecided)
                ? ""
                : $"; from {Named(known.MinBy(c => c.Difference!.Value.Value)!)}, to {Named(known.MaxBy(c => c.Difference!.Value.Value)!)}";
        IEnumerable<string> verdicts = contrasts
            .GroupBy(c => c.Verdict)
            .OrderBy(g => g.Key)
            .Select(g => $"{DifferenceRule.Count(g.Key, g.Key.Describe(), g.Count(), contrasts.Count)}{Decided([.. g])}");
        return $"Test accuracy after the last epoch, paired by seed, in {contrasts.Count} comparisons: {string.Join("; ", verdicts)}{ends}.";

        static string Decided(Contrast[] group) =>
            !group[0].IsDecided ? ""
            : group.Length <= MostNamed ? $" ({string.Join("; ", group.Select(Named))})"
            : $" (most: {Named(group.MaxBy(c => Math.Abs(c.Difference!.Value.Value))!)})";
    }

    // Only validation samples choose; without them the rows are told as a range.
    private static string OfRows(StudyResults study, RunMetadata run)
    {
        if (Validated(study, run) is { Length: > 0 } validated)
            return validated.TrimStart();
        ResultRow[] rows = [.. study.Rows.Where(r => r.Completed.Count > 0)];
        return rows.Length == 1
            ? $"{SettingLabel.Name(rows[0])}: test accuracy {Mean(rows[0], h => h.TestAccuracy(h.Epochs))} after the last epoch."
            : $"Test accuracy after the last epoch from {Mean(rows.MinBy(Last)!, h => h.TestAccuracy(h.Epochs))} "
                + $"({SettingLabel.Name(rows.MinBy(Last)!)}) to {Mean(rows.MaxBy(Last)!, h => h.TestAccuracy(h.Epochs))} "
                + $"({SettingLabel.Name(rows.MaxBy(Last)!)}), of {study.Rows.Count} rows. "
                + (
                    rows.Any(r => r.HasValidation)
                        ? "They are on other data, or other samples validate them, so none of them is chosen."
                        : "No validation samples, so none of them is chosen."
                );
    }

    // A sentence with a blank before it; empty where nothing can be chosen.
    private static string Validated(StudyResults study, RunMetadata run)
    {
        if (ValidationChoice.Of(study, run) is not { } chosen)
            return "";
        EpochChoice epoch = EpochChoice.OfValidation(run);
        return $" Best on validation of {study.Rows.Count}: {SettingLabel.Name(chosen)}, with a test accuracy of "
            + $"{Mean(chosen, epoch.TestAccuracy)} {epoch.Describe()}.";
    }

    private static string Mean(ResultRow row, Func<TrialHistory, double> share) =>
        row.Estimate(share) is { } e ? $"{CellText.Of(e.Times(100), 1)} % ({Count(e)})" : Format.None;

    private static double Last(ResultRow row) => row.Completed.Average(r => r.History.TestAccuracy(r.History.Epochs));
}
