using System.Globalization;
using Rouser.Reports.Figures;
using Rouser.Reports.Model;

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

    private static double Luminance(string colour) =>
        new[] { (1, 0.2126), (3, 0.7152), (5, 0.0722) }.Sum(channel =>
        {
            double value =
                int.Parse(colour.AsSpan(channel.Item1, 2), NumberStyles.HexNumber, CultureInfo.InvariantCulture) / 255.0;
            return channel.Item2 * (value <= 0.03928 ? value / 12.92 : Math.Pow((value + 0.055) / 1.055, 2.4));
        });
}
