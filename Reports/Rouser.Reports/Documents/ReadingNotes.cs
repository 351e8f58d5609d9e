using Rouser.Reports.Model;
using Rouser.Reports.Statistics;
using Rouser.Reports.Tables;

namespace Rouser.Reports.Documents;

/// <summary>The rules that the numbers follow, in words.</summary>
internal static class ReadingNotes
{
    /// <summary>One entry per rule.</summary>
    public static IReadOnlyList<(string Lead, string Text)> For(ReportModel model, IReadOnlyList<IPublishedResults> published) =>
        [
            (
                "Intervals.",
                $"All are 95 % intervals over n seeds. Of two to {Estimate.MostSeedsOfStudent} seeds, x ± h is the mean "
                    + "and half its interval by Student’s t with n − 1 degrees of freedom, which takes the seeds as normal and may pass "
                    + "0 or 100 %. Of more, and for medians, shares and interquartile means from five on, x [low, high] is a "
                    + $"bootstrap interval: {Format.Integer(Bootstrap.Resamples)} resamples of the seeds from a fixed "
                    + "random stream, percentiles expanded for small n (Hesterberg 2015). Of four seeds or fewer medians, "
                    + "shares and interquartile means have none, because a bootstrap can only say what the smallest and the "
                    + "largest are. "
                    + "One seed has no interval, nor have seeds that all gave the same value: with few test samples that "
                    + "is chance, not certainty, and it decides nothing."
            ),
            (
                "Differences.",
                "Rows are compared seed by seed, because trainings of one seed start from the same weights and see "
                    + "the samples in the same order; the interval is that of the mean difference. "
                    + $"{DifferenceRule.Statement} "
                    + "The probability of improvement looks at all pairs of seeds instead (Mann and Whitney’s U; Agarwal et al. 2021)."
            ),
            (
                "Missing seeds.",
                "A number in grey, such as 33.7 (4 of 5), is over the seeds that have their result, because others failed, "
                    + "were lost, pruned or cancelled, or are not done. Which seeds are there may depend on how they came out, so it "
                    + "has no interval, and no verdict rests on it."
            ),
            (
                "Choice of an epoch.",
                "“Last” is the last epoch and is not chosen. “Best” is the epoch that is best on the validation "
                    + "samples, where the trials have such. “Highest on test” is the highest of any epoch on the test set "
                    + "itself, so it is optimistic; it is shown because papers report it."
            ),
            (
                "Epochs to reach a level.",
                "The first epoch after which the test accuracy is at least that level and stays there on average over that epoch and the "
                    + "two that follow (fewer at the end), per seed. A seed that does not get there counts with the epochs that were "
                    + "trained (the restricted mean)."
            ),
            (
                "Dead neurons.",
                "Two definitions are recorded and shown: no spike over all training samples of the epoch, and no "
                    + "spike on the first input of the epoch’s last batch (figure 10 of the paper). "
                    + "The second counts many more, because it looks at one sample."
            ),
            ("Layers.", "Layer 1 is the first hidden layer; the last layer is the output."),
            (
                "Symbols.",
                string.Join(", ", SettingLabel.Symbols.Select(s => $"{s.Symbol}: {s.Parameter}"))
                    + ". Others stand under their own names."
            ),
            .. published.SelectMany(p => p.ReadingNotes),
            (
                "Origin.",
                $"Everything here is computed from the tables trials, epochs and layers of {Runs(model)}; each table "
                    + "is also a CSV file with all digits, and numbers.csv names the trials behind each number. "
                    + "The same tables give the same bytes."
            ),
        ];

    private static string Runs(ReportModel model) =>
        model.Runs.Count == 1
            ? $"the run (plan fingerprint {Short(model.Run.Fingerprint)})"
            : $"{model.Runs.Count} runs (plan fingerprints "
                + $"{string.Join(", ", model.Runs.Select(r => Short(r.Fingerprint)))}); a trial that several of them "
                + "hold counts once";

    private static string Short(string fingerprint) => fingerprint.Length > 16 ? fingerprint[..16] + "…" : fingerprint;
}
