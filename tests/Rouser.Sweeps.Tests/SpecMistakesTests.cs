using System.Text;
using Rouser.Testing;

namespace Rouser.Sweeps.Tests;

/// <summary>
/// Runs the cases of SpecMistakes.txt: a title, a sweep file, and after <c>-&gt;</c> every mistake in it. <c>$ --set
/// …</c> lines are overrides. A case whose title starts with "raw" is the whole text, the others have the first two
/// lines added. SNAPSHOT_UPDATE=1 rewrites the expected lines.
/// </summary>
public class SpecMistakesTests
{
    private const string Head = "schema: rouser/sweep/v1\nname: x\n";

    private static readonly string CaseFile = Repository.Path("tests", "Rouser.Sweeps.Tests", "SpecMistakes.txt");

    public static TheoryData<string> Titles => new(Cases().Select(c => c.Title));

    [Theory]
    [MemberData(nameof(Titles))]
    public void Each_mistake_names_its_line_and_remedy(string title)
    {
        (_, string yaml, string[] overrides, string expected) = Cases().Single(c => c.Title == title);
        string actual = Outcome(title, yaml, overrides);
        if (Snapshot.Rewrite)
            Rewrite(title, actual);
        else
            Assert.Equal(expected, actual);
    }

    private static string Outcome(string title, string yaml, string[] overrides)
    {
        string text = title.StartsWith("raw", StringComparison.Ordinal) ? yaml : Head + yaml;
        Result<SweepSpec> result = SpecReader.Read("x.yaml", text, overrides);
        return result.IsOk ? "ok" : string.Join('\n', result.Errors);
    }

    private static IEnumerable<(string Title, string Yaml, string[] Overrides, string Expected)> Cases()
    {
        foreach (
            string block in File.ReadAllText(CaseFile)
                .ReplaceLineEndings("\n")
                .Split("=== ", StringSplitOptions.RemoveEmptyEntries)
        )
        {
            string[] lines = block.TrimEnd('\n').Split('\n');
            int rule = Array.IndexOf(lines, "->");
            string[] input = lines[1..rule];
            string yaml = string.Concat(
                input
                    .Where(l => !l.StartsWith("$ --set ", StringComparison.Ordinal))
                    .Select(l => l.Replace("<TAB>", "\t", StringComparison.Ordinal) + "\n")
            );
            string[] overrides =
            [
                .. input.Where(l => l.StartsWith("$ --set ", StringComparison.Ordinal)).Select(l => l["$ --set ".Length..]),
            ];
            yield return (lines[0], yaml, overrides, string.Join('\n', lines[(rule + 1)..]));
        }
    }

    private static void Rewrite(string title, string actual)
    {
        StringBuilder text = new();
        foreach (
            string block in File.ReadAllText(CaseFile)
                .ReplaceLineEndings("\n")
                .Split("=== ", StringSplitOptions.RemoveEmptyEntries)
        )
        {
            bool mine = block.StartsWith(title + "\n", StringComparison.Ordinal);
            text.Append("=== ")
                .Append(mine ? block[..(block.IndexOf("\n->\n", StringComparison.Ordinal) + 4)] + actual + "\n\n" : block);
        }
        File.WriteAllText(CaseFile, text.ToString().TrimEnd('\n') + "\n");
    }
}
