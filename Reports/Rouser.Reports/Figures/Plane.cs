using System.Text;
using Rouser.Reports.Tables;

namespace Rouser.Reports.Figures;

/// <summary>
/// The rectangle that a panel draws its data in, and how values become places there. Units of length, y downwards.
/// </summary>
/// <param name="Left">Its left edge.</param>
/// <param name="Right">Its right edge.</param>
/// <param name="Top">Its upper edge.</param>
/// <param name="Bottom">Its lower edge.</param>
/// <param name="XAxis">Over <paramref name="Left"/> to <paramref name="Right"/>.</param>
/// <param name="YAxis">Over <paramref name="Bottom"/> to <paramref name="Top"/>.</param>
internal readonly record struct Plane(double Left, double Right, double Top, double Bottom, Axis XAxis, Axis YAxis)
{
    // Six units a character are enough for digits and small letters of 10.5 px type.
    private const double Character = 6.1;

    // What a panel has at least to the right of its data.
    private const double EdgeRoom = 10;

    /// <summary>Where a value stands horizontally.</summary>
    public double X(double value) => Left + (value - XAxis.Low) / (XAxis.High - XAxis.Low) * (Right - Left);

    /// <summary>
    /// Where a value stands vertically. A value that is no number is drawn at the lower end: a gap in a path would be
    /// lost in a band.
    /// </summary>
    public double Y(double value)
    {
        double share = (value - YAxis.Low) / (YAxis.High - YAxis.Low);
        return Bottom - (double.IsNaN(share) ? 0 : Math.Clamp(share, 0, 1)) * (Bottom - Top);
    }

    /// <summary>
    /// Marks below: with as many of an axis of names as fit, each value of a setting on a line of its own.
    /// </summary>
    public void DrawXAxis(StringBuilder svg, string name)
    {
        int widest = XAxis.Names is null ? 1 : Math.Max(1, XAxis.Names.Max(n => Axis.Lines(n).Max(l => l.Length)));
        double slot = XAxis.Names is null ? double.MaxValue : (Right - Left) / XAxis.Names.Count;
        int most = Math.Max(6, (int)(slot / Character)),
            every = XAxis.Names is null ? 1 : Math.Max(1, (int)Math.Ceiling((Math.Min(widest, 9) + 1) * Character / slot));
        for (int i = 0; i < XAxis.Ticks.Count; i++)
        {
            string x = Svg.Number(X(XAxis.Ticks[i]));
            svg.Append($"<path class=\"axis\" d=\"M{x} {Svg.Number(Bottom)}v4\"/>");
            if (i % every != 0)
                continue;
            string[] lines = Axis.Lines(XAxis.Label(XAxis.Ticks[i]));
            // A long number at the right edge ends there.
            bool isCut = XAxis.Names is null && X(XAxis.Ticks[i]) + lines[0].Length * Character / 2 > Right + EdgeRoom;
            string anchor = isCut ? "end" : "middle",
                place = isCut ? Svg.Number(Right + EdgeRoom) : x;
            for (int line = 0; line < lines.Length; line++)
                svg.Append(
                    $"<text class=\"tick\" text-anchor=\"{anchor}\" x=\"{place}\" "
                        + $"y=\"{Svg.Number(Bottom + 15 + 12 * line)}\">{Svg.Text(Svg.Shorten(lines[line], most * every))}</text>"
                );
            svg.Append('\n');
        }
        svg.Append($"<path class=\"axis\" d=\"M{Svg.Number(Left)} {Svg.Number(Bottom)}H{Svg.Number(Right)}\"/>");
        svg.Append(
            $"<text class=\"unit\" text-anchor=\"end\" x=\"{Svg.Number(Right)}\" "
                + $"y=\"{Svg.Number(Bottom + 16 + 12 * XAxis.LabelLines)}\">{Svg.Text(name)}</text>\n"
        );
    }

    /// <summary>Rules across at the marks, with their numbers to the left.</summary>
    public void DrawYAxis(StringBuilder svg)
    {
        foreach (double tick in YAxis.Ticks)
        {
            svg.Append($"<path class=\"grid\" d=\"M{Svg.Number(Left)} {Svg.Number(Y(tick))}H{Svg.Number(Right)}\"/>");
            svg.Append(
                $"<text class=\"tick\" text-anchor=\"end\" x=\"{Svg.Number(Left - 6)}\" "
                    + $"y=\"{Svg.Number(Y(tick) + 3.7)}\">{Svg.Text(YAxis.Label(tick))}</text>\n"
            );
        }
    }

    /// <summary>What a script needs to turn a pointer's place into values.</summary>
    public string Attributes() =>
        $" data-box=\"{Svg.Number(Left)} {Svg.Number(Right)} {Svg.Number(Top)} {Svg.Number(Bottom)}\" "
        + $"data-x=\"{Format.Exact(XAxis.Low)} {Format.Exact(XAxis.High)}\" "
        + $"data-y=\"{Format.Exact(YAxis.Low)} {Format.Exact(YAxis.High)}\"";
}
