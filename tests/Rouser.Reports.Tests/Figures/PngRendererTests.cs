using Rouser.Core;
using Rouser.Reports.Figures;
using Rouser.Reports.Tests.Fixtures;

namespace Rouser.Reports.Tests.Figures;

public sealed class PngRendererTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("rouser-png-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Without_a_program_there_is_a_line_that_says_what_to_install()
    {
        UserError mistake = Assert.Single(PngRenderer.Find(_folder).Errors);
        Assert.Equal("--png", mistake.Location);
        Assert.Contains("librsvg2-bin", mistake.Message, StringComparison.Ordinal);
    }

    [SkippableFact]
    public void Program_that_makes_nothing_is_a_mistake_that_names_the_file()
    {
        Skip.If(OperatingSystem.IsWindows(), "the stand-in is a shell script");
        string program = Path.Combine(_folder, "rsvg-convert"),
            svg = Path.Combine(_folder, "a.svg");
        File.WriteAllText(program, "#!/bin/sh\necho 'cannot draw' >&2\nexit 1\n");
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(program, UnixFileMode.UserRead | UnixFileMode.UserExecute);
        File.WriteAllText(svg, "<svg/>");
        UserError mistake = Assert.Single(PngRenderer.Find(_folder).Value.Render([svg]).Errors);
        Assert.Equal(svg, mistake.Location);
        Assert.Contains("rsvg-convert made no picture of it (cannot draw)", mistake.Message, StringComparison.Ordinal);
    }

    [RendererFact]
    public void Picture_is_twice_the_size_of_the_figure()
    {
        string svg = ReportWriter
            .Write(SweepRun.Build(epochs: 2), _folder)
            .Value.Others.First(f => f.EndsWith(".svg", StringComparison.Ordinal));
        string png = Assert.Single(PngRenderer.Find(Environment.GetEnvironmentVariable("PATH")).Value.Render([svg]).Value);
        byte[] header = File.ReadAllBytes(png)[..24];
        System.Xml.Linq.XElement root = System.Xml.Linq.XDocument.Load(svg).Root!;
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
}

/// <summary>
/// A test that needs a program that draws SVG; skipped, with a line that says so, where there is none.
/// </summary>
public sealed class RendererFactAttribute : FactAttribute
{
    /// <summary>Skips the test if there is none.</summary>
    public RendererFactAttribute() =>
        Skip = PngRenderer.Find(Environment.GetEnvironmentVariable("PATH")).IsOk
            ? null
            : "no rsvg-convert, inkscape or chromium on PATH";
}
