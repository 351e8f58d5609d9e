namespace Rouser.Results;

/// <summary>
/// A column of a result table as it is declared, once: the writer fills it, readers find it, and the report takes
/// values out of it by this object and never by its name.
/// </summary>
/// <param name="name">Its name in the files.</param>
/// <param name="index">Its place among the table's declared columns.</param>
public abstract class TableColumn(string name, int index)
{
    /// <summary>Its name in the files.</summary>
    public string Name { get; } = name;

    /// <summary>Its place among the table's declared columns.</summary>
    internal int Index { get; } = index;

    /// <summary>
    /// The column in a table that was read. If it is not there or has another type, a mistake and a column of
    /// defaults.
    /// </summary>
    internal abstract Column FindIn(Table table, ICollection<UserError> mistakes);
}

/// <summary>A declared column of one type.</summary>
/// <typeparam name="T">The type of its values, see <see cref="Column{T}"/>.</typeparam>
public sealed class TableColumn<T> : TableColumn
{
    internal TableColumn(string name, int index, bool isNullable)
        : base(name, index) => IsNullable = isNullable;

    /// <summary>Whether a row may have no value.</summary>
    public bool IsNullable { get; }

    /// <summary>
    /// Whether tables of before the column was introduced are read too, as if every row had no value. Only a nullable
    /// column can be so.
    /// </summary>
    public bool IsOptional { get; init; }

    internal override Column FindIn(Table table, ICollection<UserError> mistakes)
    {
        Column? found = table.Find(Name);
        if (found is null && IsOptional)
            return new Column<T>(Name, new T[table.RowCount], [.. Enumerable.Repeat(true, table.RowCount)]);
        string file = $"{table.Name}.parquet";
        if (found is not Column<T> typed)
        {
            string what = found is null ? "is missing" : $"has another type than {typeof(T).Name}";
            mistakes.Add(
                new UserError(
                    file,
                    $"column {Name} {what}; the file is not one of this version's, run the sweep again or use the version that wrote it"
                )
            );
            return new Column<T>(Name, new T[table.RowCount]);
        }
        int missing = IsNullable || typed.Nulls is null ? -1 : Array.IndexOf(typed.Nulls, true);
        if (missing >= 0)
            mistakes.Add(
                new UserError(
                    file,
                    $"column {Name} has no value in row {missing + 1}; the file is damaged, run 'rouser resume' to write it again"
                )
            );
        return typed;
    }
}
