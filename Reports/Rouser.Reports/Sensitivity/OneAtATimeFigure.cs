using Rouser.Reports.Figures;
using Rouser.Reports.Model;
using Rouser.Reports.Tables;

namespace Rouser.Reports.Sensitivity;

/// <summary>What one factor does while all others stay where they are.</summary>
internal static class OneAtATimeFigure
{
    private const int MostPanels = 12;

    /// <summary>
    /// A panel per parameter, a curve per arm; null if no parameter has three levels and there are not two of them.
    /// </summary>
    public static Figure? Build(StudyResults study, Design design, Objective objective)
    {
        int[] factors = [.. design.ParameterFactors];
        if (factors.Length == 0 || (factors.Length == 1 && design.Factors[factors[0]].Levels.Count < 3))
            return null;
        (string[] arms, string armNote) = RankChoice.ArmsOf(study);
        int[] centre = Centre(design, factors);
        List<(Factor Factor, Curve[] Curves)> all = [];
        foreach (int factor in factors)
        {
            Curve[] curves =
            [
                .. arms.Select(arm => Draw(arm, study.StyleOf(arm), design, objective, centre, factors, factor))
                    .Where(c => c.Points.Count > 0),
            ];
            if (curves.Any(c => c.Points.Count > 1))
                all.Add((design.Factors[factor], curves));
        }
        if (all.Count == 0)
            return null;
        (Factor Factor, Curve[] Curves)[] drawn = [.. RankChoice.Largest(all, MostPanels, d => d.Curves.Max(Spread))];
        IEnumerable<CurvePoint> points = drawn.SelectMany(d => d.Curves).SelectMany(c => c.Points);
        Axis y = objective.Axis(points.SelectMany(p => (double[])[p.Value, p.Low, p.High]));
        bool named = LegendEntry.FitAtEnds(arms) && arms.Length > 1;
        int nameRoom = named ? arms.Max(a => a.Length) : 0;
        DesignPoint at = new(study.Rows[0], centre);
        string fixedAt = factors.Length == 1
                ? ""
                : $" The others stay at {design.Describe(at, [.. design.ArmFactors])}, the setting that most others differ "
                    + "from in one thing only (of equals, the one nearest the middle of all levels).",
            cut = drawn.Length < all.Count
                ? $" Drawn are {drawn.Length} of {all.Count} parameters, those along which an arm’s mean spreads most."
                : "";
        return new Figure(
            $"one-at-a-time-{study.Slug}",
            $"One thing at a time: {Seen(drawn, objective)}, study {study.Label}",
            $"How {objective.Description} depends on each parameter by itself, study {study.Label}.{fixedAt} Marks: mean over "
                + "seeds; bars: lowest to highest seed; where seeds are missing, of the others. Levels stand at equal "
                + $"distances. All panels share the vertical axis, which need not start at zero.{cut}{armNote}",
            named || arms.Length == 1 ? [] : LegendEntry.Of(arms, study.StyleOf),
            [.. drawn.Select(d => Draw(d.Factor, d.Curves, y, nameRoom, objective))],
            3
        );
    }

    private static double Spread(Curve curve) => curve.Points.Max(p => p.Value) - curve.Points.Min(p => p.Value);

    // The parameter along which an arm moves most, and from where to where.
    private static string Seen((Factor Factor, Curve[] Curves)[] drawn, Objective objective)
    {
        (Factor factor, Curve curve) = drawn.SelectMany(d => d.Curves.Select(c => (d.Factor, c))).MaxBy(d => Spread(d.c));
        return $"{objective.Name} moves most over {factor.Name}, from {At(curve.Points.MinBy(p => p.Value))} to "
            + $"{At(curve.Points.MaxBy(p => p.Value))} ({curve.Arm})";

        string At(CurvePoint point) => $"{objective.Text(point.Value)} at {factor.Levels[(int)point.X - 1]}";
    }

    private static PlotPanel Draw(Factor factor, Curve[] curves, Axis y, int nameRoom, Objective objective)
    {
        return new(
            $"over {factor.Name}",
            objective.Unit,
            $"{objective.Unit} over {factor.Name}. {string.Join(" ", curves.Select(Describe))}",
            factor.Name,
            Axis.Categories(factor.Levels),
            y,
            objective.Decimals,
            curves
        )
        {
            NameRoom = nameRoom,
        };

        string Describe(Curve curve) => $"{curve.Name}: {string.Join(", ", curve.Points.Select(Value))}.";

        string Value(CurvePoint point) => $"{Format.Fixed(point.Value, objective.Decimals)} at {factor.Levels[(int)point.X - 1]}";
    }

    /// <summary>
    /// The levels that most rows differ from in one factor only, arms aside; of equals those nearest the middle, then
    /// the plan's first, so that no result decides.
    /// </summary>
    private static int[] Centre(Design design, int[] factors)
    {
        DesignPoint[] distinct = [.. design.Points.DistinctBy(p => Key(p, factors, -1))];
        Dictionary<string, int> lines = new(StringComparer.Ordinal);
        foreach (DesignPoint point in distinct)
        {
            foreach (int factor in factors)
                lines[Key(point, factors, factor)] = lines.GetValueOrDefault(Key(point, factors, factor)) + 1;
        }
        return
        [
            .. distinct
                .OrderByDescending(p => factors.Sum(f => lines[Key(p, factors, f)]))
                .ThenBy(p => factors.Sum(f => Math.Abs((p.Levels[f] + 0.5) / design.Factors[f].Levels.Count - 0.5)))
                .First()
                .Levels,
        ];
    }

    // The levels of some factors, one of them left open.
    private static string Key(DesignPoint point, int[] factors, int open) =>
        string.Join(' ', factors.Select(f => f == open ? "*" : Format.Integer(point.Levels[f])));

    private static Curve Draw(string arm, int style, Design design, Objective objective, int[] centre, int[] factors, int factor)
    {
        List<CurvePoint> points = [];
        int n = 0;
        foreach (
            DesignPoint point in design
                .Points.Where(p => p.Row.Arm == arm && factors.All(f => f == factor || p.Levels[f] == centre[f]))
                .OrderBy(p => p.Levels[factor])
                .DistinctBy(p => p.Levels[factor])
        )
        {
            if (objective.Of(point.Row) is not { } seeds)
                continue;
            n = seeds.Length;
            points.Add(CurvePoint.OverSeeds(point.Levels[factor] + 1, seeds));
        }
        return new Curve(style, CurveKind.Marks, arm, arm, "", "mean (lowest to highest seed)", n, points);
    }
}
