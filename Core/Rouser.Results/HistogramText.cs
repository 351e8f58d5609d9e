using System.Globalization;

namespace Rouser.Results;

/// <summary>Counts as a table holds them, <c>[3, 0, 17]</c>: the list literal of DuckDB, JSON and Python.</summary>
public static class HistogramText
{
    /// <summary>The counts as text; null for none.</summary>
    public static string? Write(IReadOnlyList<int>? counts) =>
        counts is null ? null : $"[{string.Join(", ", counts.Select(c => c.ToString(CultureInfo.InvariantCulture)))}]";

    /// <summary>Reads what <see cref="Write"/> wrote; null if it is none of it.</summary>
    public static int[]? Read(string text)
    {
        if (text is not ['[', .., ']'])
            return null;
        string[] parts = text[1..^1].Split(", ");
        int[] counts = new int[parts.Length];
        for (int i = 0; i < parts.Length; i++)
        {
            if (!int.TryParse(parts[i], NumberStyles.None, CultureInfo.InvariantCulture, out counts[i]))
                return null;
        }
        return counts;
    }
}
