namespace Rouser.Reports.Figures;

/// <summary>The colours of the light and of the dark scheme by their words; figures and page share them.</summary>
internal static class Scheme
{
    /// <summary>
    /// Every word: <c>c0</c>… are lines, <c>h0</c>… the shades of a heat map with numbers in it, <c>g0</c>… without,
    /// <c>p0</c>… ranks.
    /// </summary>
    public static IReadOnlyList<string> ColourNames { get; } =
    [
        "ground",
        "ink",
        "muted",
        "rule",
        .. Numbered('c', Palette.Count),
        .. Numbered('h', Palette.Shades),
        .. Numbered('g', Palette.Shades),
        .. Numbered('p', Palette.Ranks),
    ];

    /// <summary>On paper.</summary>
    public static string Light(string word) =>
        word switch
        {
            "ground" => "#ffffff",
            "ink" => "#1c1c1a",
            "muted" => "#5c5b57",
            "rule" => "#dedcd6",
            _ => Of(word, Palette.Light, Palette.LightShades, Palette.LightDepths, Palette.LightRanks),
        };

    /// <summary>At night.</summary>
    public static string Dark(string word) =>
        word switch
        {
            "ground" => "#171716",
            "ink" => "#e9e7e1",
            "muted" => "#aaa79f",
            "rule" => "#3a3936",
            _ => Of(word, Palette.Dark, Palette.DarkShades, Palette.DarkDepths, Palette.DarkRanks),
        };

    private static string Of(
        string word,
        IReadOnlyList<string> lines,
        IReadOnlyList<string> shades,
        IReadOnlyList<string> depths,
        IReadOnlyList<string> ranks
    )
    {
        int index = int.Parse(word.AsSpan(1), System.Globalization.CultureInfo.InvariantCulture);
        return (
            word[0] switch
            {
                'c' => lines,
                'h' => shades,
                'g' => depths,
                _ => ranks,
            }
        )[index];
    }

    private static IEnumerable<string> Numbered(char letter, int count) => Enumerable.Range(0, count).Select(i => $"{letter}{i}");
}
