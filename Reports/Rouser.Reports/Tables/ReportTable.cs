using Rouser.Reports.Statistics;

namespace Rouser.Reports.Tables;

/// <summary>A table as every renderer takes it: Markdown, HTML and CSV differ in form, never in numbers.</summary>
/// <param name="Id">Names its CSV file and its anchor; letters, digits and hyphens.</param>
/// <param name="Caption">What it shows, in a sentence or two.</param>
/// <param name="Columns">At least one.</param>
/// <param name="Rows">As many cells each as there are columns.</param>
/// <param name="Notes">Footnotes; cells refer to them by index.</param>
public sealed record ReportTable(
    string Id, string Caption, IReadOnlyList<ReportColumn> Columns, IReadOnlyList<IReadOnlyList<ReportCell>> Rows, IReadOnlyList<string> Notes)
{
    /// <summary>Whether a rule goes above a row, to set groups apart: where the first cell differs from the one before.</summary>
    public bool StartsGroup(int row) => GroupsRows && row > 0 && Rows[row][0].Text != Rows[row - 1][0].Text && HasGroups;

    /// <summary>Whether rows with the same first cell belong together.</summary>
    public bool GroupsRows { get; init; }

    // A rule above every single row would set nothing apart.
    private bool HasGroups { get; } = Rows.Select(r => r[0].Text).Distinct().Count() < Rows.Count;
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

/// <summary>A cell.</summary>
/// <param name="Text">What is read.</param>
/// <param name="Aside">What follows in smaller type, such as <c>n=3</c>.</param>
/// <param name="Note">The index of a footnote; −1 for none.</param>
/// <param name="Value">The number behind the text, with all its digits, in the column's unit.</param>
public sealed record ReportCell(string Text, string Aside = "", int Note = -1, Estimate? Value = null)
{
    /// <summary>A cell without a value.</summary>
    public static ReportCell None { get; } = new(Format.None);

    /// <summary>A number without an interval.</summary>
    public static ReportCell Number(double value, int decimals) => new(Format.Fixed(value, decimals), Value: new Estimate(value, null, null, 1));

    /// <summary>A whole number.</summary>
    public static ReportCell Whole(long value) => new(Format.Whole(value), Value: new Estimate(value, null, null, 1));

    /// <summary>A mean over seeds with its interval and n; one value has no interval and says so by <c>n=1</c>.</summary>
    public static ReportCell Mean(Estimate e, int decimals) =>
        new(e.HalfWidth is { } half ? $"{Format.Fixed(e.Mean, decimals)} ± {Format.Fixed(half, decimals)}" : Format.Fixed(e.Mean, decimals), $"n={e.N}", -1, e);
}
