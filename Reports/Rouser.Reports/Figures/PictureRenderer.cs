using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;
using System.Text;
using System.Xml.Linq;
using Rouser.Core;

namespace Rouser.Reports.Figures;

/// <summary>
/// Makes PNG or PDF files of figures, by a program that is installed for it. PNG: twice the size of the SVG file. PDF:
/// as wide as a column of a paper, or as its page where a figure has many panels, with two panels beside each other at
/// most, so that the type is that of a caption.
/// </summary>
public sealed class PictureRenderer
{
    /// <summary>What can be made.</summary>
    public static IReadOnlyList<string> Formats { get; } = ["png", "pdf"];

    private static readonly string[] Chromiums = ["chromium", "chromium-browser", "google-chrome"];

    private static readonly UTF8Encoding Utf8 = new(encoderShouldEmitUTF8Identifier: false);

    // More panels than these stand in two columns over the page.
    private const int MostPanelsOfColumn = 3;

    // Points: a column and the page of most two-column journals (88 and 181 mm).
    private const double ColumnWidth = 249.4,
        PageWidth = 513;

    private readonly string _program;
    private readonly Func<Picture, IReadOnlyList<string>> _arguments;

    private PictureRenderer(string name, string program, string format, Func<Picture, IReadOnlyList<string>> arguments) =>
        (Name, _program, Format, _arguments) = (name, program, format, arguments);

    /// <summary>The program's name.</summary>
    public string Name { get; }

    /// <summary>What it makes, one of <see cref="Formats"/>.</summary>
    public string Format { get; }

    /// <summary>The first of rsvg-convert, Inkscape and Chromium in these folders.</summary>
    /// <param name="path">Folders as the environment variable PATH lists them.</param>
    /// <param name="format">One of <see cref="Formats"/>.</param>
    public static Result<PictureRenderer> Find(string? path, string format)
    {
        string[] folders = (path ?? "").Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries);
        foreach ((string name, Func<Picture, IReadOnlyList<string>> arguments) in Programs(format == "pdf"))
        {
            string? program = folders
                .SelectMany(folder => (string[])[Path.Combine(folder, name), Path.Combine(folder, name + ".exe")])
                .FirstOrDefault(File.Exists);
            if (program is not null)
                return new PictureRenderer(name, program, format, arguments);
        }
        return new UserError(
            "--format",
            "finds none of rsvg-convert, inkscape, chromium and google-chrome on PATH; install one (Debian: librsvg2-bin), or use "
                + "the SVG files"
        );
    }

    /// <summary>Renders each figure into a folder.</summary>
    /// <returns>The files, or the first that could not be made.</returns>
    public Result<IReadOnlyList<string>> Render(IReadOnlyList<Figure> figures, string folder) =>
        Format == "png" && Chromiums.Contains(Name) ? RenderTogether(figures, folder) : RenderEach(figures, folder);

    private Result<IReadOnlyList<string>> RenderTogether(IReadOnlyList<Figure> figures, string folder)
    {
        string page = Path.Combine(folder, "figures.png.html"),
            said;
        IReadOnlyList<byte[]> pictures = [];
        List<string> made = [];
        try
        {
            File.WriteAllText(page, BrowserPictures.Page(figures.Select(FigureSvg.Render)), Utf8);
            (string printed, said) = Run([.. Browser(), BrowserPictures.PrintPage, new Uri(Path.GetFullPath(page)).AbsoluteUri]);
            pictures = BrowserPictures.In(printed);
            foreach ((Figure figure, byte[] picture) in figures.Zip(pictures))
            {
                made.Add(FileOf(figure, folder));
                File.WriteAllBytes(made[^1], picture);
            }
        }
        catch (Exception e) when (e is Win32Exception or IOException or UnauthorizedAccessException)
        {
            said = e.Message;
        }
        finally
        {
            File.Delete(page);
        }
        return made.Count == figures.Count ? made : NotMade(FileOf(figures[made.Count], folder), said);
    }

    private string FileOf(Figure figure, string folder) => Path.Combine(folder, $"{figure.Id}.{Format}");

    private UserError NotMade(string file, string said) =>
        new(
            file,
            $"{Name} did not make it ({said.Trim().Split('\n')[^1].TrimEnd('.')}); use the SVG file, or put another program on PATH"
        );

    private Result<IReadOnlyList<string>> RenderEach(IEnumerable<Figure> figures, string folder)
    {
        List<string> made = [];
        foreach (Figure figure in figures)
        {
            string file = FileOf(figure, folder),
                drawing = Path.Combine(folder, $"{figure.Id}.{Format}.svg"),
                said;
            try
            {
                File.Delete(file);
                string svg = Format == "pdf" ? OnPaper(figure) : FigureSvg.Render(figure);
                File.WriteAllText(drawing, svg, Utf8);
                said = Run(_arguments(new(Path.GetFullPath(drawing), Path.GetFullPath(file), XElement.Parse(svg)))).Errors;
            }
            catch (Exception e) when (e is Win32Exception or IOException or UnauthorizedAccessException)
            {
                said = e.Message;
            }
            finally
            {
                File.Delete(drawing);
            }
            if (!File.Exists(file))
                return NotMade(file, said);
            made.Add(file);
        }
        return made;
    }

    // The same figure in fewer columns, at the width of a column or a page.
    private static string OnPaper(Figure figure)
    {
        bool inColumn = figure.Panels.Count <= MostPanelsOfColumn;
        XElement svg = XElement.Parse(FigureSvg.Render(figure with { Columns = inColumn ? 1 : 2 }));
        double width = (double)svg.Attribute("width")!,
            height = (double)svg.Attribute("height")!,
            points = Math.Min(inColumn ? ColumnWidth : PageWidth, width);
        svg.SetAttributeValue("width", Points(points));
        svg.SetAttributeValue("height", Points(height / width * points));
        return svg.ToString(SaveOptions.DisableFormatting);

        static string Points(double value) => string.Create(CultureInfo.InvariantCulture, $"{value:0.##}pt");
    }

    private (string Output, string Errors) Run(IReadOnlyList<string> arguments)
    {
        ProcessStartInfo start = new(_program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true };
        using Process process = Process.Start(start)!;
        Task<string> errors = process.StandardError.ReadToEndAsync();
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return (output, errors.Result);
    }

    /// <summary>A drawing and what is made of it.</summary>
    private sealed record Picture(string Svg, string File, XElement Root)
    {
        public string Width => (string)Root.Attribute("width")!;

        public string Height => (string)Root.Attribute("height")!;
    }

    private static IEnumerable<(string Name, Func<Picture, IReadOnlyList<string>> Arguments)> Programs(bool isPdf)
    {
        yield return (
            "rsvg-convert",
            p => isPdf ? ["--format", "pdf", "--output", p.File, p.Svg] : ["--zoom", "2", "--output", p.File, p.Svg]
        );
        yield return (
            "inkscape",
            p => [$"--export-type={(isPdf ? "pdf" : "png")}", $"--export-filename={p.File}", "--export-dpi=192", p.Svg]
        );
        // PNG files are not made one by one, see RenderTogether.
        foreach (string chromium in Chromiums)
            yield return (chromium, Print);
    }

    // Printed as a page of the picture's size, which a style in the picture itself asks for.
    private static string[] Print(Picture picture)
    {
        XNamespace ns = picture.Root.Name.Namespace;
        picture.Root.Element(ns + "style")!.Value += $"@page{{size:{picture.Width} {picture.Height};margin:0}}";
        File.WriteAllText(picture.Svg, picture.Root.ToString(SaveOptions.DisableFormatting));
        return [.. Browser(), "--no-pdf-header-footer", $"--print-to-pdf={picture.File}", new Uri(picture.Svg).AbsoluteUri];
    }

    // As root a browser refuses to start inside its sandbox; what it opens here is a file of our own making.
    private static string[] Browser() =>
        [
            "--headless",
            "--disable-gpu",
            "--no-first-run",
            "--hide-scrollbars",
            .. Environment.IsPrivilegedProcess ? (string[])["--no-sandbox"] : [],
        ];
}
