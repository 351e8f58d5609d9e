using System.Text;

namespace Rouser.Reports.Figures;

/// <summary>Draws numbers with their intervals.</summary>
internal static class IntervalSvg
{
    private const double Top = 40,
        Character = 5.9;

    /// <summary>
    /// Over each mark its name to the left and its number to the right; beside it a piece of the rule at zero, where
    /// the axis has it.
    /// </summary>
    public static void Draw(StringBuilder svg, IntervalPanel panel)
    {
        Plane plane = new(12, panel.Width - 12, Top + panel.Offset, panel.Height - 34, panel.X, panel.X);
        plane.DrawXAxis(svg, "");
        for (int i = 0; i < panel.Marks.Count; i++)
            Draw(svg, panel, plane, panel.Marks[i], Top + panel.Offset + 14 + IntervalPanel.MarkHeight * i);
    }

    private static void Draw(StringBuilder svg, IntervalPanel panel, Plane plane, IntervalMark mark, double y)
    {
        int room = (int)((panel.Width - 4) / Character) - mark.Text.Length - 1;
        svg.Append($"<text class=\"tick ink halo\" x=\"2\" y=\"{Svg.Number(y)}\">{Svg.Text(Svg.Shorten(mark.Name, room))}</text>")
            .Append($"<text class=\"tick ink halo\" text-anchor=\"end\" x=\"{panel.Width - 2}\" ")
            .Append($"y=\"{Svg.Number(y)}\">{Svg.Text(mark.Text)}</text>");
        // Between the texts, so that it crosses none.
        if (panel.X is { Low: <= 0, High: >= 0 })
            svg.Append($"<path class=\"axis\" d=\"M{Svg.Number(plane.X(0))} {Svg.Number(y + 3)}v20\"/>");
        string line = Svg.Number(y + 9);
        svg.Append($"<g class=\"s{Palette.Look(mark.Style)}\">");
        if (mark.Value is { Low: { } low, High: { } high })
            svg.Append($"<path class=\"line solid\" d=\"M{Svg.Number(plane.X(low))} {line}H{Svg.Number(plane.X(high))}\"/>");
        svg.Append($"<circle class=\"dot\" cx=\"{Svg.Number(plane.X(mark.Value.Value))}\" cy=\"{line}\" r=\"3.6\"/></g>\n");
    }
}
