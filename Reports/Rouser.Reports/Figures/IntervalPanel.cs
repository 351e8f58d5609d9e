using Rouser.Reports.Statistics;
using Rouser.Reports.Tables;

namespace Rouser.Reports.Figures;

/// <summary>Numbers with their intervals, one below the other over a common axis, each under its name.</summary>
/// <param name="Title">What sets it apart from its neighbours.</param>
/// <param name="Unit">What the axis measures, with the unit.</param>
/// <param name="Description">The same in words.</param>
/// <param name="X">The axis.</param>
/// <param name="Marks">From the top.</param>
internal sealed record IntervalPanel(string Title, string Unit, string Description, Axis X, IReadOnlyList<IntervalMark> Marks)
    : FigurePanel(Title, Unit, Description)
{
    /// <summary>Units of length that a mark takes with its name.</summary>
    public const int MarkHeight = 34;

    protected override int BodyHeight => 74 + MarkHeight * Marks.Count;

    public override IReadOnlyList<string> DataColumns { get; } = ["panel", "name", "value", "low", "high", "n"];

    public override IEnumerable<IReadOnlyList<string>> DataRows =>
        Marks.Select(
            IReadOnlyList<string> (m) =>
                [Title, m.Name, Format.Exact(m.Value.Value), End(m.Value.Low), End(m.Value.High), Format.Integer(m.Value.N)]
        );

    private static string End(double? value) => value is { } v ? Format.Exact(v) : "";
}

/// <summary>A number.</summary>
/// <param name="Text">How it reads, with its interval.</param>
/// <param name="Style">Its colour.</param>
internal sealed record IntervalMark(string Name, string Text, Estimate Value, int Style);
