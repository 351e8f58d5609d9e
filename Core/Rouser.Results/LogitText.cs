using System.Globalization;

namespace Rouser.Results;

/// <summary>Logits as a table holds them, <c>[0.5, -1.25]</c>: the list literal of DuckDB, JSON and Python.</summary>
internal static class LogitText
{
    /// <summary>The logits as text, each with as many digits as it takes to read the same float32 again.</summary>
    public static string Write(ReadOnlySpan<float> logits)
    {
        string[] parts = new string[logits.Length];
        for (int i = 0; i < parts.Length; i++)
            parts[i] = logits[i].ToString("R", CultureInfo.InvariantCulture);
        return $"[{string.Join(", ", parts)}]";
    }

    /// <summary>Reads what <see cref="Write"/> wrote; null if it is none of it.</summary>
    public static float[]? Read(string text)
    {
        if (text is not ['[', .., ']'])
            return null;
        string[] parts = text[1..^1].Split(", ");
        float[] logits = new float[parts.Length];
        for (int i = 0; i < parts.Length; i++)
        {
            if (!float.TryParse(parts[i], NumberStyles.Float, CultureInfo.InvariantCulture, out logits[i]))
                return null;
        }
        return logits;
    }
}
