using Rouser.Reports.Statistics;
using Rouser.Reports.Tables;
using Rouser.Sweeps.Sequential;

namespace Rouser.Reports.Paper;

/// <summary>
/// The rule by which a statement of the paper is called met. It stands here once; the report prints it from here.
/// </summary>
public static class PaperRule
{
    /// <summary>Fewest seeds that decide anything; the paper averages over three where it averages.</summary>
    public const int FewestSeeds = 3;

    /// <summary>With what probability the number of seeds that a report asks for decides.</summary>
    internal const double Power = 0.8;

    /// <summary>The rule, verdict by verdict.</summary>
    public static IReadOnlyList<(string Lead, string Text)> Statement { get; } =
    [
        (
            "A number of the paper",
            $"is met if there are at least {FewestSeeds} seeds and the whole 95 % interval of their mean lies within the number’s "
                + "tolerance, contradicted if all of it lies outside, undecided otherwise. It is not testable here where "
                + "the trainings are not the paper’s as far as it states them: its recorded data, all samples, its network, "
                + "its hyperparameters. Conventions that the paper leaves open, those of the authors’ own program among "
                + $"them, may be any. The tolerance: {PaperClaims.Tolerance}"
        ),
        (
            "A comparison of the paper",
            $"is met if there are at least {FewestSeeds} pairs of seeds and the whole 95 % interval of their difference lies on the "
                + "paper’s side of zero, contradicted if it lies on the other side or the difference is zero in every seed, "
                + "undecided otherwise. “Level with … but for 1 point” sets the mark 1 point below zero. Trainings on other data or "
                + "by another network decide a comparison for themselves: what differs stands beside the verdict. Each "
                + "interval is one of 95 %, so of twenty comparisons of what is equal one is decided by chance."
        ),
        (
            "Not run",
            "means that no row of this run is the statement’s, or that seeds are missing. A number that the paper quotes from other "
                + "work is nobody’s here."
        ),
        (
            "Which rows.",
            "By their parameters, not by the names of arms: data set or its stand-in, threshold rule "
                + "and learning rate, weight normalisation, setting. Of several, those that differ least from the "
                + "paper stand beside the statement, all of them; nothing is chosen by outcome."
        ),
        (
            "Before the trainings.",
            "Statements and tolerances stand in claims.json of this program, of which the report prints the SHA-256: it tells whether "
                + "the file is older than what it judges."
        ),
    ];

    /// <summary>The verdict in words.</summary>
    public static string Describe(this PaperVerdict verdict) =>
        verdict switch
        {
            PaperVerdict.Met => "met",
            PaperVerdict.Contradicted => "contradicted",
            PaperVerdict.Undecided => "undecided",
            PaperVerdict.NotTestable => "not testable here",
            _ => "not run",
        };

    /// <summary>Whether a number of the paper is met.</summary>
    /// <param name="number">The number, with a tolerance.</param>
    /// <param name="measured">What the seeds measured, at least one.</param>
    /// <param name="differences">What differs from what the paper states.</param>
    public static PaperDecision Number(PaperNumber number, IReadOnlyList<double> measured, IReadOnlyList<string> differences)
    {
        if (number.Tolerance is not { } tolerance)
            return new(PaperVerdict.NotTestable, "the paper quotes the number");
        if (differences.Count > 0)
            return new(PaperVerdict.NotTestable, "the number is of other trainings");
        double low = number.Printed - tolerance,
            high = number.Printed + tolerance;
        string band = $"{Format.Exact(number.Printed)} ± {Format.Exact(tolerance)}";
        Estimate mean = Estimate.Of(measured);
        if (mean.N < FewestSeeds)
            return new(
                PaperVerdict.Undecided,
                $"fewer than {FewestSeeds} seeds",
                $"{FewestSeeds} seeds are the fewest that count"
            );
        (double from, double to) = (mean.Low ?? mean.Value, mean.High ?? mean.Value);
        double inside = Math.Min(from - low, high - to);
        if (inside >= 0)
            return new(
                PaperVerdict.Met,
                $"the whole interval lies within {band}",
                Overturned(inside, "an edge of the tolerance")
            );
        double outside = Math.Max(low - to, from - high);
        if (outside > 0)
            return new(
                PaperVerdict.Contradicted,
                $"the whole interval lies outside {band}",
                Overturned(outside, "the tolerance")
            );
        double distance = Math.Min(Math.Abs(mean.Value - low), Math.Abs(mean.Value - high));
        return new(PaperVerdict.Undecided, $"the interval holds an edge of {band}", Decided(distance, measured));
    }

    /// <summary>Whether a comparison of the paper is met.</summary>
    /// <param name="rival">The other side.</param>
    /// <param name="differences">The statement's side minus the other, seed by seed, at least one.</param>
    public static PaperDecision Comparison(PaperRival rival, IReadOnlyList<double> differences)
    {
        double sign = rival.IsLower ? 1 : -1;
        // Positive is the paper's side.
        double[] towards = [.. differences.Select(d => sign * d + rival.ButFor)];
        Estimate mean = Estimate.Of(towards);
        if (mean.N < FewestSeeds)
            return new(
                PaperVerdict.Undecided,
                mean.N == 1 ? "one seed decides nothing" : $"fewer than {FewestSeeds} seeds",
                $"{FewestSeeds} seeds are the fewest that count"
            );
        if (mean.Interval == IntervalKind.NoSpread)
            return mean.Value == 0
                ? new(PaperVerdict.Contradicted, $"equal in every seed, not {rival.Label}", "one seed in which it is otherwise")
                : new(
                    PaperVerdict.Undecided,
                    "the difference is the same in every seed, so that there is no interval",
                    "seeds or test files in which it is another"
                );
        string mark = rival.ButFor > 0 ? $"−{Format.Exact(rival.ButFor)} point" : "zero";
        (double low, double high) = (mean.Low!.Value, mean.High!.Value);
        return low > 0 ? new(PaperVerdict.Met, $"it is {rival.Label}", Overturned(low, mark))
            : high < 0 ? new(PaperVerdict.Contradicted, $"it is not {rival.Label}: the opposite shows", Overturned(-high, mark))
            : new(
                PaperVerdict.Undecided,
                $"undecided whether it is {rival.Label}: the interval of the difference holds {mark}",
                Decided(Math.Abs(mean.Value), towards)
            );
    }

    private static string Overturned(double points, string past) =>
        $"overturned by seeds that move an end of the interval by {Format.Fixed(points, 2)}, past {past}";

    // If the seeds to come are like these.
    private static string Decided(double distance, IReadOnlyList<double> values)
    {
        double mean = values.Average(),
            spread = Math.Sqrt(values.Sum(v => (v - mean) * (v - mean)) / (values.Count - 1));
        int? seeds = distance > 0 && spread > 0 ? SeedCount.ForPower(distance / spread, Power) : null;
        return seeds is { } n
            ? $"decided in 80 % of cases by {Format.Integer(Math.Max(n, values.Count + 1))} seeds, if mean and spread stay what they are"
            : $"not decided by {Format.Integer(SeedCount.Most)} seeds, if mean and spread stay what they are";
    }
}
