using Rouser.Reports.Statistics;
using Rouser.Reports.Tables;

namespace Rouser.Reports.Paper;

/// <summary>What a run says of a statement of the paper.</summary>
public enum PaperVerdict
{
    /// <summary>The paper's training, and its number or its direction.</summary>
    Reproduced,

    /// <summary>
    /// The comparison goes the paper's way, but the training is another one or the number is not met.
    /// </summary>
    DirectionOnly,

    /// <summary>Neither is shown.</summary>
    NotReproduced,

    /// <summary>No complete row of the run is the statement's.</summary>
    NotRun,
}

/// <summary>
/// The rule by which a statement of the paper is called reproduced. It stands here once; the report prints it from
/// here.
/// </summary>
public static class PaperRule
{
    /// <summary>Fewest seeds that reproduce anything; the paper averages over three where it averages.</summary>
    public const int FewestSeeds = 3;

    /// <summary>The rule, verdict by verdict.</summary>
    public static IReadOnlyList<(string Lead, string Text)> Statement { get; } =
    [
        (
            "Reproduced.",
            "The trainings are the paper’s as far as it states them: its recorded data, all samples, its network, its "
                + $"hyperparameters. There are at least {FewestSeeds} seeds, and their mean is within "
                + $"{Format.Exact(PaperQuantity.AccuracyTolerance)} point of a printed accuracy, or within "
                + $"{Format.Exact(PaperQuantity.ShareTolerance)} points of a printed share of neurons. Where the paper "
                + "prints no number, its comparison shows."
        ),
        (
            "Direction only.",
            "Otherwise, if the comparison that the statement belongs to shows: the whole 95 % interval of the "
                + "difference, paired by seed, lies on the paper’s side of zero."
        ),
        ("Not reproduced.", "Neither. What is undecided counts here, and its footnote says so."),
        (
            "Not run.",
            "No row of this run is the statement’s, or seeds are missing, or a number that belongs to no comparison meets "
                + "generated data only."
        ),
        (
            "Which rows.",
            "By their parameters, not by the names of arms: data set or its generated stand-in, threshold rule "
                + "and learning rate, weight normalisation, setting. Of several, those that differ least from the "
                + "paper stand beside "
                + "the statement, all of them; nothing is chosen by outcome. What differs stands in a footnote."
        ),
    ];

    /// <summary>The verdict in words.</summary>
    public static string Describe(this PaperVerdict verdict) =>
        verdict switch
        {
            PaperVerdict.Reproduced => "reproduced",
            PaperVerdict.DirectionOnly => "direction only",
            PaperVerdict.NotReproduced => "not reproduced",
            _ => "not run",
        };

    /// <summary>The verdict and its reason.</summary>
    /// <param name="claim">The statement.</param>
    /// <param name="ours">What the row measured.</param>
    /// <param name="difference">The row minus its rival by seed; null if the statement has none, or no complete row
    /// is it.</param>
    /// <param name="differs">Whether the training differs from the paper's.</param>
    /// <param name="synthetic">Whether its data is generated.</param>
    public static (PaperVerdict Verdict, string Why) Decide(
        PaperClaim claim,
        Estimate ours,
        Estimate? difference,
        bool differs,
        bool synthetic
    )
    {
        bool near = claim.Printed is { } printed && Math.Abs(ours.Value - printed) <= claim.Quantity.Tolerance;
        (bool shows, string comparison) = Comparison(claim, difference);
        if (claim.Printed is not null && claim.Rival is null && synthetic)
            return (PaperVerdict.NotRun, "a number of recorded data cannot be held against generated data");
        if (!differs && ours.N >= FewestSeeds && (claim.Printed is null ? shows : near))
            return (PaperVerdict.Reproduced, claim.Printed is null ? comparison : "the printed number is met");
        string number =
            claim.Printed is null ? ""
            : near
                ? (
                    differs
                        ? "the number is met, but by another training; "
                        : $"the number is met, but by fewer than {FewestSeeds} seeds; "
                )
            : "the number is not met; ";
        return (shows ? PaperVerdict.DirectionOnly : PaperVerdict.NotReproduced, number + comparison);
    }

    private static (bool Shows, string Words) Comparison(PaperClaim claim, Estimate? difference)
    {
        if (claim.Rival is not { } rival)
            return (false, "there is no comparison to go by");
        if (difference is not { Missing: 0 } d)
            return (false, "the other side of the comparison was not run, or has seeds missing");
        string words = rival.Label;
        return d switch
        {
            { N: 1 } => (false, $"one seed decides nothing about being {words}"),
            { Interval: IntervalKind.NoSpread, Value: 0 } => (false, $"equal in every seed, not {words}"),
            { Interval: IntervalKind.NoSpread } => (false, "the difference is the same in every seed, which decides nothing"),
            { Low: { } low, High: { } high } when (rival.IsLower ? low > 0 : high < 0) => (true, $"it is {words}"),
            { Low: { } low, High: { } high } when (rival.IsLower ? high < 0 : low > 0) => (
                false,
                $"the opposite of {words} shows"
            ),
            _ => (false, $"undecided whether it is {words}: the interval of the difference holds zero"),
        };
    }
}
