using Rouser.Reports.Tables;

namespace Rouser.Reports.Figures;

/// <summary>Horizontal bars from zero, each with its name and its number.</summary>
/// <param name="Title">What sets it apart from its neighbours.</param>
/// <param name="Unit">What the length measures, with the unit.</param>
/// <param name="Description">The same in words.</param>
/// <param name="Bars">From the top.</param>
/// <param name="Decimals">Decimals of the numbers.</param>
internal sealed record BarPanel(string Title, string Unit, string Description, IReadOnlyList<Bar> Bars, int Decimals)
    : FigurePanel(Title, Unit, Description)
{
    protected override int BodyHeight => 46 + 34 * Bars.Count;

    public override IReadOnlyList<string> DataColumns { get; } = ["panel", "name", "value"];

    public override IEnumerable<IReadOnlyList<string>> DataRows =>
        Bars.Select(IReadOnlyList<string> (b) => [Title, b.Name, Format.Exact(b.Value)]);
}

/// <summary>A bar.</summary>
/// <param name="Value">At least 0.</param>
/// <param name="Style">Its colour.</param>
internal readonly record struct Bar(string Name, double Value, int Style);
