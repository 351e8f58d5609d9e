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
    // More comparisons than these are counted, not listed.
    private const int MostListed = 3;

    /// <summary>The sentence.</summary>
    public static string Sentence(StudyResults study, ReportModel model)
    {
        RunMetadata run = model.Run;
        if (SequentialTable.Sentence(study, model) is { } sequential)
            return sequential;
        IReadOnlyList<Contrast> contrasts = Contrast.In(study, run);
        return study.Epochs == 0 ? "No trial has its result yet."
            : contrasts.Count == 0 ? OfRows(study)
            : contrasts.Count <= MostListed
                ? $"Test accuracy after the last epoch, paired by seed: {string.Join("; ", contrasts.Select(Describe))}."
            : Counted(contrasts);
    }

    /// <summary>The same in a few words, for the title of a figure.</summary>
    public static string Finding(StudyResults study, ReportModel model)
    {
        IReadOnlyList<Contrast> contrasts = SequentialTable.IsOf(study, model) ? [] : Contrast.In(study, model.Run);
        if (contrasts.Count == 0)
        {
            double[] means = [.. study.Rows.Select(r => r.Estimate(h => h.TestAccuracy(h.Epochs))?.Value).OfType<double>()];
            return means.Length == 0 ? "no result yet"
                : means.Length == 1 ? $"{Format.Fixed(100 * means[0], 1)} % after the last epoch"
                : $"from {Format.Fixed(100 * means.Min(), 1)} to {Format.Fixed(100 * means.Max(), 1)} % after the last epoch";
        }
        string names = contrasts.Select(c => c.Names).Distinct().Count() == 1 ? $"{contrasts[0].Names} " : "";
        if (contrasts.Count == 1)
            return $"{names}{contrasts[0].Verdict.Describe()}";
        return $"{names}{Counts(contrasts)} of {contrasts.Count}";
    }

    /// <summary>What no number of this run can be better than: the test samples and the seeds set bounds.</summary>
    /// <returns>A sentence; empty where neither is known.</returns>
    public static string Limits(ReportModel model)
    {
        long[] tested =
        [
            .. model
                .Rows.Select(r => r.Parameters.FindReal(Replicate.TestSamplesParameter))
                .OfType<double>()
                .Where(n => n > 0)
                .Select(n => (long)n)
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
            ? $"{contrast.Label} {CellText.Of(d, 1, NumberStyle.Signed)} points ({Count(d)}: {contrast.Verdict.Describe()})"
            : $"{contrast.Label} {contrast.Verdict.Describe()}";

    private static string Count(Estimate e) => e.Missing == 0 ? $"n={e.N}" : $"{e.N} of {e.N + e.Missing}";

    /// <summary>How many comparisons came to which verdict. A verdict may hold a comma.</summary>
    internal static string Counts(IEnumerable<Contrast> contrasts) =>
        string.Join(
            "; ",
            contrasts.GroupBy(c => c.Verdict).OrderBy(g => g.Key).Select(g => $"{g.Key.Describe()} in {g.Count()}")
        );

    private static string Counted(IReadOnlyList<Contrast> contrasts)
    {
        Contrast[] known = [.. contrasts.Where(c => c.Difference is not null)];
        string ends =
            known.Length == 0
                ? ""
                : $"; from {Describe(known.MinBy(c => c.Difference!.Value.Value)!)} to {Describe(known.MaxBy(c => c.Difference!.Value.Value)!)}";
        return $"Test accuracy after the last epoch, paired by seed, in {contrasts.Count} comparisons: {Counts(contrasts)}{ends}.";
    }

    // Only validation samples choose; without them the rows are told as a range.
    private static string OfRows(StudyResults study)
    {
        ResultRow[] validated = [.. study.Rows.Where(r => r.HasValidation && r.IsComplete)];
        if (validated.Length > 0)
        {
            ResultRow best = validated.MaxBy(Validation)!;
            return $"Best on validation of {study.Rows.Count}: {SettingLabel.Name(best)}, with a test accuracy of "
                + $"{Mean(best, h => h.TestAccuracy(h.BestValidationEpoch))} there.";
        }
        ResultRow[] rows = [.. study.Rows.Where(r => r.Completed.Count > 0)];
        return rows.Length == 1
            ? $"{SettingLabel.Name(rows[0])}: test accuracy {Mean(rows[0], h => h.TestAccuracy(h.Epochs))} after the last epoch."
            : $"Test accuracy after the last epoch from {Mean(rows.MinBy(Last)!, h => h.TestAccuracy(h.Epochs))} "
                + $"({SettingLabel.Name(rows.MinBy(Last)!)}) to {Mean(rows.MaxBy(Last)!, h => h.TestAccuracy(h.Epochs))} "
                + $"({SettingLabel.Name(rows.MaxBy(Last)!)}), of {study.Rows.Count} rows. No validation samples, so none of them is chosen.";
    }

    private static string Mean(ResultRow row, Func<TrialHistory, double> share) =>
        row.Estimate(share) is { } e ? $"{CellText.Of(e.Times(100), 1)} % ({Count(e)})" : Format.None;

    private static double Last(ResultRow row) => row.Completed.Average(r => r.History.TestAccuracy(r.History.Epochs));

    /// <summary>A row's validation accuracy in the epoch that is best by it, from 0 to 1.</summary>
    internal static double Validation(ResultRow row) =>
        row.Completed.Average(r => r.History.Validation(r.History.BestValidationEpoch)!.Accuracy);
}
