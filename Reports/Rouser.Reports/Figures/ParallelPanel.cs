using Rouser.Reports.Tables;

namespace Rouser.Reports.Figures;

/// <summary>
/// Parallel coordinates: an axis for each thing that varies, the last one for what came of it, and a line for each
/// combination.
/// </summary>
/// <param name="Title">What sets it apart from its neighbours.</param>
/// <param name="Unit">What the last axis measures, with the unit.</param>
/// <param name="Description">The same in words.</param>
/// <param name="Axes">At least two.</param>
/// <param name="Lines">A place on each axis; the best drawn last.</param>
/// <param name="Decimals">Decimals of the last axis's values where they are read out.</param>
internal sealed record ParallelPanel(
    string Title,
    string Unit,
    string Description,
    IReadOnlyList<ParallelAxis> Axes,
    IReadOnlyList<ParallelLine> Lines,
    int Decimals
) : FigurePanel(Title, Unit, Description)
{
    /// <summary>What the faintest and the strongest line stand for.</summary>
    public required (string Faint, string Strong) Ends { get; init; }

    public override int Width => Math.Max(620, 130 * (Axes.Count - 1) + 150);

    protected override int BodyHeight => 300;

    public override IReadOnlyList<string> DataColumns => [.. Axes.Select(a => a.Name), "n"];

    public override IEnumerable<IReadOnlyList<string>> DataRows =>
        Lines.Select(IReadOnlyList<string> (l) => [.. l.Places.Select((p, i) => Axes[i].Range.Name(p)), Format.Integer(l.N)]);
}

/// <summary>One of the axes.</summary>
/// <param name="Name">What it shows.</param>
/// <param name="Range">Its marks.</param>
internal sealed record ParallelAxis(string Name, Axis Range);

/// <summary>A combination.</summary>
/// <param name="Shade">Its rank by what came of it, in <see cref="Palette.Ranks"/> steps; the highest is the
/// best.</param>
/// <param name="Setting">Its setting, in symbols.</param>
/// <param name="N">How many seeds are behind it.</param>
/// <param name="Places">One for each axis.</param>
internal sealed record ParallelLine(int Shade, string Arm, string Setting, int N, IReadOnlyList<double> Places);
