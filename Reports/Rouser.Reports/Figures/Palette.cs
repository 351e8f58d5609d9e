namespace Rouser.Reports.Figures;

/// <summary>
/// Colours that red-green and blue-yellow blind readers can tell apart (after Okabe and Ito, darkened for a light ground and lightened for a dark one to
/// at least 3:1), each with a dash pattern of its own, so that a print without colour can be read too.
/// </summary>
internal static class Palette
{
    public static IReadOnlyList<string> Light { get; } = ["#0067a5", "#c44e00", "#00795a", "#a13d7d", "#7a5c00", "#4d4d4d"];

    public static IReadOnlyList<string> Dark { get; } = ["#62b5ee", "#ff9455", "#35c4a0", "#e79bc9", "#e3c04d", "#c4c4c4"];

    public static IReadOnlyList<string> Dashes { get; } = ["", "7 3", "2 3", "9 3 2 3", "12 4", "4 2 1 2 1 2"];

    public static int Count => Light.Count;
}
