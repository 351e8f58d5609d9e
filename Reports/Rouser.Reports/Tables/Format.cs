using System.Globalization;

namespace Rouser.Reports.Tables;

/// <summary>Numbers as every renderer writes them: one place, so that they agree.</summary>
public static class Format
{
    /// <summary>A value without one.</summary>
    public const string None = "–";

    /// <summary>With so many decimals and a true minus sign; nothing is ever minus zero.</summary>
    public static string Fixed(double value, int decimals)
    {
        string text = value.ToString("F" + decimals.ToString(CultureInfo.InvariantCulture), CultureInfo.InvariantCulture);
        if (text[0] != '-')
            return text;
        return text.AsSpan(1).IndexOfAnyExcept('0', '.') < 0 ? text[1..] : "−" + text[1..];
    }

    /// <summary>The same with its sign, for differences.</summary>
    public static string Signed(double value, int decimals)
    {
        string text = Fixed(value, decimals);
        return text[0] == '−' || text.AsSpan().IndexOfAnyExcept('0', '.') < 0 ? text : "+" + text;
    }

    /// <summary>As short as it can be read back.</summary>
    public static string Exact(double value) => value.ToString("R", CultureInfo.InvariantCulture);

    /// <summary>A whole number.</summary>
    public static string Integer(long value) => value.ToString(CultureInfo.InvariantCulture);

    /// <summary>An accuracy level, such as <c>80 %</c>.</summary>
    public static string Level(double level) => Exact(Math.Round(level * 100, 6)) + " %";

    /// <summary>Footnote marks: a to z, then aa, ab …</summary>
    public static string Mark(int index) => (index >= 26 ? Mark(index / 26 - 1) : "") + (char)('a' + index % 26);

    /// <summary>
    /// A text in lines of at most so many characters, broken between words; only a longer word is longer.
    /// </summary>
    public static IEnumerable<string> Wrap(string text, int width)
    {
        string line = "";
        foreach (string word in text.Split(' '))
        {
            if (line.Length > 0 && line.Length + 1 + word.Length > width)
            {
                yield return line;
                line = word;
            }
            else
            {
                line = line.Length == 0 ? word : $"{line} {word}";
            }
        }
        yield return line;
    }
}
