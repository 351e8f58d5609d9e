using Rouser.Reports.Model;

namespace Rouser.Reports.Tables;

/// <summary>Collects a table's footnotes, each text once.</summary>
public sealed class Footnotes
{
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

    /// <summary>
    /// The row's estimate; if a seed is missing, how many there are of how many, with the reason as a footnote, and
    /// no mean.
    /// </summary>
    public ReportCell Cell(ResultRow row, Func<TrialHistory, double> value, double factor, int decimals) =>
        row.Estimate(value) is { } estimate ? ReportCell.Of(estimate.Times(factor), decimals).From(row) : Incomplete(row);

    /// <summary>The cell of a row that has seeds missing.</summary>
    public ReportCell Incomplete(ResultRow row) =>
        new(
            $"{row.Completed.Count} of {row.Replicates.Count}",
            Replicate.CountIncomplete(row.Replicates),
            Add($"{SettingLabel.Name(row)} is incomplete, so no mean is shown: {row.WhyMissing}."),
            Mark: CellMark.Incomplete
        );
}
