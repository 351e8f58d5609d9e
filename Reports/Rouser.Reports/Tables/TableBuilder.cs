using Rouser.Reports.Model;

namespace Rouser.Reports.Tables;

/// <summary>Makes a table whose rows are of one kind: each column is added with what it says of a row.</summary>
/// <typeparam name="TRow">What a row is about.</typeparam>
public sealed class TableBuilder<TRow>
{
    private readonly List<ReportColumn> _columns = [];
    private readonly List<Func<TRow, ReportCell>> _cells = [];
    private readonly List<IReadOnlyList<ReportCell>> _rows = [];

    /// <summary>Footnotes, which cells may add to.</summary>
    public Footnotes Notes { get; } = new();

    /// <summary>Adds a column.</summary>
    /// <param name="header">What stands above it.</param>
    /// <param name="key">Its name in the CSV file, with the unit.</param>
    /// <param name="kind">What its cells hold.</param>
    /// <param name="cell">A row's cell.</param>
    /// <param name="group">A heading over neighbouring columns that share it; empty for none.</param>
    public TableBuilder<TRow> Add(string header, string key, ColumnKind kind, Func<TRow, ReportCell> cell, string group = "")
    {
        _columns.Add(new ReportColumn(header, key, kind, group));
        _cells.Add(cell);
        return this;
    }

    /// <summary>Adds a column that names the row.</summary>
    public TableBuilder<TRow> AddHeader(string header, string key, Func<TRow, string> text) =>
        Add(header, key, ColumnKind.RowHeader, row => new ReportCell(text(row)));

    /// <summary>Adds a column of text.</summary>
    public TableBuilder<TRow> AddText(string header, string key, Func<TRow, string> text) =>
        Add(header, key, ColumnKind.Text, row => new ReportCell(text(row)));

    /// <summary>Adds a column of whole numbers.</summary>
    public TableBuilder<TRow> AddCount(string header, string key, Func<TRow, long> count) =>
        Add(header, key, ColumnKind.Number, row => ReportCell.Count(count(row)));

    /// <summary>Adds a column of estimates.</summary>
    public TableBuilder<TRow> AddEstimate(string header, string key, Func<TRow, ReportCell> cell, string group = "") =>
        Add(header, key, ColumnKind.Estimate, cell, group);

    /// <summary>Adds a row.</summary>
    public void AddRow(TRow row) => _rows.Add([.. _cells.Select(cell => cell(row))]);

    /// <summary>Adds a row of another kind, with a cell for each column.</summary>
    public void AddCells(IReadOnlyList<ReportCell> cells) => _rows.Add(cells);

    /// <summary>Adds rows, and makes the table.</summary>
    /// <param name="id">Names its CSV file and its anchor; letters, digits and hyphens.</param>
    /// <param name="caption">What it shows, in a sentence or two.</param>
    /// <param name="rows">Those that are not added yet.</param>
    /// <param name="groupsRows">See <see cref="ReportTable.GroupsRows"/>.</param>
    public ReportTable Build(string id, string caption, IEnumerable<TRow> rows, bool groupsRows = false)
    {
        foreach (TRow row in rows)
            AddRow(row);
        return new ReportTable(id, caption, _columns, _rows, Notes.Texts) { GroupsRows = groupsRows };
    }
}

/// <summary>Tables whose rows are those of a study.</summary>
internal static class RowTables
{
    /// <summary>Adds the columns that name a row: its setting and its arm.</summary>
    public static TableBuilder<ResultRow> AddRowNames(this TableBuilder<ResultRow> table) =>
        table.AddHeader("setting", "setting", row => SettingLabel.Short(row.Setting)).AddHeader("arm", "arm", row => row.Arm);
}
