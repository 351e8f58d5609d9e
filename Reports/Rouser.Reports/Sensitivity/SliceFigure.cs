using Rouser.Reports.Figures;
using Rouser.Reports.Model;
using Rouser.Reports.Tables;

namespace Rouser.Reports.Sensitivity;

/// <summary>Every trial's result against each parameter, whatever the others are.</summary>
internal static class SliceFigure
{
    private const int MostPanels = 12,
        MostDots = 400;

    /// <summary>
    /// A panel per parameter; null if fewer than two parameters vary, because then <see cref="OneAtATimeFigure"/>
    /// shows the same.
    /// </summary>
    public static Figure? Build(StudyResults study, Design design, Objective objective)
    {
        int[] factors = [.. design.ParameterFactors];
        if (factors.Length < 2)
            return null;
        string[] arms = [.. study.Arms.Take(Palette.Count)];
        var trials = design
            .Points.SelectMany(p => p.Row.Completed.Select(r => (Point: p, Value: objective.Of(r))))
            .Where(t => t.Value is not null && arms.Contains(t.Point.Row.Arm))
            .ToArray();
        if (trials.Length == 0)
            return null;
        // Evenly by rank, so that the extremes stay in.
        var shown =
            trials.Length <= MostDots
                ? trials
                :
                [
                    .. trials
                        .OrderBy(t => t.Value)
                        .Where(
                            (_, i) =>
                                (long)i * (MostDots - 1) / (trials.Length - 1)
                                    != (long)(i - 1) * (MostDots - 1) / (trials.Length - 1)
                                || i == 0
                        ),
                ];
        Axis y = Axis.Over(shown.Select(t => t.Value!.Value));
        List<Panel> panels = [];
        foreach (int factor in factors.Take(MostPanels))
        {
            Factor own = design.Factors[factor];
            // Arms stand a little apart, so that one does not hide another.
            Curve[] curves =
            [
                .. arms.Select(
                    (arm, style) =>
                        new Curve(
                            style,
                            CurveKind.Dots,
                            arm,
                            arm,
                            "",
                            "a trial",
                            1,
                            [
                                .. shown
                                    .Where(t => t.Point.Row.Arm == arm)
                                    .OrderBy(t => t.Point.Levels[factor])
                                    .Select(t => new Point(
                                        t.Point.Levels[factor] + 1 + Apart(style, arms.Length),
                                        t.Value!.Value
                                    )),
                            ]
                        )
                ),
            ];
            double[] means =
            [
                .. Enumerable
                    .Range(0, own.Levels.Count)
                    .Select(l =>
                        shown.Where(t => t.Point.Levels[factor] == l).Select(t => t.Value!.Value).DefaultIfEmpty(double.NaN).Max()
                    ),
            ];
            string best = string.Join(
                ", ",
                means
                    .Select((m, l) => (m, l))
                    .Where(m => !double.IsNaN(m.m))
                    .Take(12)
                    .Select(m => $"{Format.Fixed(m.m, objective.Decimals)} at {own.Levels[m.l]}")
            );
            panels.Add(
                new PlotPanel(
                    $"against {own.Name}",
                    objective.Unit,
                    $"{objective.Unit} of each trial against {own.Name}. Highest: {best}.",
                    own.Name,
                    Axis.Categories(own.Levels),
                    y,
                    objective.Decimals,
                    curves
                )
            );
        }
        string thinned =
            shown.Length < trials.Length ? $" Drawn are {shown.Length} of {trials.Length} trials, evenly by rank." : "";
        return new Figure(
            $"slices-{StudyTables.Slug(study.Name)}",
            $"Trials against each parameter, study {study.Label}",
            $"Slices: {objective.Words} of every completed trial (a mark each: one seed of one setting) against "
                + $"each parameter, whatever the others are, study {study.Label}. Levels stand at equal "
                + $"distances{(arms.Length > 1 ? ", arms beside each other" : "")}.{thinned}{(factors.Length > MostPanels ? $" Drawn are the first {MostPanels} of {factors.Length} parameters." : "")}",
            arms.Length == 1 ? [] : Legends.Of(arms),
            panels,
            3
        );
    }

    private static double Apart(int style, int arms) => arms == 1 ? 0 : 0.5 * ((style + 0.5) / arms - 0.5);
}
