using System.Globalization;

namespace Rouser.Results;

/// <summary>Counts as a table holds them, see <see cref="ListLiteral"/>: <c>[3, 0, 17]</c>.</summary>
public static class HistogramText
{
    /// <summary>The counts as text; null for none.</summary>
    public static string? Write(IReadOnlyList<int>? counts) => counts is null ? null : ListLiteral.Write(counts);

    /// <summary>Reads what <see cref="Write"/> wrote; null if it is none of it.</summary>
    public static int[]? Read(string text) => ListLiteral.Read<int>(text, NumberStyles.None);
}
