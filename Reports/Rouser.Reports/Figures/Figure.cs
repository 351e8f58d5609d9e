namespace Rouser.Reports.Figures;

/// <summary>A figure: panels side by side that share a legend.</summary>
/// <param name="Id">Names its files and its anchor.</param>
/// <param name="Title">A few words.</param>
/// <param name="Caption">What is shown, how it was taken, how seeds are shown, and which figure of the paper it
/// stands beside.</param>
/// <param name="Legend">What the lines are, in the order of their styles; empty where the panels say it
/// themselves.</param>
/// <param name="Panels">At least one; all of one kind.</param>
/// <param name="Columns">Panels per row where there is room.</param>
internal sealed record Figure(
    string Id,
    string Title,
    string Caption,
    IReadOnlyList<LegendEntry> Legend,
    IReadOnlyList<Panel> Panels,
    int Columns
)
{
    /// <summary>The figure of the paper that it stands beside; null for none.</summary>
    public PaperFigure? Paper { get; init; }
}

/// <summary>A line's name.</summary>
/// <param name="Style">Colour and dash.</param>
/// <param name="Label">What it is.</param>
internal sealed record LegendEntry(int Style, string Label);

/// <summary>
/// One plot of a figure. Its kinds: <see cref="PlotPanel"/>, <see cref="HeatPanel"/>, <see cref="BarPanel"/>,
/// <see cref="ParallelPanel"/>.
/// </summary>
/// <param name="Title">What sets it apart from its neighbours.</param>
/// <param name="Unit">What is measured, with the unit.</param>
/// <param name="Description">The same in words, for those who do not see it.</param>
internal abstract record Panel(string Title, string Unit, string Description)
{
    /// <summary>What most panels take from edge to edge, in units of length (pixels at their natural size).</summary>
    public const int UsualWidth = 340;

    /// <summary>Units of length from edge to edge.</summary>
    public virtual int Width => UsualWidth;

    /// <summary>Units of length from top to bottom.</summary>
    public virtual int Height => 230;

    /// <summary>The setting that all of it belongs to, so that a page can hide it; null if it shows several.</summary>
    public string? Setting { get; init; }

    /// <summary>The arm that all of it belongs to; null if it shows several.</summary>
    public string? Arm { get; init; }

    /// <summary>Names of the columns behind it, the same for all panels of a figure.</summary>
    public abstract IReadOnlyList<string> DataColumns { get; }

    /// <summary>The numbers drawn, with all their digits.</summary>
    public abstract IEnumerable<IReadOnlyList<string>> DataRows { get; }
}
