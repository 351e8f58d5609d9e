namespace Rouser.Reports.Documents;

/// <summary>A size of type of the article class at 10 pt.</summary>
/// <param name="Name">Its command.</param>
/// <param name="Scale">Width of its letters, beside those at 10 pt: small fonts of Computer Modern are wider than
/// scaled ones.</param>
/// <param name="Line">From one line to the next, in points.</param>
internal readonly record struct TypeSize(string Name, double Scale, double Line);

/// <summary>
/// How much room text takes in LaTeX's own fonts, so that a table can be laid out without TeX. By the widths of
/// Computer Modern, which are those of Latin Modern too; most other fonts of papers are narrower.
/// </summary>
internal static class LatexMetrics
{
    /// <summary>The type of a caption.</summary>
    public static readonly TypeSize Normal = new("normalsize", 1, 12);

    /// <summary>What tables are set in, the largest first.</summary>
    public static readonly TypeSize[] Sizes =
    [
        new("small", 0.93, 11),
        new("footnotesize", 0.855, 9.5),
        new("scriptsize", 0.81, 8),
    ];

    // Thousandths of 10 pt, of the characters from '!' to '~' in cmr10.tfm; of those that stand in other fonts, theirs.
    private static readonly short[] Ascii =
    [
        .. (short[])[278, 500, 833, 500, 833, 778, 278, 389, 389, 500, 778, 278, 333, 278, 500, 500, 500, 500, 500, 500, 500],
        .. (short[])[500, 500, 500, 500, 278, 278, 778, 778, 778, 472, 778, 750, 708, 722, 764, 681, 653, 785, 750, 361, 514],
        .. (short[])[778, 625, 917, 750, 778, 681, 778, 736, 556, 722, 750, 750, 1028, 750, 750, 611, 278, 500, 278, 500, 500],
        .. (short[])[278, 500, 556, 444, 556, 444, 306, 500, 556, 278, 306, 528, 278, 833, 556, 500, 556, 528, 392, 394, 389],
        .. (short[])[556, 528, 722, 528, 528, 444, 500, 278, 500, 500],
    ];

    /// <summary>Points that a text takes on one line.</summary>
    public static double Width(string text, TypeSize size)
    {
        double sum = 0;
        foreach (char c in text)
            sum += Thousandths(c);
        return sum / 100 * size.Scale;
    }

    /// <summary>Points of a footnote's mark, which is set in smaller type.</summary>
    public static double MarkWidth(string mark, TypeSize size) => 0.8 * Width(mark, size);

    /// <summary>The lines that a text takes in a column of so many points, ragged or not.</summary>
    public static int Lines(string text, double width, TypeSize size) => Wrap(text, 0.97 * width, size).Count;

    /// <summary>The text in lines of so many points, broken between words, and a longer word within.</summary>
    public static IReadOnlyList<string> Wrap(string text, double width, TypeSize size)
    {
        List<string> lines = [];
        foreach (string word in text.Split(' '))
        {
            if (lines.Count > 0 && Width($"{lines[^1]} {word}", size) <= width)
                lines[^1] += $" {word}";
            else
                lines.AddRange(Pieces(word, width, size));
        }
        return lines;
    }

    /// <summary>The width of the longest word.</summary>
    public static double LongestWord(string text, TypeSize size) => text.Split(' ').Max(word => Width(word, size));

    /// <summary>A word in pieces of so many points at most; mostly one.</summary>
    public static IEnumerable<string> Pieces(string word, double width, TypeSize size)
    {
        int start = 0;
        for (int end = 1; end <= word.Length; end++)
        {
            if (end - start > 1 && Width(word[start..end], size) > width)
            {
                yield return word[start..(end - 1)];
                start = end - 1;
            }
        }
        yield return word[start..];
    }

    private static double Thousandths(char c) =>
        c switch
        {
            ' ' or '\u00A0' => 333,
            >= '!' and <= '~' => Ascii[c - '!'],
            '−' or '±' or '×' or '≥' => 778,
            '…' => 1170,
            '’' or '·' => 278,
            '–' or '“' or '”' => 500,
            // Letters with accents, Greek; whatever else there is may be as wide as it is high.
            < '\u0400' => 780,
            _ => 1000,
        };
}
