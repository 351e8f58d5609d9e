using Rouser.Results;

namespace Rouser.Storage.Parquet;

/// <summary>What a table must be before it is written. A table that is not is our fault, not the user's.</summary>
internal static class TableShape
{
    /// <summary>
    /// Checks lengths, names, types, and that texts are there where they must be and hold no surrogates.
    /// </summary>
    /// <exception cref="ArgumentException">The table is not one.</exception>
    public static void Check(Table table)
    {
        if (table.Columns.Count == 0)
            throw new ArgumentException($"Table '{table.Name}' has no columns, and Parquet has no such tables.", nameof(table));
        var names = new HashSet<string>(StringComparer.Ordinal);
        foreach (Column column in table.Columns)
        {
            if (column.Name.Length == 0 || !names.Add(column.Name))
                throw InvalidColumn(table, column, "its name is empty or taken");
            if (column.Count != table.RowCount)
                throw InvalidColumn(table, column, $"it has {column.Count} rows instead of {table.RowCount}");
            int? nulls = column switch
            {
                Column<string> c => c.Nulls?.Length,
                Column<double> c => c.Nulls?.Length,
                Column<long> c => c.Nulls?.Length,
                Column<int> c => c.Nulls?.Length,
                Column<bool> c => c.Nulls?.Length,
                Column<DateTimeOffset> c => c.Nulls?.Length,
                _ => throw Unknown(column),
            };
            if (nulls is int length && length != column.Count)
                throw InvalidColumn(table, column, $"it has {length} null marks for {column.Count} rows");
            if (column is not Column<string> texts)
                continue;
            for (int row = 0; row < texts.Count; row++)
            {
                if (texts.IsNull(row))
                    continue;
                if (texts.Values[row] is not string text)
                    throw InvalidColumn(table, column, $"row {row} has no text and is not marked null");
                if (!BasicPlaneText.Is(text))
                    throw InvalidColumn(table, column, $"row {row} has not gone through {nameof(BasicPlaneText)}");
            }
        }
    }

    /// <summary>A column of a type that <see cref="Column{T}"/> does not list.</summary>
    public static ArgumentException Unknown(Column column) =>
        new($"Column '{column.Name}' is a {column.GetType()}, for which there is no Parquet type.");

    private static ArgumentException InvalidColumn(Table table, Column column, string what) =>
        new($"Table '{table.Name}', column '{column.Name}': {what}.");
}
