namespace Rouser.Results;

/// <summary>
/// The rows of a table that was read, by its declared columns: each is looked for once, so that taking a value costs
/// no more than an array's element.
/// </summary>
public sealed class TableRows
{
    private readonly Column?[] _columns;

    /// <summary>Looks for the columns.</summary>
    /// <param name="table">A table as a file has it.</param>
    /// <param name="columns">Those that values will be taken from.</param>
    /// <param name="mistakes">Gets a line for each column that is missing, damaged or of another type. With one in it
    /// the rows mean nothing.</param>
    public TableRows(Table table, IReadOnlyList<TableColumn> columns, ICollection<UserError> mistakes)
    {
        Count = table.RowCount;
        _columns = new Column?[columns.Count == 0 ? 0 : columns.Max(c => c.Index) + 1];
        foreach (TableColumn column in columns)
            _columns[column.Index] = column.FindIn(table, mistakes);
    }

    /// <summary>How many rows.</summary>
    public int Count { get; }

    /// <summary>A row's value in a column that has one in every row.</summary>
    public T Value<T>(TableColumn<T> column, int row) => All(column).Values[row];

    /// <summary>A row's value, or null where it has none.</summary>
    public T? Find<T>(TableColumn<T> column, int row)
        where T : struct => All(column) is var found && found.IsNull(row) ? null : found.Values[row];

    /// <summary>A row's text, or null where it has none.</summary>
    public string? Find(TableColumn<string> column, int row) =>
        All(column) is var found && found.IsNull(row) ? null : found.Values[row];

    private Column<T> All<T>(TableColumn<T> column) => (Column<T>)_columns[column.Index]!;
}
