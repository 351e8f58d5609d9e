namespace Rouser.Reports.Figures;

/// <summary>Where the names of curves stand.</summary>
internal static class Legends
{
    /// <summary>Whether the names are few and short enough to stand where the curves end.</summary>
    public static bool Fit(IReadOnlyList<string> names) => names.Count <= 4 && names.All(n => n.Length <= 15);

    /// <summary>A legend, the first style first.</summary>
    public static IReadOnlyList<LegendEntry> Of(IReadOnlyList<string> names) =>
        [.. names.Select((label, style) => new LegendEntry(style, label))];
}
