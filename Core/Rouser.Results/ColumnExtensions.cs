namespace Rouser.Results;

/// <summary>Makes columns of rows.</summary>
internal static class ColumnExtensions
{
    /// <summary>A column without nulls.</summary>
    public static Column<T> Column<TRow, T>(this IReadOnlyList<TRow> rows, string name, Func<TRow, T> value)
    {
        T[] values = new T[rows.Count];
        for (int row = 0; row < values.Length; row++)
            values[row] = value(rows[row]);
        return new(name, values);
    }

    /// <summary>A column of words.</summary>
    public static Column<string> Column<TRow>(this IReadOnlyList<TRow> rows, string name, Func<TRow, string> value) =>
        rows.Column<TRow, string>(name, row => BasicPlaneText.Of(value(row)));

    /// <summary>A column of numbers that may be null.</summary>
    public static Column<T> NullableColumn<TRow, T>(this IReadOnlyList<TRow> rows, string name, Func<TRow, T?> value)
        where T : struct
    {
        (T[] values, bool[] nulls) = (new T[rows.Count], new bool[rows.Count]);
        for (int row = 0; row < values.Length; row++)
        {
            T? found = value(rows[row]);
            (values[row], nulls[row]) = (found.GetValueOrDefault(), found is null);
        }
        return new(name, values, nulls);
    }

    /// <summary>A column of words that may be null.</summary>
    public static Column<string> NullableColumn<TRow>(this IReadOnlyList<TRow> rows, string name, Func<TRow, string?> value)
    {
        (string[] values, bool[] nulls) = (new string[rows.Count], new bool[rows.Count]);
        for (int row = 0; row < values.Length; row++)
        {
            string? found = value(rows[row]);
            (values[row], nulls[row]) = (BasicPlaneText.Of(found ?? ""), found is null);
        }
        return new(name, values, nulls);
    }
}
