using System.Globalization;
using System.Text;

namespace Rouser.Results;

/// <summary>
/// Texts as tables hold them: without characters beyond Unicode's basic plane. Readers of Parquet compare texts by
/// their UTF-8 bytes, .NET and the bounds that Parquet.Net writes by UTF-16, and only without such characters are the
/// two orders one.
/// </summary>
public static class BasicPlaneText
{
    /// <summary>
    /// Whether the text has no such character, which UTF-16 writes as a pair of surrogates, nor half of one.
    /// </summary>
    public static bool Is(string text) => !text.AsSpan().ContainsAnyInRange('\uD800', '\uDFFF');

    /// <summary>The text with each such character as its code point, <c>\u{1F9E0}</c>.</summary>
    public static string Of(string text)
    {
        if (Is(text))
            return text;
        StringBuilder plain = new();
        for (int i = 0; i < text.Length; i++)
        {
            if (!char.IsSurrogate(text[i]))
            {
                plain.Append(text[i]);
                continue;
            }
            bool isPair = char.IsSurrogatePair(text, i);
            plain.Append(CultureInfo.InvariantCulture, $"\\u{{{(isPair ? char.ConvertToUtf32(text, i) : text[i]):X}}}");
            if (isPair)
                i++;
        }
        return plain.ToString();
    }
}
