using System.Text;
using Rouser.Core;
using Rouser.Reports.Documents;
using Rouser.Reports.Figures;
using Rouser.Reports.Model;
using Rouser.Reports.Tables;
using Rouser.Results;

namespace Rouser.Reports;

/// <summary>
/// Writes a report into a folder: report.md with its figures, report.html, every table as CSV and LaTeX, each number
/// as a LaTeX command, and numbers.csv, which says what trials are behind each.
/// </summary>
public static class ReportWriter
{
    /// <summary>
    /// Writes the report of these tables. Each file appears whole or not at all; the same tables give the same bytes.
    /// </summary>
    /// <param name="tables">The three tables of a run.</param>
    /// <param name="folder">Made if it is not there. Files of an earlier report are replaced; files that this one
    /// does not have are left alone.</param>
    /// <param name="published">Published results that the run is set beside.</param>
    /// <returns>The paths written, or what is wrong with the tables or the folder.</returns>
    public static Result<ReportFiles> Write(
        ResultTables tables,
        string folder,
        params IReadOnlyList<IPublishedResults> published
    ) => ReportModel.From(tables).Then(model => Write(model, folder, published));

    /// <summary>The same from a model that has been read already.</summary>
    public static Result<ReportFiles> Write(
        ReportModel model,
        string folder,
        params IReadOnlyList<IPublishedResults> published
    ) => Write(model, folder, null, LatexSelection.All, published);

    /// <summary>The same, telling how far it is.</summary>
    /// <param name="watch">Is told what is being done, how much of it is done, and of how much; null for
    /// nobody.</param>
    /// <param name="latex">What is set in LaTeX.</param>
    public static Result<ReportFiles> Write(
        ReportModel model,
        string folder,
        Action<string, int, int>? watch,
        LatexSelection latex,
        params IReadOnlyList<IPublishedResults> published
    ) => Write(ReportDocument.Build(model, watch, published), folder, "report", watch, latex);

    /// <summary>The same from a document.</summary>
    /// <param name="document">What to write.</param>
    /// <param name="folder">Made if it is not there.</param>
    /// <param name="name">The name of the Markdown and HTML files.</param>
    /// <param name="watch">Is told how far it is.</param>
    /// <param name="selection">What is set in LaTeX; null for all.</param>
    internal static Result<ReportFiles> Write(
        Document document,
        string folder,
        string name,
        Action<string, int, int>? watch = null,
        LatexSelection? selection = null
    )
    {
        LatexSelection latex = selection ?? LatexSelection.All;
        if (latex.Unknown(document.Tables) is { } unknown)
            return unknown;
        List<string> others = [];
        int files = 2 * (document.Figures.Count() + document.Tables.Count()) + document.Pages.Count + document.Files.Count + 4,
            done = 0;
        try
        {
            foreach (Figure figure in document.Figures)
            {
                others.Add(Written(Path.Combine(folder, Document.FiguresFolder, $"{figure.Id}.svg"), FigureSvg.Render(figure)));
                others.Add(Written(Path.Combine(folder, Document.FiguresFolder, $"{figure.Id}.csv"), CsvText.Render(figure)));
            }
            foreach (ReportTable table in document.Tables)
            {
                others.Add(Written(Path.Combine(folder, Document.TablesFolder, $"{table.Id}.csv"), CsvText.Render(table)));
                others.Add(
                    Written(Path.Combine(folder, Document.LatexFolder, $"{table.Id}.tex"), LatexRenderer.Render(table, latex))
                );
            }
            others.Add(Written(Path.Combine(folder, Document.LatexFolder, "numbers.tex"), LatexNumbers.Render(document)));
            others.Add(Written(Path.Combine(folder, "numbers.csv"), NumbersCsv.Render(document)));
            foreach (PublishedPage page in document.Pages)
                others.Add(Written(Path.Combine(folder, page.Path), HtmlRenderer.Render(new Document(page.Title, page.Blocks))));
            foreach (PublishedFile file in document.Files)
                others.Add(Written(Path.Combine(folder, file.Path), file.Text()));
            string markdown = Written(Path.Combine(folder, $"{name}.md"), MarkdownRenderer.Render(document));
            string html = Written(Path.Combine(folder, $"{name}.html"), HtmlRenderer.Render(document));
            return new ReportFiles(html, markdown, others, [.. document.Figures]);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return new UserError(
                folder,
                $"the report cannot be written ({e.Message.TrimEnd('.')}); make room or choose another folder with --out"
            );
        }

        string Written(string path, string text)
        {
            done++;
            watch?.Invoke("writing the report", done, files);
            return Put(path, text);
        }
    }

    // Beside its place first, then moved over it, so that a reader never sees half a file.
    private static string Put(string path, string text)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        // A name of its own, because two reports of one run may be written at a time.
        string temporary = $"{path}.{Environment.ProcessId}.tmp";
        File.WriteAllText(temporary, text, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false));
        File.Move(temporary, path, overwrite: true);
        return path;
    }
}

/// <summary>Where a report was written.</summary>
/// <param name="Html">The page.</param>
/// <param name="Markdown">The same for a repository.</param>
/// <param name="Others">Figures, CSV and LaTeX files.</param>
/// <param name="Figures">What can be drawn in other formats.</param>
public sealed record ReportFiles(string Html, string Markdown, IReadOnlyList<string> Others, IReadOnlyList<Figure> Figures)
{
    /// <summary>The folder of the figures.</summary>
    public string FiguresFolder => Path.Combine(Path.GetDirectoryName(Html)!, Document.FiguresFolder);
}
