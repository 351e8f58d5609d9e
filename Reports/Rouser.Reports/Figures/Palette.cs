namespace Rouser.Reports.Figures;

/// <summary>
/// Colours that red-green and blue-yellow blind readers can tell apart (after Okabe and Ito, darkened for a light
/// ground and lightened for a dark one to at least 4.5:1, because lines are named in their colour), each with a dash
/// pattern of its own, so that a print without colour can be read too.
/// </summary>
internal static class Palette
{
    /// <summary>Steps of a heat map's shade.</summary>
    public const int Shades = 10;

    /// <summary>Steps of a rank in parallel coordinates.</summary>
    public const int Ranks = 5;

    /// <summary>In the order of <see cref="Sweeps.ReportSettings.ColorNames"/>.</summary>
    public static IReadOnlyList<string> Light { get; } = ["#0067a5", "#b84700", "#00755a", "#a13d7d", "#7a5c00", "#4d4d4d"];

    public static IReadOnlyList<string> Dark { get; } = ["#62b5ee", "#ff9455", "#35c4a0", "#e79bc9", "#e3c04d", "#c4c4c4"];

    public static IReadOnlyList<string> Dashes { get; } = ["", "7 3", "2 3", "9 3 2 3", "12 4", "4 2 1 2 1 2"];

    public static int Count => Light.Count;

    /// <summary>
    /// Looks of lines: each colour with the dash of its own, then each with that of another, so that a dozen arms are
    /// told apart.
    /// </summary>
    public static int Looks => 2 * Count;

    /// <summary>The look of a style, which may be any number from 0.</summary>
    public static int Look(int style) => style % Looks;

    /// <summary>The colour of a look.</summary>
    public static int Colour(int look) => look % Count;

    /// <summary>The dashes of a look.</summary>
    public static string Dash(int look) => Dashes[(look + (look < Count ? 0 : Count / 2)) % Count];

    /// <summary>From near the ground to a blue on which ink is still read at 4.5:1.</summary>
    public static IReadOnlyList<string> LightShades { get; } = Between(0xeef3f7, 0x6ba6d6, Shades);

    /// <summary>The same on a dark ground.</summary>
    public static IReadOnlyList<string> DarkShades { get; } = Between(0x1f2429, 0x1f5f92, Shades);

    /// <summary>Shades of cells without text, which may be as strong as the ground allows.</summary>
    public static IReadOnlyList<string> LightDepths { get; } = Between(0xe4edf4, 0x0a4c82, Shades);

    /// <summary>The same on a dark ground.</summary>
    public static IReadOnlyList<string> DarkDepths { get; } = Between(0x22303b, 0x9ad4ff, Shades);

    /// <summary>From a grey that stays in the background to the blue of the best.</summary>
    public static IReadOnlyList<string> LightRanks { get; } = Between(0xcfccc4, 0x0067a5, Ranks);

    /// <summary>The same on a dark ground.</summary>
    public static IReadOnlyList<string> DarkRanks { get; } = Between(0x4a4946, 0x62b5ee, Ranks);

    // Evenly in sRGB, which is near enough to even for the eye.
    private static string[] Between(int from, int to, int steps)
    {
        return [.. Enumerable.Range(0, steps).Select(i => $"#{Channel(16, i):x2}{Channel(8, i):x2}{Channel(0, i):x2}")];

        int Channel(int shift, int step)
        {
            double low = (from >> shift) & 255,
                high = (to >> shift) & 255;
            return (int)Math.Round(low + (high - low) * step / (steps - 1));
        }
    }
}
