using Rouser.Reports.Tables;

namespace Rouser.Reports.Figures;

/// <summary>A figure: panels side by side that share a legend.</summary>
/// <param name="Id">Names its files and its anchor.</param>
/// <param name="Title">A few words.</param>
/// <param name="Caption">What is shown, how it was taken, and how seeds are shown.</param>
/// <param name="Legend">What the lines are, in the order of their styles; empty where the panels say it
/// themselves.</param>
/// <param name="Panels">At least one; all of one kind.</param>
/// <param name="Columns">Panels per row where there is room.</param>
public sealed record Figure(
    string Id,
    string Title,
    string Caption,
    IReadOnlyList<LegendEntry> Legend,
    IReadOnlyList<FigurePanel> Panels,
    int Columns
)
{
    /// <summary>Whether its legend stands for dots, not for lines.</summary>
    public bool IsOfDots => Panels.All(p => p is PlotPanel plot && plot.Curves.All(c => c.Kind == CurveKind.Dots));

    /// <summary>What it shows, so that published figures of the same can be found.</summary>
    public FigureKind Kind { get; init; }
}

/// <summary>What a figure of a study shows.</summary>
public enum FigureKind
{
    /// <summary>Something else.</summary>
    Other,

    /// <summary>Test accuracy per epoch.</summary>
    Accuracy,

    /// <summary>Test accuracy against a threshold that stays fixed.</summary>
    FixedThreshold,

    /// <summary>Active neurons per layer and epoch.</summary>
    ActiveNeurons,

    /// <summary>Thresholds per layer and epoch.</summary>
    Thresholds,

    /// <summary>Spikes at inference per layer and epoch.</summary>
    SpikeRate,

    /// <summary>Distance of the weights from the initial ones, per layer and epoch.</summary>
    DistanceInitial,

    /// <summary>Distance of the weights from the final ones, per layer and epoch.</summary>
    DistanceFinal,
}

/// <summary>A line's name.</summary>
/// <param name="Style">Colour and dash.</param>
public sealed record LegendEntry(int Style, string Label)
{
    /// <summary>A legend, the first style first.</summary>
    public static IReadOnlyList<LegendEntry> Of(IReadOnlyList<string> names) =>
        [.. names.Select((label, style) => new LegendEntry(style, label))];

    /// <summary>A legend of arms, each in its own style.</summary>
    public static IReadOnlyList<LegendEntry> Of(IReadOnlyList<string> arms, Func<string, int> style) =>
        [.. arms.Select(arm => new LegendEntry(style(arm), arm))];

    /// <summary>
    /// Whether the names are few and short enough to stand where the curves end, so that there need be no legend.
    /// </summary>
    public static bool FitAtEnds(IReadOnlyList<string> names) => names.Count <= 4 && names.All(n => n.Length <= 15);
}

/// <summary>
/// One plot of a figure: curves, a grid of shades, bars or parallel coordinates.
/// </summary>
/// <param name="Title">What sets it apart from its neighbours.</param>
/// <param name="Unit">What is measured, with the unit.</param>
/// <param name="Description">The same in words, for those who do not see it.</param>
public abstract record FigurePanel(string Title, string Unit, string Description)
{
    /// <summary>What most panels take from edge to edge, in units of length (pixels at their natural size).</summary>
    public const int DefaultWidth = 340;

    /// <summary>Units of length from edge to edge.</summary>
    public virtual int Width => DefaultWidth;

    /// <summary>The title in lines, since it is never cut off where it can be broken.</summary>
    public IReadOnlyList<string> TitleLines => [.. Format.Wrap(Title, (int)(Width / 7.8))];

    /// <summary>Units of length by which a title of several lines moves all that is below it.</summary>
    public int Offset => 15 * (TitleLines.Count - 1);

    /// <summary>Units of length from top to bottom.</summary>
    public int Height => BodyHeight + Offset;

    /// <summary>The same under a title of one line.</summary>
    protected virtual int BodyHeight => 230;

    /// <summary>The setting that all of it belongs to, so that a page can hide it; null if it shows several.</summary>
    public string? Setting { get; init; }

    /// <summary>The arm that all of it belongs to; null if it shows several.</summary>
    public string? Arm { get; init; }

    /// <summary>Names of the columns behind it, the same for all panels of a figure.</summary>
    public abstract IReadOnlyList<string> DataColumns { get; }

    /// <summary>The numbers drawn, with all their digits.</summary>
    public abstract IEnumerable<IReadOnlyList<string>> DataRows { get; }
}
