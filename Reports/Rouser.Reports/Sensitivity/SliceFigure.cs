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
        (string[] arms, string armNote) = RankChoice.ArmsOf(study);
        (int[] drawn, string left) = LevelMeans.Widest(design, factors, MostPanels, objective, "parameters");
        Slice[] trials =
        [
            .. design
                .Points.Where(p => arms.Contains(p.Row.Arm))
                .SelectMany(p => p.Row.Completed.Select(r => (Point: p, Value: objective.Of(r))))
                .Where(t => t.Value is not null)
                .Select(t => new Slice(t.Point, t.Value!.Value)),
        ];
        if (trials.Length == 0)
            return null;
        Slice[] shown = [.. RankChoice.Evenly(trials, MostDots, t => t.Value)];
        Axis y = objective.Axis(shown.Select(t => t.Value));
        LevelMeans widest = drawn.Select(f => LevelMeans.Of(design, f, objective)).MaxBy(m => m.Spread)!;
        string notes = RankChoice.Note(shown.Length, trials.Length, "trials") + left + armNote;
        return new Figure(
            $"slices-{study.Slug}",
            $"Trials against each parameter: {objective.Name} differs most over {widest.Factor.Name}, "
                + $"{widest.Describe(objective)}, study {study.Label}",
            $"Slices: {objective.Description} of every completed trial (a mark each: one seed of one setting) against each "
                + $"parameter, whatever the others are, study {study.Label}. Levels stand at equal "
                + $"distances{(arms.Length > 1 ? ", arms beside each other" : "")}.{notes}",
            arms.Length == 1 ? [] : LegendEntry.Of(arms, study.StyleOf),
            [.. drawn.Select(factor => Draw(design.Factors[factor], factor, shown, arms, study.StyleOf, y, objective))],
            3
        );
    }

    private static PlotPanel Draw(
        Factor factor,
        int index,
        Slice[] trials,
        string[] arms,
        Func<string, int> style,
        Axis y,
        Objective objective
    )
    {
        IEnumerable<string> highest =
            from level in Enumerable.Range(0, factor.Levels.Count)
            let values = trials.Where(t => t.Point.Levels[index] == level).Select(t => t.Value)
            where values.Any()
            select $"{Format.Fixed(values.Max(), objective.Decimals)} at {factor.Levels[level]}";
        return new PlotPanel(
            $"against {factor.Name}",
            objective.Unit,
            $"{objective.Unit} of each trial against {factor.Name}. Highest: {string.Join(", ", highest.Take(12))}.",
            factor.Name,
            Axis.Categories(factor.Levels),
            y,
            objective.Decimals,
            [.. arms.Select((arm, place) => new Curve(style(arm), CurveKind.Dots, arm, arm, "", "a trial", 1, Dots(arm, place)))]
        );

        // Arms stand a little apart, so that one does not hide another.
        CurvePoint[] Dots(string arm, int place) =>
            [
                .. trials
                    .Where(t => t.Point.Row.Arm == arm)
                    .OrderBy(t => t.Point.Levels[index])
                    .Select(t => new CurvePoint(t.Point.Levels[index] + 1 + Apart(place, arms.Length), t.Value)),
            ];
    }

    private static double Apart(int style, int arms) => arms == 1 ? 0 : 0.5 * ((style + 0.5) / arms - 0.5);

    /// <summary>A trial at its levels, with its result.</summary>
    private sealed record Slice(DesignPoint Point, double Value);
}
