namespace Rouser.Reports.Figures;

/// <summary>A figure: panels side by side that share a legend.</summary>
/// <param name="Id">Names its file and its anchor.</param>
/// <param name="Title">A few words.</param>
/// <param name="Caption">What is shown and how it was taken.</param>
/// <param name="Legend">What the lines are, in the order of their styles.</param>
/// <param name="Panels">At least one.</param>
/// <param name="Columns">Panels per row where there is room.</param>
internal sealed record Figure(string Id, string Title, string Caption, IReadOnlyList<LegendEntry> Legend, IReadOnlyList<Panel> Panels, int Columns);

/// <summary>A line's name.</summary>
/// <param name="Style">Colour and dash.</param>
/// <param name="Label">What it is.</param>
internal sealed record LegendEntry(int Style, string Label);

/// <summary>One plot over epochs.</summary>
/// <param name="Title">What sets it apart from its neighbours.</param>
/// <param name="Unit">What the vertical axis measures, with the unit.</param>
/// <param name="Description">The same in words, for those who do not see it.</param>
/// <param name="X">Epochs.</param>
/// <param name="Y">Values.</param>
/// <param name="Bands">Drawn first, in order.</param>
/// <param name="Lines">Drawn over them, in order.</param>
internal sealed record Panel(string Title, string Unit, string Description, Axis X, Axis Y, IReadOnlyList<Band> Bands, IReadOnlyList<Line> Lines);

/// <summary>A line over epochs 1, 2, 3 …</summary>
/// <param name="Style">Colour and dash.</param>
/// <param name="Values">One per epoch, from the first.</param>
/// <param name="Faint">A single seed, or an extreme, not the thing to look at.</param>
internal sealed record Line(int Style, IReadOnlyList<double> Values, bool Faint = false);

/// <summary>An area between two values per epoch.</summary>
/// <param name="Style">Colour.</param>
/// <param name="Low">Lower edge per epoch.</param>
/// <param name="High">Upper edge per epoch.</param>
/// <param name="Strong">The inner one of two.</param>
internal sealed record Band(int Style, IReadOnlyList<double> Low, IReadOnlyList<double> High, bool Strong = false);
