using Rouser.Reports.Figures;
using Rouser.Reports.Model;
using Rouser.Reports.Tables;
using Rouser.Snn.Thresholds;

namespace Rouser.Reports.Sensitivity;

/// <summary>The objective by initial threshold and arm.</summary>
internal static class ArmHeatMap
{
    private const int MostPanels = 6,
        MostLevels = 24,
        MostArms = 16;

    /// <summary>
    /// A panel for each setting of everything else; null if the initial threshold or the arm does not vary.
    /// </summary>
    public static Figure? Build(StudyResults study, Design design, Objective objective)
    {
        int factor = design.IndexOf(ThresholdRule.InitParameter.Name);
        if (factor < 0 || study.Arms.Count < 2)
            return null;
        Factor threshold = design.Factors[factor];
        string[] arms = [.. study.Arms.Take(MostArms)],
            levels = [.. threshold.Levels.Take(MostLevels)];
        int[] apart = [.. design.Factors.Select((f, i) => f.IsArm || i == factor ? i : -1)];
        IGrouping<string, DesignPoint>[] groups =
        [
            .. design.Points.GroupBy(p => design.Describe(p, apart), StringComparer.Ordinal),
        ];
        List<(string Title, HeatCell?[][] Cells)> grids =
        [
            .. groups.Take(MostPanels).Select(g => (g.Key, Cells(g, arms, levels.Length, factor, objective))),
        ];
        double[] values = [.. grids.SelectMany(g => g.Cells.SelectMany(row => row)).OfType<HeatCell>().Select(c => c.Value)];
        if (values.Length == 0)
            return null;
        FigurePanel[] panels =
        [
            .. grids
                .Where(g => g.Cells.Any(row => row.Any(c => c is not null)))
                .Select(g => Draw(g.Title, g.Cells, [.. arms.Reverse()], levels, threshold.Name, values, objective)),
        ];
        string[] together =
        [
            .. threshold.Parameters.Where(p => p != ThresholdRule.InitParameter.Name).Select(SettingLabel.Symbol),
        ];
        bool hasGaps = grids.Exists(g => g.Cells.Any(row => row.Any(c => c is null))),
            isCut = arms.Length < study.Arms.Count || levels.Length < threshold.Levels.Count;
        return new Figure(
            $"threshold-by-arm-{study.Slug}",
            $"Initial threshold by arm: from {Format.Fixed(values.Min(), objective.Decimals)} to "
                + $"{Format.Fixed(values.Max(), objective.Decimals)}, study {study.Label}",
            $"Mean over seeds of {objective.Description} by initial threshold and arm, study {study.Label}."
                + (together.Length > 0 ? $" With the threshold change {string.Join(" and ", together)}." : "")
                + (hasGaps ? " Where a cell is empty, there is no result or nothing was planned." : "")
                + (panels.Length > 1 ? " All panels share the shades." : "")
                + (
                    groups.Length > MostPanels
                        ? $" Drawn are the first {MostPanels} of {groups.Length} settings of the other parameters."
                        : ""
                )
                + (isCut ? $" Drawn are the first {arms.Length} arms and {levels.Length} thresholds." : ""),
            [],
            panels,
            3
        );
    }

    private static HeatPanel Draw(
        string title,
        HeatCell?[][] cells,
        string[] rows,
        string[] levels,
        string name,
        double[] values,
        Objective objective
    )
    {
        return new(
            title.Length == 0 ? $"{name} by arm" : title,
            objective.Unit,
            $"{objective.Unit}. {string.Join(" ", cells.Select((row, y) => $"{rows[y]}: {Describe(row)}."))}",
            objective.Unit,
            name,
            "arm",
            Axis.Categories(levels),
            Axis.Categories(rows),
            Edges(levels.Length),
            Edges(rows.Length),
            cells,
            values.Min(),
            values.Max(),
            objective.Decimals
        );

        string Describe(HeatCell?[] row) => string.Join(", ", row.Select((c, x) => $"{Value(c)} at {levels[x]}"));

        string Value(HeatCell? cell) => cell is { } c ? Format.Fixed(c.Value, objective.Decimals) : "none";
    }

    // The sweep's first arm on top, so in the last row.
    private static HeatCell?[][] Cells(
        IEnumerable<DesignPoint> points,
        string[] arms,
        int levels,
        int factor,
        Objective objective
    )
    {
        HeatCell?[][] cells = [.. arms.Select(_ => new HeatCell?[levels])];
        foreach (DesignPoint point in points)
        {
            int arm = Array.IndexOf(arms, point.Row.Arm);
            if (arm >= 0 && point.Levels[factor] < levels && objective.Of(point.Row) is { } seeds)
                cells[arms.Length - 1 - arm][point.Levels[factor]] = new HeatCell(seeds.Average(), seeds.Length);
        }
        return cells;
    }

    private static double[] Edges(int count) => [.. Enumerable.Range(0, count + 1).Select(i => i + 0.5)];
}
