using Rouser.Reports.Model;
using Rouser.Reports.Statistics;

namespace Rouser.Reports.Tables;

/// <summary>A table as every renderer takes it: Markdown, HTML and CSV differ in form, never in numbers.</summary>
/// <param name="Id">Names its CSV file and its anchor; letters, digits and hyphens.</param>
/// <param name="Caption">What it shows, in a sentence or two.</param>
/// <param name="Columns">At least one.</param>
/// <param name="Rows">As many cells each as there are columns.</param>
/// <param name="Notes">Footnotes; cells refer to them by index.</param>
public sealed record ReportTable(
    string Id,
    string Caption,
    IReadOnlyList<ReportColumn> Columns,
    IReadOnlyList<IReadOnlyList<ReportCell>> Rows,
    IReadOnlyList<string> Notes
)
{
    /// <summary>
    /// Whether a rule goes above a row, to set groups apart: where the first cell changes. Between two single rows it
    /// would set nothing apart.
    /// </summary>
    public bool StartsGroup(int row) =>
        GroupsRows && row > 0 && !SameGroup(row, row - 1) && (SameGroup(row, row + 1) || SameGroup(row - 1, row - 2));

    /// <summary>Whether rows with the same first cell belong together.</summary>
    public bool GroupsRows { get; init; }

    /// <summary>The n that all estimates have, which a caption may then say once; null if they differ.</summary>
    public int? CommonN =>
        Rows.SelectMany(r => r).Where(c => c.CountsSeeds).Select(c => c.Value!.Value.N).Distinct().ToArray() is [var n]
            ? n
            : null;

    /// <summary>The caption, where it says n for all.</summary>
    public string CaptionWith(int? n) =>
        n is null ? Caption
        : Rows.SelectMany(r => r).Any(c => c.AsideBeside(n).Length > 0) ? $"{Caption} n = {n} where a cell says nothing else."
        : $"{Caption} Everywhere n = {n}.";

    private bool SameGroup(int row, int other) => other >= 0 && other < Rows.Count && Rows[row][0].Text == Rows[other][0].Text;
}

/// <summary>A column.</summary>
/// <param name="Header">What stands above it.</param>
/// <param name="Key">Its name in the CSV file, with the unit.</param>
/// <param name="Kind">What its cells hold.</param>
/// <param name="Group">A heading over neighbouring columns that share it; empty for none.</param>
public sealed record ReportColumn(string Header, string Key, ColumnKind Kind, string Group = "");

/// <summary>What a column's cells hold.</summary>
public enum ColumnKind
{
    /// <summary>Names the row: a header cell.</summary>
    RowHeader,

    /// <summary>Words.</summary>
    Text,

    /// <summary>A number.</summary>
    Number,

    /// <summary>A mean with its interval: four columns in CSV.</summary>
    Estimate,
}

/// <summary>Why a cell has no number where its column has numbers, or what its number is.</summary>
public enum CellMark
{
    /// <summary>Nothing to say: a number, or words.</summary>
    None,

    /// <summary>There is nothing to show here, such as a third layer of a network of two.</summary>
    Absent,

    /// <summary>
    /// No seed has its result (failed, lost, pruned, cancelled, running or queued): the text says of how many.
    /// </summary>
    Incomplete,

    /// <summary>A number over fewer seeds than were planned; what follows it in brackets says over how many.</summary>
    Partial,

    /// <summary>Every seed is there, but some never reach the level.</summary>
    NotReached,

    /// <summary>The row is the one that the others are compared with.</summary>
    Reference,

    /// <summary>A number that others published, not one of ours.</summary>
    Published,
}

/// <summary>
/// A cell: the number with all its digits, and how it reads. <see cref="CellText"/> writes the text, so that every
/// form has the same digits.
/// </summary>
/// <param name="Text">What is read: <c>93.2</c>, <c>93.2 ± 1.1</c>, <c>93.2 [92.0, 94.1]</c>, <c>1.41×</c>, <c>2 of
/// 3</c>, or words.</param>
/// <param name="Aside">What follows in brackets and smaller type, such as <c>n=3</c>, or <c>4 of 5</c> where seeds are
/// missing; empty for nothing.</param>
/// <param name="Note">The index of a footnote; −1 for none.</param>
/// <param name="Value">The number behind the text in the column's unit; null if the cell has none.</param>
/// <param name="Mark">Why it has none, or what it is.</param>
public sealed record ReportCell(
    string Text,
    string Aside = "",
    int Note = -1,
    Estimate? Value = null,
    CellMark Mark = CellMark.None
)
{
    /// <summary>
    /// The replicates that the number rests on; empty for one that rests on none, such as a count or a printed one.
    /// </summary>
    public IReadOnlyList<Replicate> Sources { get; init; } = [];

    /// <summary>Whether what follows it in brackets is the number of seeds, and nothing else.</summary>
    public bool CountsSeeds => Aside.StartsWith("n=", StringComparison.Ordinal);

    /// <summary>What follows in brackets where the caption says n for all.</summary>
    public string AsideBeside(int? n) => Aside == $"n={n}" ? "" : Aside;

    /// <summary>A cell without a value.</summary>
    public static ReportCell None { get; } = new(Format.None, Mark: CellMark.Absent);

    /// <summary>The cell of the row that the others are compared with.</summary>
    public static ReportCell Reference { get; } = new("reference", Mark: CellMark.Reference);

    /// <summary>A number without an interval.</summary>
    public static ReportCell Number(double value, int decimals) =>
        new(Format.Fixed(value, decimals), Value: Estimate.Exactly(value));

    /// <summary>A whole number.</summary>
    public static ReportCell Count(long value) => new(Format.Integer(value), Value: Estimate.Exactly(value));

    /// <summary>The same cell, resting on these replicates.</summary>
    public ReportCell From(IReadOnlyList<Replicate> replicates) => this with { Sources = replicates };

    /// <summary>A number that others published.</summary>
    public static ReportCell Published(double value, int decimals) => Number(value, decimals) with { Mark = CellMark.Published };

    /// <summary>An estimate over seeds with its interval and n.</summary>
    public static ReportCell Of(Estimate e, int decimals, NumberStyle style = NumberStyle.Plain) =>
        e.Missing == 0
            ? new(CellText.Of(e, decimals, style), $"n={e.N}", -1, e)
            : new(CellText.Of(e, decimals, style), $"{e.N} of {e.N + e.Missing}", -1, e, CellMark.Partial);

    /// <summary>A row minus another one, by seed; nothing where there are no pairs.</summary>
    public static ReportCell Difference(Estimate? difference, int decimals, ResultRow row, ResultRow other) =>
        difference is { } d ? Of(d, decimals, NumberStyle.Signed).From(Pairing.Of(row, other)!.Sources) : None;
}
