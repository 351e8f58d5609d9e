namespace Rouser.Results;

/// <summary>A flat table by columns: the form in which results reach Parquet and the report.</summary>
/// <param name="Name"><c>trials</c>, <c>epochs</c> or <c>layers</c>.</param>
/// <param name="Columns">All of one length; names are distinct.</param>
/// <param name="Metadata">Key-value pairs that travel in the file's footer.</param>
public sealed record Table(string Name, IReadOnlyList<Column> Columns, IReadOnlyDictionary<string, string> Metadata)
{
    /// <summary>Rows.</summary>
    public int RowCount => Columns.Count == 0 ? 0 : Columns[0].Count;

    /// <summary>The column of that name, or null.</summary>
    public Column? Find(string name) => Columns.FirstOrDefault(c => c.Name == name);
}

/// <summary>
/// A column of a <see cref="Table"/>: <see cref="Column{T}"/> of string, double, long, int, bool or DateTimeOffset.
/// </summary>
public abstract record Column(string Name)
{
    /// <summary>Rows.</summary>
    public abstract int Count { get; }

    /// <summary>Whether any row may be null.</summary>
    public abstract bool Nullable { get; }

    /// <summary>Whether row <paramref name="row"/> is null.</summary>
    public abstract bool IsNull(int row);

    /// <summary>The column of those rows, in their order.</summary>
    public abstract Column Take(IReadOnlyList<int> rows);
}

/// <summary>A column of one type.</summary>
/// <typeparam name="T">string (<see cref="BasicPlaneText"/>), double, long, int, bool or DateTimeOffset (UTC, to the
/// millisecond; a file keeps no more).</typeparam>
/// <param name="Name">The column's name.</param>
/// <param name="Values">One per row; what stands where a row is null means nothing.</param>
/// <param name="Nulls">True where a row is null; a null array for a column that has no nulls (<c>REQUIRED</c> in
/// Parquet).</param>
public sealed record Column<T>(string Name, T[] Values, bool[]? Nulls = null) : Column(Name)
{
    /// <inheritdoc/>
    public override int Count => Values.Length;

    /// <inheritdoc/>
    public override bool Nullable => Nulls is not null;

    /// <inheritdoc/>
    public override bool IsNull(int row) => Nulls is not null && Nulls[row];

    /// <inheritdoc/>
    public override Column Take(IReadOnlyList<int> rows) =>
        new Column<T>(
            Name,
            [.. rows.Select(row => Values[row])],
            Nulls is { } nulls ? [.. rows.Select(row => nulls[row])] : null
        );
}
