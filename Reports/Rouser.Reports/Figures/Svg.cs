using System.Globalization;
using System.Text;

namespace Rouser.Reports.Figures;

/// <summary>Text and numbers as SVG and HTML take them, the same bytes each time.</summary>
internal static class Svg
{
    /// <summary>Escapes text for element content and attributes; what XML cannot hold is left out.</summary>
    public static string Text(string text)
    {
        StringBuilder escaped = new(text.Length + 8);
        foreach (Rune rune in text.EnumerateRunes())
        {
            _ = rune.Value switch
            {
                '&' => escaped.Append("&amp;"),
                '<' => escaped.Append("&lt;"),
                '>' => escaped.Append("&gt;"),
                '"' => escaped.Append("&quot;"),
                '\n' or '\r' or '\t' => escaped.Append(' '),
                < 0x20 or 0x7f or 0xfffe or 0xffff => escaped,
                _ => escaped.Append(rune),
            };
        }
        return escaped.ToString();
    }

    /// <summary>The text, or its beginning and an ellipsis, in at most so many characters.</summary>
    public static string Shorten(string text, int length) => text.Length <= length ? text : text[..(length - 1)] + "…";

    /// <summary>A coordinate, to the tenth of a unit.</summary>
    public static string Number(double value)
    {
        string text = value.ToString("0.#", CultureInfo.InvariantCulture);
        return text == "-0" ? "0" : text;
    }
}
