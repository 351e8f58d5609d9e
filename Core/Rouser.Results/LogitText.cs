using System.Globalization;

namespace Rouser.Results;

/// <summary>Logits as a table holds them, see <see cref="ListLiteral"/>: <c>[0.5, -1.25]</c>.</summary>
internal static class LogitText
{
    /// <summary>The logits as text, each with as many digits as it takes to read the same float32 again.</summary>
    public static string Write(ReadOnlySpan<float> logits) => ListLiteral.Write<float>(logits.ToArray(), "R");

    /// <summary>Reads what <see cref="Write"/> wrote; null if it is none of it.</summary>
    public static float[]? Read(string text) => ListLiteral.Read<float>(text, NumberStyles.Float);
}
