using System.Text;

namespace Rouser.Coordination;

/// <summary>
/// How notes and tags may look. They come from whoever has the token and end in terminals, tables, pages and LaTeX, so
/// they are cleaned once, before anybody keeps them.
/// </summary>
public static class AnnotationText
{
    /// <summary>The longest note, in characters.</summary>
    public const int LongestNote = 2_000;

    /// <summary>The longest tag, in characters.</summary>
    public const int LongestTag = 40;

    /// <summary>Tags of a trial or of the sweep, at most.</summary>
    public const int MostTags = 20;

    /// <summary>
    /// Whether a word is a tag: letters and digits of any script, and <c>- _ . : / + =</c>. It has no comma and no space,
    /// so a list of them can be read back, and no quote or sign that a table's or a page's format gives a meaning to.
    /// </summary>
    public static bool IsTag(string? word) =>
        word is { Length: > 0 and <= LongestTag }
        && word.EnumerateRunes().All(r => Rune.IsLetterOrDigit(r) || r.Value is '-' or '_' or '.' or ':' or '/' or '+' or '=')
        // A spreadsheet would take it for a formula.
        && word[0] is not ('=' or '+' or '-');

    /// <summary>
    /// A note as it is kept: lines of harmless text (<see cref="OneLine"/>), without blanks at their ends, with at most
    /// one empty line between two. Cleaning twice changes nothing more.
    /// </summary>
    public static string CleanNote(string note)
    {
        StringBuilder clean = new();
        int empty = 0;
        foreach (string line in note.ReplaceLineEndings("\n").Split('\n'))
        {
            string own = OneLine.Of(line, LongestNote).Trim();
            if (own.Length == 0)
            {
                empty++;
                continue;
            }
            if (clean.Length > 0)
                clean.Append(empty > 0 ? "\n\n" : "\n");
            empty = 0;
            clean.Append(own);
        }
        return clean.Length <= LongestNote ? clean.ToString() : OneLine.Of(clean.ToString(), LongestNote);
    }

    /// <summary>A note in one line, for a table or a terminal.</summary>
    public static string InOneLine(string note) => OneLine.Of(note.Replace("\n\n", "\n", StringComparison.Ordinal), LongestNote);

    /// <summary>Tags in one text, <c>good, rerun</c>.</summary>
    public static string Join(IEnumerable<string> tags) => string.Join(", ", tags);

    /// <summary>The tags of a text that <see cref="Join"/> wrote; what is none is left out.</summary>
    public static IReadOnlyList<string> Split(string? text) =>
        [.. (text ?? "").Split(", ", StringSplitOptions.RemoveEmptyEntries).Where(IsTag)];
}
