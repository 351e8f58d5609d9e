using System.Text;
using System.Text.RegularExpressions;
using System.Xml.Linq;
using Rouser.Reports.Documents;

namespace Rouser.Reports.Tests.Agreement;

/// <summary>
/// A table as one form of the report has it, read back from the file: cells as text, footnote marks as <c>^a</c>.
/// </summary>
internal static partial class ReportForms
{
    /// <summary>The tables of report.html by their ids: the cells of each row of the body.</summary>
    public static Dictionary<string, string[][]> Html(string path)
    {
        XDocument page = XDocument.Parse(
            File.ReadAllText(path).Replace("<!DOCTYPE html>\n", "", StringComparison.Ordinal),
            LoadOptions.PreserveWhitespace
        );
        return page.Descendants(Name("div"))
            .Where(d => d.Attribute("id")?.Value.StartsWith("table-", StringComparison.Ordinal) == true)
            .ToDictionary(
                d => d.Attribute("id")!.Value["table-".Length..],
                d =>
                    d.Descendants(Name("tbody"))
                        .Single()
                        .Elements()
                        .Select(r => r.Elements().Select(HtmlCell).ToArray())
                        .ToArray()
            );
    }

    /// <summary>The tables of report.md, by the CSV file that each caption links to.</summary>
    public static Dictionary<string, string[][]> Markdown(string path)
    {
        Dictionary<string, List<string[]>> tables = [];
        string? id = null;
        bool body = false;
        foreach (string line in File.ReadLines(path))
        {
            if (Caption().Match(line) is { Success: true } caption)
                (id, body) = (caption.Groups[1].Value, false);
            else if (line.StartsWith("|:--", StringComparison.Ordinal))
                (tables[id!], body) = ([], true);
            else if (line.StartsWith("| ", StringComparison.Ordinal) && body)
                tables[id!].Add(MarkdownRow(line));
        }
        return tables.ToDictionary(t => t.Key, t => t.Value.ToArray());
    }

    /// <summary>A row of a table in Markdown.</summary>
    public static string[] MarkdownRow(string line) => [.. Bar().Split(line.Trim('|')).Select(MarkdownCell)];

    /// <summary>The rows of a .tex file between its rules.</summary>
    public static string[][] Latex(string path)
    {
        // A table that is too wide stands in parts, each of which names the rows again.
        List<List<string[]>> parts = [];
        int names = 0;
        bool body = false,
            goesOn = false;
        foreach (string line in File.ReadLines(path))
        {
            if (line == LatexRenderer.MoreRows)
                goesOn = true;
            if (line.StartsWith(LatexRenderer.NextPart, StringComparison.Ordinal))
                names = int.Parse(line[LatexRenderer.NextPart.Length..], System.Globalization.CultureInfo.InvariantCulture);
            else if (line == @"\midrule")
                body = true;
            else if (line == @"\bottomrule")
                body = false;
            if (line == @"\midrule")
            {
                if (!goesOn)
                    parts.Add([]);
                goesOn = false;
            }
            else if (body && line != @"\addlinespace")
                parts[^1].Add([.. Ampersand().Split(line[..^@" \\".Length]).Select(LatexCell)]);
        }
        return [.. parts[0].Select((row, r) => parts.Skip(1).Aggregate(row, (all, part) => [.. all, .. part[r].Skip(names)]))];
    }

    /// <summary>The commands of numbers.tex.</summary>
    public static Dictionary<string, string> Commands(string path) =>
        File.ReadLines(path)
            .Select(l => Command().Match(l))
            .Where(m => m.Success)
            .ToDictionary(m => m.Groups[1].Value, m => m.Groups[2].Value);

    /// <summary>A CSV file: its header, then its rows.</summary>
    public static string[][] Csv(string path) => [.. File.ReadAllText(path).TrimEnd('\n').Split('\n').Select(Fields)];

    /// <summary>A line of a CSV file.</summary>
    public static string[] Fields(string line)
    {
        List<string> fields = [];
        StringBuilder field = new();
        bool quoted = false;
        for (int i = 0; i < line.Length; i++)
        {
            if (line[i] == '"' && quoted && i + 1 < line.Length && line[i + 1] == '"')
                field.Append(line[i++]);
            else if (line[i] == '"')
                quoted = !quoted;
            else if (line[i] == ',' && !quoted)
            {
                fields.Add(field.ToString());
                field.Clear();
            }
            else
                field.Append(line[i]);
        }
        return [.. fields, field.ToString()];
    }

    /// <summary>A cell of a table in HTML.</summary>
    public static string HtmlCell(XElement cell) =>
        string.Concat(
            cell.Nodes()
                .Select(n =>
                    n is XElement { Name.LocalName: "sup" } sup ? $" ^{sup.Value}"
                    : n is XElement e ? e.Value
                    : ((XText)n).Value
                )
        );

    private static string MarkdownCell(string cell) =>
        Backslash()
            .Replace(Superscript().Replace(cell.Trim(), "^$1"), "$1")
            .Replace("&lt;", "<", StringComparison.Ordinal)
            .Replace("&gt;", ">", StringComparison.Ordinal)
            .Replace("&amp;", "&", StringComparison.Ordinal);

    private static string LatexCell(string cell) =>
        LatexMark()
            .Replace(Small().Replace(cell.Trim(), "($1)"), " ^$1")
            .Replace(@"\allowbreak{}", "", StringComparison.Ordinal)
            .Replace("$-$", "−", StringComparison.Ordinal)
            .Replace(@"$\pm$", "±", StringComparison.Ordinal)
            .Replace(@"$\times$", "×", StringComparison.Ordinal)
            .Replace(@"$\tau$", "τ", StringComparison.Ordinal)
            .Replace("{[}", "[", StringComparison.Ordinal)
            .Replace("{]}", "]", StringComparison.Ordinal)
            .Replace("--", "–", StringComparison.Ordinal)
            .Replace(@"\_", "_", StringComparison.Ordinal)
            .Replace(@"\%", "%", StringComparison.Ordinal)
            .Replace("'", "’", StringComparison.Ordinal);

    private static XName Name(string name) => XName.Get(name, "http://www.w3.org/1999/xhtml");

    [GeneratedRegex(@"^\*.*\(\[CSV\]\(tables/(.*)\.csv\)\)$")]
    private static partial Regex Caption();

    [GeneratedRegex(@"(?<!\\)\|")]
    private static partial Regex Bar();

    [GeneratedRegex(@"(?<!\\)&")]
    private static partial Regex Ampersand();

    [GeneratedRegex(@"\\(.)")]
    private static partial Regex Backslash();

    [GeneratedRegex("<sup>(.*?)</sup>")]
    private static partial Regex Superscript();

    [GeneratedRegex(@"\\textsuperscript\{([a-z]+)\}")]
    private static partial Regex LatexMark();

    [GeneratedRegex(@"\{\\footnotesize\((.*?)\)\}")]
    private static partial Regex Small();

    [GeneratedRegex(@"^\\newcommand\{\\([A-Za-z]+)\}\{(.*)\}$")]
    private static partial Regex Command();
}
