using Rouser.Core;
using Rouser.Reports.Documents;
using Rouser.Reports.Figures;
using Rouser.Reports.Model;
using Rouser.Reports.Tests.Fixtures;
using Rouser.Testing;

namespace Rouser.Reports.Tests.Figures;

public sealed class PictureRendererTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("rouser-picture-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Without_a_program_there_is_a_line_that_says_what_to_install()
    {
        UserError mistake = Assert.Single(PictureRenderer.Find(_folder, "png").Errors);
        Assert.Equal("--format", mistake.Location);
        Assert.Contains("librsvg2-bin", mistake.Message, StringComparison.Ordinal);
    }

    [SkippableFact]
    public void Program_that_makes_nothing_is_a_mistake_that_names_the_file()
    {
        Skip.If(OperatingSystem.IsWindows(), "the stand-in is a shell script");
        string program = Path.Combine(_folder, "rsvg-convert");
        File.WriteAllText(program, "#!/bin/sh\necho 'cannot draw' >&2\nexit 1\n");
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(program, UnixFileMode.UserRead | UnixFileMode.UserExecute);
        UserError mistake = Assert.Single(PictureRenderer.Find(_folder, "png").Value.Render([Figure()], _folder).Errors);
        Assert.Equal(Path.Combine(_folder, Figure().Id + ".png"), mistake.Location);
        Assert.Contains("rsvg-convert did not make it (cannot draw)", mistake.Message, StringComparison.Ordinal);
        Assert.Empty(Directory.GetFiles(_folder, "*.svg"));
    }

    [RendererFact]
    public void Picture_is_twice_the_size_of_the_figure()
    {
        string png = Assert.Single(
            PictureRenderer.Find(Environment.GetEnvironmentVariable("PATH"), "png").Value.Render([Figure()], _folder).Value
        );
        byte[] header = File.ReadAllBytes(png)[..24];
        System.Xml.Linq.XElement root = System.Xml.Linq.XElement.Parse(FigureSvg.Render(Figure()));
        // PNG, IHDR: width and height as big-endian numbers at 16 and 20.
        Assert.Equal("\u0089PNG", System.Text.Encoding.Latin1.GetString(header, 0, 4));
        Assert.Equal(
            2 * (int)root.Attribute("width")!,
            System.Buffers.Binary.BinaryPrimitives.ReadInt32BigEndian(header.AsSpan(16))
        );
        Assert.Equal(
            2 * (int)root.Attribute("height")!,
            System.Buffers.Binary.BinaryPrimitives.ReadInt32BigEndian(header.AsSpan(20))
        );
    }

    // A browser takes about a second to start, and a report has dozens of figures.
    [SkippableFact]
    public void Chromium_is_started_once_for_all_figures()
    {
        Skip.If(ToolProcess.Chromium is null || OperatingSystem.IsWindows(), "no chromium on PATH");
        string starts = Path.Combine(_folder, "starts"),
            program = Path.Combine(_folder, "chromium");
        File.WriteAllText(program, $"#!/bin/sh\necho once >> '{starts}'\nexec '{ToolProcess.Chromium}' \"$@\"\n");
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(program, UnixFileMode.UserRead | UnixFileMode.UserExecute);
        Figure[] figures = [.. ReportDocument.Build(ReportModel.From(SweepRun.Build(epochs: 2)).Value).Figures.Take(4)];
        IReadOnlyList<string> files = PictureRenderer.Find(_folder, "png").Value.Render(figures, _folder).Value;
        Assert.Equal(figures.Select(f => f.Id), files.Select(Path.GetFileNameWithoutExtension));
        Assert.Single(File.ReadAllLines(starts));
        foreach ((Figure figure, string file) in figures.Zip(files))
        {
            byte[] png = File.ReadAllBytes(file);
            Assert.Equal(
                2 * (int)System.Xml.Linq.XElement.Parse(FigureSvg.Render(figure)).Attribute("width")!,
                System.Buffers.Binary.BinaryPrimitives.ReadInt32BigEndian(png.AsSpan(16))
            );
            // A picture on which nothing is drawn packs to a few kilobytes.
            Assert.True(png.Length > 15_000, $"{file} has {png.Length} bytes");
        }
        Assert.Empty(Directory.GetFiles(_folder, "*.html"));
    }

    // A PDF says its size in points: MediaBox, from 0 0.
    [RendererTheory]
    [InlineData("accuracy-one-by-one", 513)]
    [InlineData("importance-grid", 249.4)]
    public void Pdf_is_as_wide_as_a_column_or_a_page_and_has_one_page(string id, double width)
    {
        Figure figure = ReportDocument.Build(ReportModel.From(SweepRun.Build(epochs: 2)).Value).Figures.Single(f => f.Id == id);
        string pdf = Assert.Single(
            PictureRenderer.Find(Environment.GetEnvironmentVariable("PATH"), "pdf").Value.Render([figure], _folder).Value
        );
        string text = System.Text.Encoding.Latin1.GetString(File.ReadAllBytes(pdf));
        Assert.StartsWith("%PDF", text, StringComparison.Ordinal);
        string[] box = System
            .Text.RegularExpressions.Regex.Match(text, @"/MediaBox\s*\[([^\]]*)\]")
            .Groups[1]
            .Value.Trim()
            .Split(' ');
        Assert.Equal(width, double.Parse(box[2], System.Globalization.CultureInfo.InvariantCulture), 1.5);
        Assert.Equal(1, System.Text.RegularExpressions.Regex.Count(text, @"/Type\s*/Page\b"));
    }

    private static Figure Figure() =>
        StudyFigures.Accuracy(ReportModel.From(SweepRun.Build(epochs: 2)).Value.Studies[1], "as seen")!;
}

/// <summary>
/// A test that needs a program that draws SVG; skipped, with a line that says so, where there is none.
/// </summary>
public sealed class RendererFactAttribute : FactAttribute
{
    /// <summary>Skips the test if there is none.</summary>
    public RendererFactAttribute() => Skip = Missing;

    internal static string? Missing { get; } =
        PictureRenderer.Find(Environment.GetEnvironmentVariable("PATH"), "png").IsOk
            ? null
            : "no rsvg-convert, inkscape or chromium on PATH";
}

/// <summary>The same with data.</summary>
public sealed class RendererTheoryAttribute : TheoryAttribute
{
    /// <summary>Skips the test if there is none.</summary>
    public RendererTheoryAttribute() => Skip = RendererFactAttribute.Missing;
}
