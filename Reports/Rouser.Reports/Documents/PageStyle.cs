using Rouser.Reports.Figures;

namespace Rouser.Reports.Documents;

/// <summary>The page's style, <c>page.css</c>, with that of the figures.</summary>
internal static class PageStyle
{
    /// <summary>The style sheet.</summary>
    public static string Css { get; } = $"{Page()}\n{FigureSvg.Shapes}{FigureSvg.Colours(word => $"var(--{word})")}\n";

    private static string Page() =>
        StyleSheet
            .Read("page.css")
            .Replace("$LIGHT", Variables(Scheme.Light), StringComparison.Ordinal)
            .Replace("$DARK", Variables(Scheme.Dark), StringComparison.Ordinal)
            .Replace("$TIPS", string.Concat(Enumerable.Range(0, Palette.Looks).Select(TipColour)), StringComparison.Ordinal);

    private static string TipColour(int look) => $".tip .s{look} i{{background:var(--c{Palette.Colour(look)})}}";

    private static string Variables(Func<string, string> colour) =>
        string.Concat(Scheme.ColourNames.Select(name => $"--{name}:{colour(name)};"));
}
