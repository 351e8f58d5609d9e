using Rouser.Reports.Model;
using Rouser.Reports.Statistics;

namespace Rouser.Reports.Tables;

/// <summary>
/// Epochs to reach an accuracy, and how much sooner than the baseline. A seed that does not get there counts with the
/// epochs that were trained: the mean is then the restricted mean of the survival function (Royston and Parmar 2013), so
/// that "one arm gets there and the other does not" is a number too.
/// </summary>
internal static class Reach
{
    /// <summary>What is said, once in a table, of means that some seeds enter with the epochs that were trained.</summary>
    private const string Restricted =
        "Restricted mean: a seed that does not get there counts with all epochs that were trained, so its true number is higher.";

    /// <summary>
    /// Epochs to <paramref name="level"/> per seed, then their restricted mean; words where no seed gets there.
    /// </summary>
    public static ReportCell Epochs(ResultRow row, double level, Footnotes notes)
    {
        int there = row.Completed.Count(r => r.History.EpochsTo(level) is not null),
            all = row.Completed.Count;
        if (all == 0)
            return notes.Incomplete(row);
        if (there == 0)
            return new ReportCell(all == 1 ? "not reached" : $"none of {all} reaches it", Mark: CellMark.NotReached);
        ReportCell mean = notes.Cell(row, h => RestrictedEpochs(h, level), 1, 1);
        return there == all || mean.Mark == CellMark.Partial
            ? mean
            : mean with
            {
                Aside = $"{there} of {all} reach it",
                Note = notes.Add(Restricted),
            };
    }

    /// <summary>
    /// Restricted epochs that the baseline takes to <paramref name="level"/> divided by the row's own, paired by seed:
    /// the geometric mean of the ratios. Nothing where no seed of either gets there.
    /// </summary>
    public static ReportCell SpeedUp(ResultRow row, ResultRow? baseline, double level, Footnotes notes)
    {
        if (baseline is null)
            return ReportCell.None;
        if (ReferenceEquals(row, baseline))
            return ReportCell.Reference;
        if (Pairing.Of(row, baseline) is not { } pairs)
            return ReportCell.None;
        if (pairs.Sources.All(r => r.History.EpochsTo(level) is null))
            return new ReportCell("neither reaches it", Mark: CellMark.NotReached);
        ReportCell ratio = notes.Marked(
            ReportCell.Of(
                pairs.Of(
                    (own, theirs) => Estimate.OfRatios([.. own.Zip(theirs, (mine, other) => other / mine)]),
                    r => RestrictedEpochs(r.History, level)
                ),
                2,
                NumberStyle.Ratio
            ),
            pairs
        );
        bool isRestricted = pairs.Sources.Any(r => r.History.EpochsTo(level) is null);
        return isRestricted && ratio.Note < 0 ? ratio with { Note = notes.Add(Restricted) } : ratio;
    }

    /// <summary>Epochs to a level, or all that were trained where it is not reached.</summary>
    internal static double RestrictedEpochs(TrialHistory history, double level) => history.EpochsTo(level) ?? history.Epochs;
}
