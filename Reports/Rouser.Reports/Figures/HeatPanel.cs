using Rouser.Reports.Tables;

namespace Rouser.Reports.Figures;

/// <summary>A grid of cells, the darker (in the dark scheme, the lighter) the larger their value.</summary>
/// <param name="Title">What sets it apart from its neighbours.</param>
/// <param name="Unit">What the shade means, with the unit.</param>
/// <param name="Description">The same in words.</param>
/// <param name="Value">What a cell's number is, in a word or two.</param>
/// <param name="XName">What the horizontal axis shows.</param>
/// <param name="YName">What the vertical axis shows.</param>
/// <param name="X">Its range.</param>
/// <param name="Y">The vertical range.</param>
/// <param name="XEdges">Cells' left edges, and the last one's right edge.</param>
/// <param name="YEdges">Cells' lower edges, and the last one's upper edge.</param>
/// <param name="Cells">Row by row from the lower edge; null where there is nothing.</param>
/// <param name="Low">The value of the faintest shade.</param>
/// <param name="High">The value of the strongest shade.</param>
/// <param name="Decimals">Decimals of the values; shown in the cells if there is room.</param>
internal sealed record HeatPanel(
    string Title,
    string Unit,
    string Description,
    string Value,
    string XName,
    string YName,
    Axis X,
    Axis Y,
    IReadOnlyList<double> XEdges,
    IReadOnlyList<double> YEdges,
    IReadOnlyList<IReadOnlyList<HeatCell?>> Cells,
    double Low,
    double High,
    int Decimals
) : FigurePanel(Title, Unit, Description)
{
    protected override int BodyHeight => Y.Names is { } rows ? 74 + 30 * rows.Count + 12 * (X.LabelLines - 1) : base.BodyHeight;

    /// <summary>Whether the values stand in the cells.</summary>
    public bool HasText => X.Names is { Count: <= 8 } && Y.Names is not null;

    /// <summary>The cell's shade, from 0 to <see cref="Palette.Shades"/> − 1.</summary>
    public int Shade(double value)
    {
        double share = High > Low ? (value - Low) / (High - Low) : 1;
        return Math.Clamp((int)(share * Palette.Shades), 0, Palette.Shades - 1);
    }

    public override IReadOnlyList<string> DataColumns { get; } =
    ["panel", "x_name", "x_from", "x_to", "y_name", "y_from", "y_to", "value", "n"];

    public override IEnumerable<IReadOnlyList<string>> DataRows
    {
        get
        {
            for (int y = 0; y < Cells.Count; y++)
            {
                for (int x = 0; x < Cells[y].Count; x++)
                {
                    if (Cells[y][x] is not { } cell)
                        continue;
                    yield return
                    [
                        Title,
                        XName,
                        .. Edges(X, XEdges, x),
                        YName,
                        .. Edges(Y, YEdges, y),
                        Format.Exact(cell.Value),
                        Format.Integer(cell.N),
                    ];
                }
            }
        }
    }

    // A category is between its edges; a number has both of them.
    private static string[] Edges(Axis axis, IReadOnlyList<double> edges, int cell) =>
        axis.Names is { } names ? [names[cell], names[cell]] : [Format.Exact(edges[cell]), Format.Exact(edges[cell + 1])];
}

/// <summary>A cell of a grid.</summary>
/// <param name="N">How many trials are behind it.</param>
internal readonly record struct HeatCell(double Value, int N);
