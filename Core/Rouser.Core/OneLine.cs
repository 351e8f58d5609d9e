using System.Globalization;
using System.Text;

namespace Rouser.Core;

/// <summary>
/// Makes one harmless line of a text that somebody else wrote: a worker, an orchestrator, a file, an operating
/// system. Whatever shows such a text, on a terminal, in a log or in a table, takes it from here, so that nothing in
/// it can pass for a line of Rouser's own or steer a terminal.
/// </summary>
public static class OneLine
{
    /// <summary>How much of a text is kept where nothing else is said, in characters.</summary>
    public const int Longest = 500;

    private const char Escape = '\x1b',
        ControlSequence = '\x9b';

    /// <summary>
    /// The text in one line: line ends and tabs are spaces, escape sequences and characters that only steer (colours,
    /// cursor, direction of writing) are left out, any other control character is U+FFFD. Cleaning twice changes
    /// nothing more.
    /// </summary>
    /// <param name="text">Any text, well-formed UTF-16 or not.</param>
    /// <param name="longest">Characters that are kept at most; what is longer ends in an ellipsis.</param>
    public static string Of(string text, int longest = Longest)
    {
        if (text.Length <= longest && !text.AsSpan().ContainsAnyExceptInRange(' ', '~'))
            return text;
        StringBuilder line = new(Math.Min(text.Length, longest));
        for (int at = 0; at < text.Length; )
        {
            if (text[at] is Escape or ControlSequence)
            {
                at = EndOfSequence(text, at);
                continue;
            }
            Rune.DecodeFromUtf16(text.AsSpan(at), out Rune rune, out int length);
            at += length;
            if (Clean(rune) is not { } clean)
                continue;
            if (clean.Utf16SequenceLength > longest - line.Length)
                return Cut(line, longest);
            line.Append(clean.ToString());
        }
        return line.ToString();
    }

    // ECMA-48, section 5.4: ESC [ (or its one-character form), parameters, intermediate characters, a final one. Of
    // other sequences only the introducer is left out: what follows it may be text that someone should see.
    private static int EndOfSequence(string text, int at)
    {
        bool isLong = text[at] == ControlSequence || (at + 1 < text.Length && text[at + 1] == '[');
        if (!isLong)
            return at + (at + 1 < text.Length && text[at + 1] is >= '!' and <= '~' ? 2 : 1);
        at += text[at] == ControlSequence ? 1 : 2;
        while (at < text.Length && text[at] is >= ' ' and <= '?')
            at++;
        return at < text.Length && text[at] is >= '@' and <= '~' ? at + 1 : at;
    }

    private static Rune? Clean(Rune rune) =>
        Rune.GetUnicodeCategory(rune) switch
        {
            UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator => new Rune(' '),
            UnicodeCategory.Control => rune.Value is '\t' or '\n' or '\v' or '\f' or '\r' or 0x85
                ? new Rune(' ')
                : Rune.ReplacementChar,
            UnicodeCategory.Format => null,
            _ => rune,
        };

    private static string Cut(StringBuilder line, int longest)
    {
        if (longest == 0)
            return "";
        line.Length = Math.Min(line.Length, longest - 1);
        if (line.Length > 0 && char.IsHighSurrogate(line[^1]))
            line.Length--;
        return line.Append('…').ToString();
    }
}
