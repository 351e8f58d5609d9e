using System.Globalization;
using System.Numerics;

namespace Rouser.Results;

/// <summary>Numbers as a table holds them in text, <c>[3, 0, 17]</c>: the list literal of DuckDB, JSON and Python.</summary>
internal static class ListLiteral
{
    /// <summary>The numbers as text.</summary>
    /// <param name="format">Of each number; null for that of its type.</param>
    public static string Write<T>(IEnumerable<T> numbers, string? format = null)
        where T : INumber<T> => $"[{string.Join(", ", numbers.Select(n => n.ToString(format, CultureInfo.InvariantCulture)))}]";

    /// <summary>Reads what <see cref="Write"/> wrote; null if it is none of it.</summary>
    /// <param name="style">How a number may be written.</param>
    public static T[]? Read<T>(string text, NumberStyles style)
        where T : INumber<T>
    {
        if (text is not ['[', .., ']'])
            return null;
        string[] parts = text[1..^1].Split(", ");
        T[] numbers = new T[parts.Length];
        for (int i = 0; i < parts.Length; i++)
        {
            if (!T.TryParse(parts[i], style, CultureInfo.InvariantCulture, out T? number))
                return null;
            numbers[i] = number;
        }
        return numbers;
    }
}
