namespace Rouser.Results;

/// <summary>Declares the columns of a table, in its order: the name of each, and what a row says in it.</summary>
/// <typeparam name="TRow">What a row is written from.</typeparam>
internal sealed class TableColumns<TRow>
{
    private readonly List<TableColumn> _all = [];
    private readonly List<Func<IReadOnlyList<TRow>, Column>> _writers = [];

    /// <summary>All columns.</summary>
    public IReadOnlyList<TableColumn> All => _all;

    /// <summary>Writes the rows, a column for each that is declared.</summary>
    public Column[] Write(IReadOnlyList<TRow> rows) => [.. _writers.Select(write => write(rows))];

    /// <summary>A column that has a value in every row.</summary>
    public TableColumn<T> Add<T>(string name, Func<TRow, T> value) =>
        Declare(new TableColumn<T>(name, _all.Count, isNullable: false), rows => rows.Column(name, value));

    /// <summary>A column of texts that has one in every row.</summary>
    public TableColumn<string> Add(string name, Func<TRow, string> value) =>
        Declare(new TableColumn<string>(name, _all.Count, isNullable: false), rows => rows.Column(name, value));

    /// <summary>A column in which rows may have no value.</summary>
    /// <param name="value">A row's value.</param>
    /// <param name="isOptional">See <see cref="TableColumn{T}.IsOptional"/>.</param>
    public TableColumn<T> AddNullable<T>(string name, Func<TRow, T?> value, bool isOptional = false)
        where T : struct =>
        Declare(
            new TableColumn<T>(name, _all.Count, isNullable: true) { IsOptional = isOptional },
            rows => rows.NullableColumn(name, value)
        );

    /// <summary>A column of texts in which rows may have none.</summary>
    /// <param name="value">A row's text.</param>
    /// <param name="isOptional">See <see cref="TableColumn{T}.IsOptional"/>.</param>
    public TableColumn<string> AddNullable(string name, Func<TRow, string?> value, bool isOptional = false) =>
        Declare(
            new TableColumn<string>(name, _all.Count, isNullable: true) { IsOptional = isOptional },
            rows => rows.NullableColumn(name, value)
        );

    private TableColumn<T> Declare<T>(TableColumn<T> column, Func<IReadOnlyList<TRow>, Column> write)
    {
        _all.Add(column);
        _writers.Add(write);
        return column;
    }
}
