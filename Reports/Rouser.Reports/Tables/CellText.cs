using Rouser.Reports.Statistics;

namespace Rouser.Reports.Tables;

/// <summary>How a cell's numbers are written.</summary>
public enum NumberStyle
{
    /// <summary>As they are.</summary>
    Plain,

    /// <summary>With their sign: differences.</summary>
    Signed,

    /// <summary>With a multiplication sign: ratios.</summary>
    Ratio,
}

/// <summary>
/// The text of an estimate, which is the same in every form of the report. Its grammar, for those who read it back,
/// is <c>NUMBER</c>, <c>NUMBER ± HALF</c> (Student's t) or <c>NUMBER [LOW, HIGH]</c> (bootstrap), with a true minus
/// sign (U+2212) and, in a ratio, <c>×</c> after the first number.
/// </summary>
internal static class CellText
{
    /// <summary>The text.</summary>
    public static string Of(Estimate e, int decimals, NumberStyle style = NumberStyle.Plain)
    {
        string value = style switch
        {
            NumberStyle.Signed => Format.Signed(e.Value, decimals),
            NumberStyle.Ratio => Format.Fixed(e.Value, decimals) + "×",
            _ => Format.Fixed(e.Value, decimals),
        };
        return e switch
        {
            // A ratio's interval is symmetric about its logarithm only, so both ends have to be said.
            { Interval: IntervalKind.StudentT, HalfWidth: { } half } when style != NumberStyle.Ratio =>
                $"{value} ± {Format.Fixed(half, decimals)}",
            { Low: { } low, High: { } high } => $"{value} [{End(low)}, {End(high)}]",
            _ => value,
        };

        string End(double end) => style == NumberStyle.Signed ? Format.Signed(end, decimals) : Format.Fixed(end, decimals);
    }

    /// <summary>How many decimals the first number of a text has.</summary>
    public static int Decimals(string text)
    {
        int point = text.IndexOf('.', StringComparison.Ordinal),
            space = text.IndexOf(' ', StringComparison.Ordinal);
        return point < 0 || (space >= 0 && space < point) ? 0
            : text.AsSpan(point + 1).IndexOfAnyExceptInRange('0', '9') is >= 0 and var end ? end
            : text.Length - point - 1;
    }
}
