using System.CommandLine;
using System.Text.RegularExpressions;
using Markdig;
using Markdig.Extensions.AutoIdentifiers;
using Markdig.Renderers.Html;
using Markdig.Syntax;
using Markdig.Syntax.Inlines;
using Rouser.Sweeps;
using Rouser.Testing;

namespace Rouser.Orchestrator.Tests.Documentation;

/// <summary>
/// The Markdown files of the repository: what they link to, what they name, and how wide their prose is. And how wide
/// the code is.
/// </summary>
public partial class DocumentationTests
{
    private const int ProseColumns = 100,
        CodeColumns = 150;

    private static readonly MarkdownPipeline Pipeline = new MarkdownPipelineBuilder()
        .UsePipeTables()
        .UseAutoIdentifiers(AutoIdentifierOptions.GitHub)
        .Build();

    /// <summary>Made by the program: a report is a document of its own.</summary>
    private static readonly string GeneratedReport = Path.Combine("docs", "example-report", "report.md");

    [Fact]
    public void Every_relative_link_and_anchor_resolves()
    {
        List<string> broken = [];
        int links = 0;
        foreach (string page in Pages())
        {
            MarkdownDocument document = Read(page);
            foreach (LinkInline link in document.Descendants<LinkInline>())
            {
                if (link.Url is not { Length: > 0 } url || Uri.TryCreate(url, UriKind.Absolute, out _))
                    continue;
                links++;
                string[] parts = url.Split('#', 2);
                string target =
                    parts[0].Length == 0
                        ? page
                        : Path.GetRelativePath(
                            Repository.Root,
                            Path.GetFullPath(Path.Combine(Repository.Root, Path.GetDirectoryName(page)!, parts[0]))
                        );
                string path = Repository.Path(target);
                if (!File.Exists(path) && !Directory.Exists(path))
                    broken.Add($"{page}: {url}");
                else if (parts.Length == 2 && !Anchors(target).Contains(parts[1]))
                    broken.Add($"{page}: {url} (no such heading)");
            }
        }
        Assert.Empty(broken);
        Assert.True(links > 50, $"only {links} links were found");
    }

    [Fact]
    public void Every_page_that_a_sweep_a_source_or_a_manifest_names_exists()
    {
        IEnumerable<string> files = new[] { "sweeps", "docs", "Core", "Worker", "Orchestrator", "Reports" }
            .SelectMany(folder => Directory.EnumerateFiles(Repository.Path(folder), "*", SearchOption.AllDirectories))
            .Where(file => Path.GetExtension(file) is ".yaml" or ".cs" or ".sbatch" or ".md");
        List<string> missing = [];
        foreach (string file in files)
        foreach (Match named in NamedPage().Matches(File.ReadAllText(file)))
            if (!File.Exists(Repository.Path(named.Value)))
                missing.Add($"{Path.GetRelativePath(Repository.Root, file)}: {named.Value}");
        Assert.Empty(missing);
    }

    [Fact]
    public void Prose_is_at_most_100_columns_wide()
    {
        List<string> wide = [];
        foreach (string page in Pages().Where(page => page != GeneratedReport))
        {
            bool fenced = false;
            int number = 0;
            foreach (string line in File.ReadLines(Repository.Path(page)))
            {
                number++;
                string text = line.TrimStart();
                if (text.StartsWith("```", StringComparison.Ordinal))
                    fenced = !fenced;
                bool isCode = fenced || line.StartsWith("    ", StringComparison.Ordinal);
                bool isTable = text.StartsWith('|');
                if (!isCode && !isTable && LinkTarget().Replace(line, "]").EnumerateRunes().Count() > ProseColumns)
                    wide.Add($"{page}:{number}: {text[..40]}…");
            }
        }
        Assert.Empty(wide);
    }

    /// <summary>The formatter breaks code, but no text and no line that it was told to leave.</summary>
    [Fact]
    public void Code_is_at_most_150_columns_wide()
    {
        string[] folders = ["Core", "Worker", "Orchestrator", "Reports", "tests", "docs"];
        string[] files =
        [
            .. folders
                .SelectMany(folder => Directory.EnumerateFiles(Repository.Path(folder), "*.cs", SearchOption.AllDirectories))
                .Where(file => !file.Split(Path.DirectorySeparatorChar).Any(part => part is "obj" or "bin" or "artifacts")),
        ];
        Assert.True(files.Length > 500, $"only {files.Length} files were found");
        Assert.Empty(
            files.SelectMany(file =>
                File.ReadLines(file)
                    .Select((line, index) => (Line: line, Number: index + 1))
                    .Where(l => l.Line.EnumerateRunes().Count() > CodeColumns)
                    .Select(l => $"{Path.GetRelativePath(Repository.Root, file)}:{l.Number}")
            )
        );
    }

    [Fact]
    public void The_reference_of_the_commands_is_what_the_program_reads()
    {
        string path = Repository.Path("docs", "reference", "commands.md");
        if (Environment.GetEnvironmentVariable("SNAPSHOT_UPDATE") == "1")
            File.WriteAllText(path, CommandReference.Markdown());
        Assert.Equal(CommandReference.Markdown(), File.ReadAllText(path).ReplaceLineEndings("\n"));
    }

    [Fact]
    public void Every_sweep_in_the_documentation_is_read()
    {
        List<(string Page, string Yaml)> sweeps =
        [
            .. Code().Where(code => code.Text.Contains("schema: rouser/sweep/v1\nname:", StringComparison.Ordinal)),
        ];
        Assert.All(sweeps, sweep => Assert.Empty(SpecReader.Read(sweep.Page, sweep.Yaml, []).Errors));
        Assert.True(sweeps.Count >= 4, $"only {sweeps.Count} sweeps were found");
    }

    /// <summary>Every line that starts with <c>rouser</c> is one that the program takes.</summary>
    [Fact]
    public void Every_command_in_the_documentation_parses()
    {
        List<string> wrong = [];
        int lines = 0;
        // The reference of the commands states their usage, not commands.
        foreach ((string page, string text) in Code().Where(code => !code.Page.EndsWith("commands.md", StringComparison.Ordinal)))
        {
            string joined = text.Replace("\\\n", " ", StringComparison.Ordinal);
            foreach (string line in joined.Split('\n').Where(line => line.StartsWith("rouser ", StringComparison.Ordinal)))
            {
                // Not what a shell does with the line: comments, output, variables.
                string command = ShellOnly().Replace(line, "").Replace('\'', '"');
                lines++;
                ParseResult parsed = Rouser.Orchestrator.RootCommands.Build().Parse(command["rouser ".Length..]);
                if (parsed.Errors.Count > 0)
                    wrong.Add($"{page}: {line}: {parsed.Errors[0].Message}");
            }
        }
        Assert.Empty(wrong);
        Assert.True(lines > 30, $"only {lines} commands were found");
    }

    /// <summary>The blocks of code on a page.</summary>
    internal static string[] CodeOf(string page) =>
        [.. Read(page).Descendants<CodeBlock>().Select(code => code.Lines.ToString().ReplaceLineEndings("\n"))];

    private static IEnumerable<(string Page, string Text)> Code() =>
        Pages().SelectMany(page => CodeOf(page).Select(code => (page, code)));

    /// <summary>Documents of the checkout, by their paths in it.</summary>
    private static IEnumerable<string> Pages() =>
        Directory
            .EnumerateFiles(Repository.Root, "*.md")
            .Concat(Directory.EnumerateFiles(Repository.Path("docs"), "*.md", SearchOption.AllDirectories))
            .Select(file => Path.GetRelativePath(Repository.Root, file))
            .Order(StringComparer.Ordinal);

    private static MarkdownDocument Read(string page) => Markdown.Parse(File.ReadAllText(Repository.Path(page)), Pipeline);

    private static HashSet<string> Anchors(string page) =>
        File.Exists(Repository.Path(page))
            ?
            [
                .. Read(page).Descendants<HeadingBlock>().Select(h => h.TryGetAttributes()?.Id ?? ""),
                .. NamedAnchor().Matches(File.ReadAllText(Repository.Path(page))).Select(m => m.Groups["id"].Value),
            ]
            : [];

    // The rules of a report are items of a list.
    [GeneratedRegex("<a id=\"(?<id>[^\"]+)\">", RegexOptions.CultureInvariant)]
    private static partial Regex NamedAnchor();

    [GeneratedRegex(@"\bdocs/[A-Za-z0-9_./-]*\.(md|yaml|sbatch|json)\b", RegexOptions.CultureInvariant)]
    private static partial Regex NamedPage();

    [GeneratedRegex(@" +#.*$| > .*$|\$both", RegexOptions.CultureInvariant)]
    private static partial Regex ShellOnly();

    [GeneratedRegex(@"\]\([^)]*\)", RegexOptions.CultureInvariant)]
    private static partial Regex LinkTarget();
}
