using System.Text;
using Rouser.Reports.Tables;

namespace Rouser.Reports.Figures;

/// <summary>Draws parallel coordinates.</summary>
internal static class ParallelSvg
{
    private const double Left = 60,
        Right = 90,
        Top = 62,
        Bottom = 286;

    /// <summary>
    /// Lines first, the best last; axes and their marks over them on a little ground, so that they can be read.
    /// </summary>
    public static void Draw(StringBuilder svg, ParallelPanel panel, bool page)
    {
        double step = (panel.Width - Left - Right) / (panel.Axes.Count - 1);
        Plane[] planes =
        [
            .. panel.Axes.Select(
                (a, i) =>
                    new Plane(Left + step * i, Left + step * i + 1, Top + panel.Offset, Bottom + panel.Offset, a.Range, a.Range)
            ),
        ];
        foreach (ParallelLine line in panel.Lines)
        {
            string[] values =
            [
                .. line.Places.Select(
                    (p, i) => i == panel.Axes.Count - 1 ? Format.Fixed(p, panel.Decimals) : panel.Axes[i].Range.Name(p)
                ),
            ];
            string words = string.Join(", ", values.Select((v, i) => $"{panel.Axes[i].Name} {v}"));
            svg.Append($"<path class=\"c p p{line.Shade}\"");
            if (page)
                svg.Append(
                    $" data-a=\"{Svg.Text(line.Arm)}\" data-s=\"{Svg.Text(line.Setting)}\" data-k=\"{Svg.Text(words)}\" data-n=\"{line.N}\""
                );
            svg.Append(" d=\"");
            for (int i = 0; i < planes.Length; i++)
                svg.Append(i == 0 ? 'M' : 'L')
                    .Append(Svg.Number(planes[i].Left))
                    .Append(' ')
                    .Append(Svg.Number(planes[i].Y(line.Places[i])));
            svg.Append("\"/>\n");
        }
        DrawRanks(svg, panel);
        for (int i = 0; i < planes.Length; i++)
            DrawAxis(svg, panel.Axes[i], planes[i], (int)(step / 6.2), last: i == planes.Length - 1);
    }

    private static void DrawRanks(StringBuilder svg, ParallelPanel panel)
    {
        double x = panel.Width - 12 - 78 - 30 * Palette.Ranks;
        string y = Svg.Number(30 + panel.Offset),
            line = Svg.Number(26.5 + panel.Offset);
        svg.Append($"<text class=\"tick\" text-anchor=\"end\" x=\"{Svg.Number(x - 6)}\" y=\"{y}\">{panel.Ends.Faint}</text>");
        for (int rank = 0; rank < Palette.Ranks; rank++)
            svg.Append($"<path class=\"p p{rank}\" d=\"M{Svg.Number(x + 30 * rank)} {line}h26\"/>");
        svg.Append($"<text class=\"tick\" x=\"{Svg.Number(x + 30 * Palette.Ranks + 4)}\" y=\"{y}\">{panel.Ends.Strong}</text>\n");
    }

    private static void DrawAxis(StringBuilder svg, ParallelAxis axis, Plane plane, int characters, bool last)
    {
        string x = Svg.Number(plane.Left);
        svg.Append(
            $"<path class=\"axis\" d=\"M{x} {Svg.Number(plane.Top)}V{Svg.Number(plane.Bottom)}\"/><text class=\"tick ink\" "
                + $"text-anchor=\"middle\" x=\"{x}\" "
                + $"y=\"{Svg.Number(plane.Top - 10)}\">{Svg.Text(Svg.Shorten(axis.Name, characters))}</text>"
        );
        int every = Math.Max(1, (int)Math.Ceiling(axis.Range.Ticks.Count * 13 / (Bottom - Top)));
        for (int i = 0; i < axis.Range.Ticks.Count; i += every)
        {
            double tick = axis.Range.Ticks[i];
            string label = Svg.Text(Svg.Shorten(axis.Range.Label(tick), last ? 12 : characters - 3));
            svg.Append(
                $"<text class=\"tick ink halo thick\" x=\"{Svg.Number(plane.Left + 5)}\" y=\"{Svg.Number(plane.Y(tick) + 3.7)}\">{label}</text>"
            );
        }
        svg.Append('\n');
    }
}
