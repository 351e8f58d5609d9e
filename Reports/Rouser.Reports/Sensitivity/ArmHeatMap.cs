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
        ILookup<string, ResultRow> rows = study.Rows.ToLookup(r => r.Arm);
        string[] arms = [.. RankChoice.Evenly(study.Arms, MostArms, arm => objective.Mean(rows[arm]))];
        int[] levels =
        [
            .. RankChoice.Evenly([.. Enumerable.Range(0, threshold.Levels.Count)], MostLevels, level => (double)level),
        ];
        string[] names = [.. levels.Select(level => threshold.Levels[level])];
        int[] apart = [.. design.Factors.Select((f, i) => f.IsArm || i == factor ? i : -1)];
        IGrouping<string, DesignPoint>[] groups =
        [
            .. design.Points.GroupBy(p => design.Describe(p, apart), StringComparer.Ordinal),
        ];
        IGrouping<string, DesignPoint>[] shown =
        [
            .. RankChoice.Evenly(groups, MostPanels, g => objective.Mean(g.Select(p => p.Row))),
        ];
        List<(string Title, HeatCell?[][] Cells)> grids =
        [
            .. shown.Select(g => (g.Key, Cells(g, arms, levels, factor, objective))),
        ];
        double[] values = [.. grids.SelectMany(g => g.Cells.SelectMany(row => row)).OfType<HeatCell>().Select(c => c.Value)];
        if (values.Length == 0)
            return null;
        FigurePanel[] panels =
        [
            .. grids
                .Where(g => g.Cells.Any(row => row.Any(c => c is not null)))
                .Select(g => Draw(g.Title, g.Cells, [.. arms.Reverse()], names, threshold.Name, values, objective)),
        ];
        string[] together =
        [
            .. threshold.Parameters.Where(p => p != ThresholdRule.InitParameter.Name).Select(SettingLabel.Symbol),
        ];
        bool hasGaps = grids.Exists(g => g.Cells.Any(row => row.Any(c => c is null)));
        HeatPanel[] seen = [.. panels.Cast<HeatPanel>()];
        return new Figure(
            $"threshold-by-arm-{study.Slug}",
            $"Initial threshold by arm: from {At(seen, values.Min())} to {At(seen, values.Max())}, study {study.Label}",
            $"Mean over seeds of {objective.Description} by initial threshold and arm, study {study.Label}."
                + (together.Length > 0 ? $" With the threshold change {string.Join(" and ", together)}." : "")
                + (hasGaps ? " Where a cell is empty, there is no result or nothing was planned." : "")
                + (panels.Length > 1 ? " All panels share the shades." : "")
                + RankChoice.Note(
                    shown.Length,
                    groups.Length,
                    "settings of the other parameters",
                    $"of their mean {objective.Name}"
                )
                + RankChoice.Note(arms.Length, study.Arms.Count, "arms", $"of their mean {objective.Name}")
                + RankChoice.Note(levels.Length, threshold.Levels.Count, "thresholds", "of their size"),
            [],
            panels,
            3
        );

        // The first cell with a value.
        string At(HeatPanel[] panels, double value)
        {
            (HeatPanel panel, int y) = panels
                .SelectMany(p => p.Cells.Select((_, row) => (p, row)))
                .First(c => c.p.Cells[c.row].Any(cell => cell?.Value == value));
            int x = panel.Cells[y].TakeWhile(cell => cell?.Value != value).Count();
            string place = panels.Length == 1 ? "" : $", {panel.Title}";
            return $"{objective.Text(value)} ({panel.Y.Names![y]} at {panel.X.Names![x]}{place})";
        }
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
        int[] levels,
        int factor,
        Objective objective
    )
    {
        HeatCell?[][] cells = [.. arms.Select(_ => new HeatCell?[levels.Length])];
        foreach (DesignPoint point in points)
        {
            int arm = Array.IndexOf(arms, point.Row.Arm),
                level = Array.IndexOf(levels, point.Levels[factor]);
            if (arm >= 0 && level >= 0 && objective.Of(point.Row) is { } seeds)
                cells[arms.Length - 1 - arm][level] = new HeatCell(seeds.Average(), seeds.Length);
        }
        return cells;
    }

    private static double[] Edges(int count) => [.. Enumerable.Range(0, count + 1).Select(i => i + 0.5)];
}
