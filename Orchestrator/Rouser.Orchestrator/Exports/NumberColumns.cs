using Rouser.Results;

namespace Rouser.Orchestrator.Exports;

/// <summary>
/// The columns of a table that hold numbers, whatever they are called: a later version's, too. What has no value in a
/// row is left out; what is not a number (a loss that diverged) is a value.
/// </summary>
/// <param name="table">The table.</param>
/// <param name="but">The names of the columns that are no measurement.</param>
internal sealed class NumberColumns(Table table, IReadOnlyCollection<string> but)
{
    private readonly Column[] _columns =
    [
        .. table.Columns.Where(c => !but.Contains(c.Name) && c is Column<double> or Column<long> or Column<int>),
    ];

    /// <summary>Their names, in the table's order.</summary>
    public IReadOnlyList<string> Names => [.. _columns.Select(c => c.Name)];

    /// <summary>Whether any row has a value in the column.</summary>
    public bool HasAny(string name) =>
        Array.Find(_columns, c => c.Name == name) is { } column
        && Enumerable.Range(0, column.Count).Any(row => !column.IsNull(row));

    /// <summary>A row's value; null where there is none, or no such column.</summary>
    public double? Find(string name, int row) =>
        Array.Find(_columns, c => c.Name == name) is { } column && !column.IsNull(row) ? Value(column, row) : null;

    /// <summary>A row's values.</summary>
    public IEnumerable<KeyValuePair<string, double>> In(int row) =>
        _columns.Where(c => !c.IsNull(row)).Select(c => KeyValuePair.Create(c.Name, Value(c, row)));

    private static double Value(Column column, int row) =>
        column switch
        {
            Column<double> c => c.Values[row],
            Column<long> c => c.Values[row],
            Column<int> c => c.Values[row],
            _ => throw new NotSupportedException($"A column of {column.GetType()} holds no numbers."),
        };
}
