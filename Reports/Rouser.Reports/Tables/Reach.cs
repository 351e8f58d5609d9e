using Rouser.Reports.Model;
using Rouser.Reports.Statistics;

namespace Rouser.Reports.Tables;

/// <summary>Epochs to reach an accuracy, and how much sooner than the baseline.</summary>
internal static class Reach
{
    /// <summary>
    /// Epochs to <paramref name="level"/> per seed, then their mean; if some seeds never get there, how many do.
    /// </summary>
    public static ReportCell Epochs(ResultRow row, double level, Footnotes notes)
    {
        if (!row.IsComplete)
            return notes.Incomplete(row);
        double[] epochs = [.. row.Replicates.Select(r => r.History.EpochsTo(level)).OfType<int>().Select(e => (double)e)];
        return epochs.Length == row.Replicates.Count
            ? ReportCell.Of(Estimate.Of(epochs), 1).From(row)
            : new ReportCell($"{epochs.Length} of {row.Replicates.Count} reach it", Mark: CellMark.NotReached);
    }

    /// <summary>
    /// Epochs that the baseline takes to <paramref name="level"/> divided by the row's own, paired by seed: the
    /// geometric mean of the ratios. Shown only if both reach it in every pair, because the seeds that do would be a
    /// choice by outcome.
    /// </summary>
    public static ReportCell SpeedUp(ResultRow row, ResultRow? baseline, double level, Footnotes notes)
    {
        if (baseline is null)
            return ReportCell.None;
        if (ReferenceEquals(row, baseline))
            return ReportCell.Reference;
        if (!row.IsComplete)
            return notes.Incomplete(row);
        if (!baseline.IsComplete)
            return notes.Incomplete(baseline);
        List<double> ratios = [];
        int pairs = 0;
        foreach (Replicate own in row.Replicates)
        {
            Replicate? other = baseline.Replicates.FirstOrDefault(r => r.Seed == own.Seed);
            if (other is null)
                continue;
            pairs++;
            if (own.History.EpochsTo(level) is { } mine && other.History.EpochsTo(level) is { } theirs)
                ratios.Add((double)theirs / mine);
        }
        if (pairs == 0)
            return ReportCell.None;
        if (ratios.Count < pairs)
            return new ReportCell($"both in {ratios.Count} of {pairs}", Mark: CellMark.NotReached);
        return ReportCell.Of(Estimate.OfRatios(ratios), 2, NumberStyle.Ratio).From(row, baseline);
    }
}
