using Rouser.Reports.Statistics;

namespace Rouser.Reports.Tables;

/// <summary>What a comparison comes to, by a rule that looks at the interval alone.</summary>
public enum Verdict
{
    /// <summary>The whole 95 % interval of the difference lies above zero.</summary>
    Higher,

    /// <summary>The whole interval lies below zero.</summary>
    Lower,

    /// <summary>The interval holds zero.</summary>
    Undecided,

    /// <summary>One pair of seeds only: a difference, but no interval and no conclusion.</summary>
    OneSeed,

    /// <summary>
    /// Every pair differs by the same amount, as few test samples make likely: nothing says how far the next pair
    /// might lie from it.
    /// </summary>
    NoSpread,

    /// <summary>A seed is missing on one side.</summary>
    Incomplete,
}

/// <summary>
/// The rule by which a difference is called one, wherever the report or a comparison of runs calls it so.
/// </summary>
public static class DifferenceRule
{
    /// <summary>The rule, for readers of a report.</summary>
    public const string Statement =
        "“Higher” or “lower” only if the whole 95 % interval of the paired difference lies on one "
        + "side of zero, “no difference shown” otherwise. "
        + "The intervals are for one comparison at a time; among twenty, one such result is to be expected by chance.";

    /// <summary>Decides by the interval of the paired differences; null for no pairs.</summary>
    public static Verdict Decide(Estimate? difference) =>
        difference switch
        {
            null or { Missing: > 0 } => Verdict.Incomplete,
            { N: 1 } => Verdict.OneSeed,
            { Interval: IntervalKind.NoSpread, Value: not 0 } => Verdict.NoSpread,
            { Low: > 0 } => Verdict.Higher,
            { High: < 0 } => Verdict.Lower,
            _ => Verdict.Undecided,
        };

    /// <summary>How many comparisons came to which verdict.</summary>
    /// <param name="verdicts">At least one.</param>
    /// <param name="describe">Says a verdict in words; they may hold a comma.</param>
    public static string Counts(IReadOnlyList<Verdict> verdicts, Func<Verdict, string> describe) =>
        string.Join(
            "; ",
            verdicts.GroupBy(v => v).OrderBy(g => g.Key).Select(g => Count(g.Key, describe(g.Key), g.Count(), verdicts.Count))
        );

    /// <summary>That so many of all comparisons came to a verdict, which is described.</summary>
    public static string Count(Verdict verdict, string described, int count, int all) =>
        all == 1 ? described
        : count < all ? $"{described} in {count}"
        : verdict == Verdict.Undecided ? $"{described} in any of {all}"
        : $"{described} in all {all}";

    /// <summary>The verdict in words that claim no more than the rule.</summary>
    public static string Describe(this Verdict verdict) =>
        verdict switch
        {
            Verdict.Higher => "higher",
            Verdict.Lower => "lower",
            Verdict.Undecided => "no difference shown",
            Verdict.OneSeed => "one seed, no conclusion",
            Verdict.NoSpread => "same in every seed, no conclusion",
            _ => "not compared (seeds missing)",
        };
}
