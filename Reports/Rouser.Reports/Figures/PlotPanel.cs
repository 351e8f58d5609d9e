using Rouser.Reports.Tables;

namespace Rouser.Reports.Figures;

/// <summary>Curves over a common axis.</summary>
/// <param name="Title">What sets it apart from its neighbours.</param>
/// <param name="Unit">What the vertical axis measures, with the unit.</param>
/// <param name="Description">The same in words.</param>
/// <param name="XName">What the horizontal axis shows, such as <c>epoch</c>.</param>
/// <param name="X">Its range.</param>
/// <param name="Y">The vertical range.</param>
/// <param name="Decimals">Decimals of the values where they are read out.</param>
/// <param name="Curves">Drawn in order.</param>
internal sealed record PlotPanel(
    string Title,
    string Unit,
    string Description,
    string XName,
    Axis X,
    Axis Y,
    int Decimals,
    IReadOnlyList<Curve> Curves
) : FigurePanel(Title, Unit, Description)
{
    /// <summary>
    /// Characters to leave room for at the right, where curves are named at their ends and need no legend; 0 if they
    /// are not.
    /// </summary>
    public int NameRoom { get; init; }

    /// <summary>Whether dots are named by their settings, where there are few of them.</summary>
    public bool NamesDots { get; init; }

    protected override int BodyHeight => base.BodyHeight + 12 * (X.LabelLines - 1);

    public override IReadOnlyList<string> DataColumns { get; } =
    ["panel", "arm", "setting", "shown", "x_name", "x", "value", "low", "high", "n"];

    public override IEnumerable<IReadOnlyList<string>> DataRows =>
        Curves.SelectMany(curve => curve.Points.Select(point => DataRow(curve, point)));

    private IReadOnlyList<string> DataRow(Curve curve, CurvePoint point) =>
        [
            Title,
            curve.Arm,
            curve.Setting,
            curve.Shown,
            XName,
            X.Name(point.X),
            double.IsNaN(point.Value) ? "" : Format.Exact(point.Value),
            curve.HasRange ? Format.Exact(point.Low) : "",
            curve.HasRange ? Format.Exact(point.High) : "",
            Format.Integer(curve.N),
        ];
}

/// <summary>One thing followed over the horizontal axis.</summary>
/// <param name="Style">Colour and dash.</param>
/// <param name="Kind">How it is drawn.</param>
/// <param name="Name">What a reader is told it is.</param>
/// <param name="Arm">Its arm, so that a page can hide it.</param>
/// <param name="Setting">Its setting, in symbols.</param>
/// <param name="Shown">What value, low and high are: <c>mean, lowest to highest seed</c>.</param>
/// <param name="N">How many seeds are behind each point.</param>
/// <param name="Points">In the order of the horizontal axis.</param>
internal sealed record Curve(
    int Style,
    CurveKind Kind,
    string Name,
    string Arm,
    string Setting,
    string Shown,
    int N,
    IReadOnlyList<CurvePoint> Points
)
{
    /// <summary>Whether its points have a range.</summary>
    public bool HasRange => Points.Count > 0 && !double.IsNaN(Points[0].Low);

    /// <summary>
    /// What is drawn of it: as many points as a panel can show apart, evenly spaced, the first and the last among
    /// them. The CSV file has all.
    /// </summary>
    public IReadOnlyList<CurvePoint> Drawn =>
        Points.Count <= MostPoints || Kind == CurveKind.Dots
            ? Points
            : [.. Enumerable.Range(0, MostPoints).Select(i => Points[(int)((long)i * (Points.Count - 1) / (MostPoints - 1))])];

    /// <summary>A panel is some 290 units wide, so more points than that third would not be seen apart.</summary>
    public const int MostPoints = 100;
}

/// <summary>How a curve is drawn.</summary>
internal enum CurveKind
{
    /// <summary>A line with a band from low to high.</summary>
    Line,

    /// <summary>A thin line: a single seed.</summary>
    Faint,

    /// <summary>A wide, light band and no line.</summary>
    Band,

    /// <summary>Marks with a bar from low to high, joined by a line.</summary>
    Marks,

    /// <summary>A mark per point and nothing else.</summary>
    Dots,
}

/// <summary>A point of a curve.</summary>
/// <param name="X">Where.</param>
/// <param name="Value">What; NaN for a band.</param>
/// <param name="Low">Lower end of its range; NaN if it has none.</param>
/// <param name="High">Upper end; NaN if it has none.</param>
internal readonly record struct CurvePoint(double X, double Value, double Low = double.NaN, double High = double.NaN)
{
    /// <summary>The mean over seeds with their lowest and highest; of one seed, its value without a range.</summary>
    public static CurvePoint OverSeeds(double x, double[] seeds) =>
        seeds.Length == 1 ? new(x, seeds[0]) : new(x, seeds.Average(), seeds.Min(), seeds.Max());
}
