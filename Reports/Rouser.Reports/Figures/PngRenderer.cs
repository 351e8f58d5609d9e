using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;
using System.Xml;
using System.Xml.Linq;
using Rouser.Core;

namespace Rouser.Reports.Figures;

/// <summary>Turns SVG files into PNG files at twice their size, by a program that is installed for it.</summary>
public sealed class PngRenderer
{
    private readonly string _program;
    private readonly Func<string, string, IReadOnlyList<string>> _arguments;

    private PngRenderer(string name, string program, Func<string, string, IReadOnlyList<string>> arguments) =>
        (Name, _program, _arguments) = (name, program, arguments);

    /// <summary>The program's name.</summary>
    public string Name { get; }

    /// <summary>The first of rsvg-convert, Inkscape and Chromium in these folders.</summary>
    /// <param name="path">Folders as the environment variable PATH lists them.</param>
    public static Result<PngRenderer> Find(string? path)
    {
        string[] folders = (path ?? "").Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries);
        foreach ((string name, Func<string, string, IReadOnlyList<string>> arguments) in Programs())
        {
            string? program = folders
                .SelectMany(folder => (string[])[Path.Combine(folder, name), Path.Combine(folder, name + ".exe")])
                .FirstOrDefault(File.Exists);
            if (program is not null)
                return new PngRenderer(name, program, arguments);
        }
        return new UserError(
            "--png",
            "finds none of rsvg-convert, inkscape, chromium and google-chrome on PATH; install one (Debian: librsvg2-bin), or use the SVG files"
        );
    }

    /// <summary>Renders each file beside itself.</summary>
    /// <param name="files">SVG files.</param>
    /// <returns>The PNG files, or the first that could not be made.</returns>
    public Result<IReadOnlyList<string>> Render(IEnumerable<string> files)
    {
        List<string> made = [];
        foreach (string svg in files)
        {
            string png = Path.ChangeExtension(svg, ".png"),
                said;
            try
            {
                File.Delete(png);
                said = Run(_arguments(Path.GetFullPath(svg), Path.GetFullPath(png)));
            }
            catch (Exception e) when (e is Win32Exception or IOException or UnauthorizedAccessException or XmlException)
            {
                said = e.Message;
            }
            if (!File.Exists(png))
                return new UserError(
                    svg,
                    $"{Name} made no picture of it ({said.Trim().Split('\n')[^1].TrimEnd('.')}); use the SVG file, or another program for --png"
                );
            made.Add(png);
        }
        return made;
    }

    private string Run(IReadOnlyList<string> arguments)
    {
        ProcessStartInfo start = new(_program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true };
        using Process process = Process.Start(start)!;
        Task<string> errors = process.StandardError.ReadToEndAsync();
        process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return errors.Result;
    }

    private static IEnumerable<(string Name, Func<string, string, IReadOnlyList<string>> Arguments)> Programs()
    {
        yield return ("rsvg-convert", (svg, png) => ["--zoom", "2", "--output", png, svg]);
        yield return ("inkscape", (svg, png) => ["--export-type=png", $"--export-filename={png}", "--export-dpi=192", svg]);
        foreach (string chromium in (string[])["chromium", "chromium-browser", "google-chrome"])
            yield return (chromium, Screenshot);
    }

    // A browser has no idea of the picture's size. As root it refuses to start inside its sandbox; what it opens here
    // is a file of our own making.
    private static string[] Screenshot(string svg, string png)
    {
        XElement root = XDocument.Load(svg).Root!;
        string size = $"{Length(root, "width")},{Length(root, "height")}";
        string[] sandbox = Environment.IsPrivilegedProcess ? ["--no-sandbox"] : [];
        return
        [
            "--headless",
            "--disable-gpu",
            "--no-first-run",
            "--hide-scrollbars",
            .. sandbox,
            "--force-device-scale-factor=2",
            $"--window-size={size}",
            $"--screenshot={png}",
            new Uri(svg).AbsoluteUri,
        ];
    }

    private static int Length(XElement root, string attribute) =>
        root.Attribute(attribute) is { } value
        && int.TryParse(value.Value, NumberStyles.None, CultureInfo.InvariantCulture, out int length)
            ? length
            : 1000;
}
