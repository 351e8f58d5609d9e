using System.Globalization;
using Rouser.Reports.Figures;
using Rouser.Reports.Model;
using Rouser.Testing;

namespace Rouser.Reports.Tests.Figures;

public sealed class PaletteTests
{
    public static TheoryData<string, string, string> Pairs()
    {
        TheoryData<string, string, string> pairs = [];
        foreach (
            (string name, Func<string, string> scheme) in (ReadOnlySpan<(string, Func<string, string>)>)
                [("light", Scheme.Light), ("dark", Scheme.Dark)]
        )
        {
            foreach (string word in (string[])["ink", "muted", .. Enumerable.Range(0, Palette.Count).Select(i => $"c{i}")])
                pairs.Add($"{name} {word}", scheme(word), scheme("ground"));
            for (int i = 0; i < Palette.Shades; i++)
                pairs.Add($"{name} h{i}", scheme("ink"), scheme($"h{i}"));
        }
        return pairs;
    }

    // WCAG 2.1, 1.4.3. What is written in a colour, and numbers on the cells of a heat map.
    [Theory]
    [MemberData(nameof(Pairs))]
    public void What_is_read_stands_out_from_its_ground(string name, string colour, string ground)
    {
        double a = Luminance(colour),
            b = Luminance(ground);
        Assert.True((Math.Max(a, b) + 0.05) / (Math.Min(a, b) + 0.05) >= 4.5, name);
    }

    [Fact]
    public void A_dozen_arms_look_different()
    {
        StudyResults study = new("many", []) { ArmsOfSweep = [.. Enumerable.Range(0, 12).Select(i => $"arm {i}")] };
        Assert.Equal(
            12,
            study
                .ArmsOfSweep.Select(arm => Palette.Look(study.StyleOf(arm)))
                .Select(look => (Palette.Colour(look), Palette.Dash(look)))
                .Distinct()
                .Count()
        );
    }

    [Fact]
    public void Every_colour_has_a_dash_of_its_own() => Assert.Equal(Palette.Count, Palette.Dashes.Distinct().Count());

    // A seventh arm once looked like the first on the page, and not in the report.
    [SkippableFact]
    public void Live_page_draws_every_style_as_the_report_does()
    {
        Skip.If(ToolProcess.Node is null, "no node on PATH");
        // As a module whatever the version of Node.js takes the file for; what it imports is not asked for here.
        string script = string.Join(
            '\n',
            File.ReadLines(Repository.Path("Orchestrator", "Rouser.Web", "Page", "plot.js"))
                .Where(line => !line.StartsWith("import ", StringComparison.Ordinal))
        );
        const int styles = 30;
        string all = $"for (let i = 0; i < {styles}; i++) console.log(`${{styleColour(i)}} ${{styleDashes(i).join(' ')}}`);";
        (int code, string output, string errors) = ToolProcess.Run(
            ToolProcess.Node!,
            "--input-type=module",
            "-e",
            $"{script}\n{all}"
        );
        Assert.True(code == 0, errors);
        Assert.Equal(
            Enumerable.Range(0, styles).Select(Palette.Look).Select(look => $"c{Palette.Colour(look)} {Palette.Dash(look)}"),
            output.Split('\n')[..styles]
        );
    }

    private static double Luminance(string colour) =>
        new[] { (1, 0.2126), (3, 0.7152), (5, 0.0722) }.Sum(channel =>
        {
            double value =
                int.Parse(colour.AsSpan(channel.Item1, 2), NumberStyles.HexNumber, CultureInfo.InvariantCulture) / 255.0;
            return channel.Item2 * (value <= 0.03928 ? value / 12.92 : Math.Pow((value + 0.055) / 1.055, 2.4));
        });
}
