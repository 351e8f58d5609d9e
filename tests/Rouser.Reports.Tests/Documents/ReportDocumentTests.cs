using System.Text;
using System.Text.RegularExpressions;
using System.Xml.Linq;
using Rouser.Coordination;
using Rouser.Reports.Documents;
using Rouser.Reports.Figures;
using Rouser.Reports.Model;
using Rouser.Reports.Paper;
using Rouser.Reports.Tables;
using Rouser.Reports.Tests.Agreement;
using Rouser.Reports.Tests.Fixtures;
using Rouser.Results;
using Rouser.Testing;

namespace Rouser.Reports.Tests.Documents;

public sealed partial class ReportDocumentTests
{
    private static readonly Document Plausible = ReportDocument.Build(
        ReportModel.From(PlausibleRun.Build()).Value,
        new PaperReport()
    );

    [Fact]
    public void Markdown_of_a_tiny_run_reads_as_expected()
    {
        RunTables run = new RunTables()
            .Add("slayer", "threshold.init=1", 0, 0.1, 0.5, 0.8)
            .Add("slayer", "threshold.init=1", 1, 0.2, 0.6, 0.9)
            .Add("rouser", "threshold.init=1", 0, 0.4, 0.8, 0.9)
            .Add(
                new FixtureTrial("rouser", "threshold.init=1", 1, [0.3])
                {
                    State = TrialState.Lost,
                    Reason = "worker fell silent",
                }
            );
        Snapshot.Match(
            MarkdownRenderer.Render(ReportDocument.Build(ReportModel.From(run.Build()).Value, new PaperReport())),
            "tiny-report"
        );
    }

    [Fact]
    public void What_users_wrote_comes_first_is_one_table_and_is_text_in_every_form()
    {
        const string hostile = "<b>a</b> | *x* & \\input{y}\n# head \"q\", z";
        ReportModel plain = ReportModel.From(new RunTables().Add("slayer", "threshold.init=1", 0, 0.1, 0.5).Build()).Value;
        StudyResults study = Assert.Single(plain.Studies);
        Replicate noted = plain.Cells.Single() with
        {
            Annotation = Annotation.None.With(new AnnotationChange(hostile, ["rerun"], [])),
        };
        RunMetadata run = plain.Run with { Annotation = Annotation.None.With(new AnnotationChange(hostile, ["pilot"], [])) };
        ReportModel model = plain with
        {
            Run = run,
            Runs = [run],
            Studies = [new StudyResults(study.Name, [study.Rows[0] with { Replicates = [noted] }])],
        };
        Document document = ReportDocument.Build(model);
        string shown = hostile.Replace('\n', ' ');
        Assert.Equal([("Note.", shown), ("Tags.", "pilot")], Assert.IsType<Bullets>(document.Blocks[0]).Items);
        ReportTable table = document.Tables.Single(t => t.Id == "annotated");
        Assert.Equal(["rerun", shown], table.Rows.Single().TakeLast(2).Select(c => c.Text));
        Assert.DoesNotContain(ReportDocument.Build(plain).Tables, t => t.Id == "annotated");

        XDocument page = XDocument.Parse(HtmlRenderer.Render(document)["<!DOCTYPE html>".Length..]);
        Assert.Empty(page.Descendants(Html("b")));
        Assert.Contains(page.Descendants(Html("dd")), e => e.Value == shown);
        string markdown = MarkdownRenderer.Render(document);
        Assert.DoesNotContain("<b>a", markdown, StringComparison.Ordinal);
        Assert.Contains(@"\| \*x\*", markdown, StringComparison.Ordinal);
        Assert.DoesNotContain("\n# head", markdown, StringComparison.Ordinal);
        Assert.EndsWith(
            ",rerun,\"<b>a</b> | *x* & \\input{y} # head \"\"q\"\", z\",\n",
            CsvText.Render(table),
            StringComparison.Ordinal
        );
        Assert.DoesNotContain(@"\input{y}", LatexRenderer.Render(table), StringComparison.Ordinal);
    }

    [Fact]
    public void Report_without_an_add_on_knows_no_paper()
    {
        ReportModel model = ReportModel.From(PlausibleRun.Build()).Value;
        Document alone = ReportDocument.Build(model);
        Assert.DoesNotContain(alone.Blocks, b => b is Heading { Id: "paper" });
        Assert.DoesNotContain(alone.Figures, f => f.Caption.Contains("stands beside", StringComparison.Ordinal));
        Assert.DoesNotContain(alone.Tables.SelectMany(t => t.Rows).SelectMany(r => r), c => c.Mark == CellMark.Published);
        Assert.Contains(Plausible.Blocks, b => b is Heading { Id: "paper" });
        Assert.Contains(Plausible.Figures, f => f.Caption.Contains("stands beside", StringComparison.Ordinal));
    }

    [Fact]
    public void Section_of_the_paper_is_there_only_where_the_run_holds_rows_of_it()
    {
        RunTables run = new();
        foreach (string arm in (string[])["slayer", "rouser"])
            run.Add(new FixtureTrial(arm, "dataset.name=events", 0, [0.5]));
        Document document = ReportDocument.Build(ReportModel.From(run.Build()).Value, new PaperReport());
        Assert.DoesNotContain(document.Blocks, b => b is Heading { Id: "paper" });
    }

    [Fact]
    public void Markdown_and_page_show_the_same_tables()
    {
        string[][][] markdown = MarkdownTables(MarkdownRenderer.Render(Plausible));
        // Folded tables stand in the page only; Markdown links to their CSV files.
        XElement[] tables =
        [
            .. Page()
                .Descendants(Html("table"))
                .Where(t => t.Ancestors(Html("details")).All(d => (string?)d.Attribute("class") == "part")),
        ];
        string[][][] page =
        [
            .. tables.Select(t =>
                t.Element(Html("tbody"))!
                    .Elements()
                    .Select(row => row.Elements().Select(ReportForms.HtmlCell).ToArray())
                    .ToArray()
            ),
        ];
        Assert.NotEmpty(page);
        Assert.Equal(markdown.Length, page.Length);
        for (int i = 0; i < page.Length; i++)
        {
            // What the page's caption says of n, Markdown says in each cell.
            Match common = CommonN().Match(tables[i].Element(Html("caption"))!.Value);
            string said = common.Success ? $" (n={common.Groups["n"].Value})" : "\0";
            Assert.Equal(
                markdown[i].Select(row => row.Select(cell => cell.Replace(said, "", StringComparison.Ordinal))),
                page[i]
            );
            Assert.DoesNotContain(page[i].SelectMany(row => row), cell => cell.EndsWith(said, StringComparison.Ordinal));
        }
    }

    [Fact]
    public void Csv_has_the_digits_behind_each_number_of_the_page()
    {
        foreach (var table in Plausible.Tables)
        {
            string[] lines = CsvText.Render(table).TrimEnd('\n').Split('\n');
            Assert.Equal(table.Rows.Count + 1, lines.Length);
            string[] header = lines[0].Split(',');
            for (int r = 0; r < table.Rows.Count; r++)
            {
                string[] fields = ReportForms.Fields(lines[r + 1]);
                Assert.Equal(header.Length, fields.Length);
                for (int c = 0; c < table.Columns.Count; c++)
                {
                    string field = fields[Array.IndexOf(header, table.Columns[c].Key)],
                        shown = table.Rows[r][c].Text;
                    if (
                        Leading().Match(shown.Replace('−', '-')) is not { Success: true } number
                        || table.Rows[r][c].Value is null
                    )
                        continue;
                    int decimals = number.Value.Contains('.') ? number.Value.Length - number.Value.IndexOf('.') - 1 : 0;
                    Assert.Equal(
                        double.Parse(number.Value, Invariant),
                        double.Parse(field, Invariant),
                        0.5000001 * Math.Pow(10, -decimals)
                    );
                }
            }
        }
    }

    [Fact]
    public void Synthetic_data_is_named_first_and_with_every_study_table_and_figure()
    {
        Assert.IsType<Warning>(Plausible.Blocks[0]);
        Assert.All(
            Plausible.Tables.Where(t => t.Id.EndsWith("-ablation", StringComparison.Ordinal)),
            t => Assert.Contains("synthetic data", t.Caption, StringComparison.Ordinal)
        );
        Assert.All(Plausible.Figures, f => Assert.Contains("synthetic data", f.Title, StringComparison.Ordinal));
        Document recorded = ReportDocument.Build(ReportModel.From(PlausibleRun.Build(synthetic: false)).Value, new PaperReport());
        Assert.DoesNotContain("synthetic", MarkdownRenderer.Render(recorded), StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public void Page_asks_for_nothing_from_elsewhere_and_runs_its_own_script_only()
    {
        XDocument page = Page();
        XElement script = Assert.Single(page.Descendants(Html("script"))),
            style = Assert.Single(page.Descendants(Html("style")));
        Assert.Empty(script.Attributes());
        Assert.Empty(page.Descendants(Html("link")));
        Assert.All(
            page.Descendants().Attributes().Where(a => a.Name.LocalName is "href" or "src"),
            a => Assert.StartsWith("#", a.Value, StringComparison.Ordinal)
        );
        Assert.DoesNotContain(
            page.Descendants().Attributes(),
            a => a.Name.LocalName.StartsWith("on", StringComparison.Ordinal) || a.Name.LocalName == "style"
        );
        Assert.DoesNotContain("url(", style.Value, StringComparison.Ordinal);
        Assert.DoesNotContain("@import", style.Value, StringComparison.Ordinal);
        // The policy lets nothing in but this style and this script, by their digests, which a browser takes over the
        // raw text.
        string policy =
                page.Descendants(Html("meta")).Single(m => m.Attribute("http-equiv") is not null).Attribute("content")!.Value,
            html = HtmlRenderer.Render(Plausible);
        Assert.Equal($"default-src 'none'; style-src '{Digest(html, "style")}'; script-src '{Digest(html, "script")}'", policy);
    }

    [Fact]
    public void Page_can_be_read_by_a_screen_reader()
    {
        XDocument page = Page();
        Assert.All(
            page.Descendants(Html("table")),
            table =>
            {
                Assert.False(string.IsNullOrWhiteSpace(table.Element(Html("caption"))?.Value));
                Assert.All(table.Descendants(Html("th")), th => Assert.NotNull(th.Attribute("scope")));
            }
        );
        HashSet<string> ids = [.. page.Descendants().Attributes("id").Select(a => a.Value)];
        Assert.Equal(page.Descendants().Attributes("id").Count(), ids.Count);
        Assert.All(
            page.Descendants().Attributes("aria-labelledby").SelectMany(a => a.Value.Split(' ')),
            id => Assert.Contains(id, ids)
        );
        Assert.All(page.Descendants(Html("a")).Attributes("href"), href => Assert.Contains(href.Value[1..], ids));
    }

    // Kept whole, a figure of six panels left a third of a printed page empty, or a short figure alone on one.
    [Fact]
    public void Figures_of_more_than_half_a_printed_page_break_between_their_rows()
    {
        Document document = ReportDocument.Build(ReportModel.From(SweepRun.Build()).Value);
        XDocument page = XDocument.Parse(
            HtmlRenderer.Render(document).Replace("<!DOCTYPE html>\n", "", StringComparison.Ordinal)
        );
        foreach (Figure figure in document.Figures)
        {
            XElement drawn = page.Descendants(Html("figure")).Single(f => (string?)f.Attribute("id") == $"figure-{figure.Id}");
            Assert.Equal(figure.Panels.Count > 4 ? "tall" : null, (string?)drawn.Attribute("class"));
        }
        Assert.Contains(document.Figures, f => f.Panels.Count is > 4 and <= 8);
    }

    [Fact]
    public void Numbers_of_a_sentence_stay_with_their_unit_and_interval_at_the_end_of_a_line()
    {
        string html = HtmlRenderer.Render(
            new Document("d", [new Paragraph("near 90 % it is +1.8 ± 2.9 points"), new Bullets([("a.", "88 % of all")])])
        );
        Assert.Contains("near 90\u00A0% it is +1.8\u00A0±\u00A02.9 points", html, StringComparison.Ordinal);
        Assert.Contains("88\u00A0% of all", html, StringComparison.Ordinal);
    }

    [Fact]
    public void Names_with_markup_in_them_stay_text()
    {
        const string Name = "a<b>&\"c\"|d*e`f\u0001";
        FixtureTrial failed = new(Name, "", 0, [])
        {
            Study = Name,
            State = TrialState.Failed,
            Reason = "</td>\n| no",
        };
        FixtureTrial completed = new(Name, "", 1, [0.5]) { Study = Name };
        Document document = ReportDocument.Build(ReportModel.From(new RunTables().Add(failed).Add(completed).Build()).Value);
        XDocument page = XDocument.Parse(
            HtmlRenderer.Render(document).Replace("<!DOCTYPE html>\n", "", StringComparison.Ordinal)
        );
        Assert.Contains(page.Descendants(Html("th")), th => th.Value == "a<b>&\"c\"|d*e`f");
        string row = MarkdownRenderer
            .Render(document)
            .Split('\n')
            .First(l => l.StartsWith("| as in base", StringComparison.Ordinal));
        Assert.Contains("a&lt;b&gt;&amp;\"c\"\\|d\\*e\\`f", row, StringComparison.Ordinal);
    }

    private static readonly System.Globalization.CultureInfo Invariant = System.Globalization.CultureInfo.InvariantCulture;

    private static XDocument Page() =>
        XDocument.Parse(
            HtmlRenderer.Render(Plausible).Replace("<!DOCTYPE html>\n", "", StringComparison.Ordinal),
            LoadOptions.PreserveWhitespace
        );

    private static XName Html(string name) => XName.Get(name, "http://www.w3.org/1999/xhtml");

    private static string Digest(string html, string element)
    {
        int start = html.IndexOf($"<{element}>", StringComparison.Ordinal) + element.Length + 2,
            end = html.IndexOf($"</{element}>", StringComparison.Ordinal);
        return $"sha256-{Convert.ToBase64String(System.Security.Cryptography.SHA256.HashData(Encoding.UTF8.GetBytes(html[start..end])))}";
    }

    private static string[][][] MarkdownTables(string text)
    {
        List<List<string[]>> tables = [];
        string[] lines = text.Split('\n');
        for (int i = 0; i < lines.Length; i++)
        {
            if (lines[i].StartsWith("|:--", StringComparison.Ordinal))
                tables.Add([]);
            else if (
                lines[i].StartsWith("| ", StringComparison.Ordinal)
                && !(i + 1 < lines.Length && lines[i + 1].StartsWith("|:--", StringComparison.Ordinal))
            )
                tables[^1].Add(ReportForms.MarkdownRow(lines[i]));
        }
        return [.. tables.Select(t => t.ToArray())];
    }

    [GeneratedRegex(@"(Everywhere n = (?<n>\d+)\.|n = (?<n>\d+) where a cell says nothing else\.)$")]
    private static partial Regex CommonN();

    [GeneratedRegex(@"^[+-]?[0-9]+(\.[0-9]+)?")]
    private static partial Regex Leading();
}
