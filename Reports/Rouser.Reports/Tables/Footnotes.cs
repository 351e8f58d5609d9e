using Rouser.Reports.Model;

namespace Rouser.Reports.Tables;

/// <summary>Collects a table's footnotes, each text once.</summary>
public sealed class Footnotes
{
    /// <summary>What is said, once in a table, of numbers that lack seeds.</summary>
    public const string OfPartial =
        "Over the seeds that have their result, of those planned: no interval, and no verdict rests on it. The cells "
        + "without a result are listed with the trials.";

    private readonly Dictionary<string, int> _index = new(StringComparer.Ordinal);
    private readonly List<string> _texts = [];

    /// <summary>The footnotes, in the order of their first use.</summary>
    public IReadOnlyList<string> Texts => _texts;

    /// <summary>The footnote's index.</summary>
    public int Add(string text)
    {
        if (_index.TryGetValue(text, out int index))
            return index;
        _texts.Add(text);
        return _index[text] = _texts.Count - 1;
    }

    /// <summary>The row's estimate; if seeds are missing, that of the others, marked.</summary>
    public ReportCell Cell(ResultRow row, Func<TrialHistory, double> value, double factor, int decimals) =>
        row.Estimate(value) is { } estimate ? Marked(ReportCell.Of(estimate.Times(factor), decimals), row) : Incomplete(row);

    /// <summary>A cell that rests on the row's seeds, marked if some are missing.</summary>
    public ReportCell Marked(ReportCell cell, ResultRow row) =>
        row.IsComplete
            ? cell.From(row.Completed)
            : cell.From(row.Completed) with
            {
                Aside = Of(row),
                Note = Add(OfPartial),
                Mark = CellMark.Partial,
            };

    /// <summary>A cell that rests on pairs of seeds, marked if some are missing.</summary>
    public ReportCell Marked(ReportCell cell, SeedPairs pairs) =>
        pairs.Missing == 0
            ? cell.From(pairs.Sources)
            : cell.From(pairs.Sources) with
            {
                Note = Add(OfPartial),
                Mark = CellMark.Partial,
            };

    /// <summary>The cell of a row none of whose seeds has its result.</summary>
    public ReportCell Incomplete(ResultRow row) =>
        new(Of(row), Replicate.CountIncomplete(row.Replicates), Add(OfPartial), Mark: CellMark.Incomplete);

    private static string Of(ResultRow row) => $"{row.Completed.Count} of {row.Replicates.Count}";
}
