using CsCheck;

namespace Rouser.Core.Tests;

/// <summary>Whatever somebody else wrote is one line that steers nothing.</summary>
public class OneLineTests
{
    // Escape sequences, line ends, halves of pairs and writing directions among ordinary text: chance alone would
    // hardly put one beside another.
    private static readonly Gen<string> Texts = Gen.OneOf(
            Gen.OneOf(
                "\x1b[31m",
                "\x1b[",
                "\x1b",
                "\x9b2J",
                "\r\n",
                "\n",
                "\t",
                "\u2028",
                "\u202E",
                "\0",
                "\x7f",
                "\uD83E",
                "\uDDE0",
                "🧠"
            ),
            Gen.String[0, 8],
            Gen.String[Gen.Char[' ', '~'], 0, 8]
        )
        .List[0, 12]
        .Select(string.Concat);

    private static readonly Gen<(string Text, int Longest)> Cases = Gen.Select(Texts, Gen.Int[0, 60]);

    [Fact]
    public void No_character_that_steers_is_left() =>
        Cases.Sample(c => !OneLine.Of(c.Text, c.Longest).Any(x => char.IsControl(x) || x is '\u2028' or '\u2029' || IsFormat(x)));

    [Fact]
    public void It_is_no_longer_than_asked_for() => Cases.Sample(c => OneLine.Of(c.Text, c.Longest).Length <= c.Longest);

    [Fact]
    public void Cleaning_twice_changes_nothing_more() =>
        Cases.Sample(c =>
        {
            string once = OneLine.Of(c.Text, c.Longest);
            return OneLine.Of(once, c.Longest) == once;
        });

    [Fact]
    public void Plain_text_stays_as_it_is() =>
        Gen.String[Gen.Char[' ', '~'], 0, OneLine.Longest].Sample(text => OneLine.Of(text) == text);

    private static bool IsFormat(char x) => char.GetUnicodeCategory(x) == System.Globalization.UnicodeCategory.Format;
}
