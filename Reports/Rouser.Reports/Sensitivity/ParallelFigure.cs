using Rouser.Reports.Figures;
using Rouser.Reports.Model;
using Rouser.Reports.Tables;

namespace Rouser.Reports.Sensitivity;

/// <summary>All settings at once, as parallel coordinates.</summary>
internal static class ParallelFigure
{
    private const int MostLines = 250,
        MostFactors = 8,
        LeastRows = 6;

    /// <summary>A line per row; null if fewer than two things vary or there are fewer than six complete rows.</summary>
    public static Figure? Build(StudyResults study, Design design, Objective objective)
    {
        if (design.Factors.Count < 2)
            return null;
        (DesignPoint Point, double Mean, int N)[] rows =
        [
            .. design
                .Points.Select(p => (p, objective.Of(p.Row)))
                .Where(p => p.Item2 is not null)
                .Select(p => (p.p, p.Item2!.Average(), p.Item2!.Length))
                .OrderBy(p => objective.Maximize ? p.Item2 : -p.Item2),
        ];
        if (rows.Length < LeastRows)
            return null;
        int[] shown =
        [
            .. Enumerable
                .Range(0, Math.Min(rows.Length, MostLines))
                .Select(i => rows.Length <= MostLines ? i : (int)((long)i * (rows.Length - 1) / (MostLines - 1))),
        ];
        int factors = Math.Min(design.Factors.Count, MostFactors);
        ParallelAxis[] axes =
        [
            .. design.Factors.Take(factors).Select(f => new ParallelAxis(f.Name, Axis.Categories(f.Levels))),
            new(objective.Unit, Axis.Over(rows.Select(r => r.Mean))),
        ];
        ParallelLine[] lines =
        [
            .. shown.Select(i => new ParallelLine(
                i * Palette.Ranks / rows.Length,
                rows[i].Point.Row.Arm,
                SettingLabel.Short(rows[i].Point.Row.Setting),
                rows[i].N,
                [.. rows[i].Point.Levels.Take(factors).Select(l => (double)l + 1), rows[i].Mean]
            )),
        ];
        (DesignPoint best, double mean, _) = Array.FindLast(rows, r => r.Point.Row.IsComplete) is { Point: not null } found
            ? found
            : rows[^1];
        string title = $"{rows.Length} combinations";
        ParallelPanel panel = new(
            title,
            $"the stronger the line, the {(objective.Maximize ? "higher" : "lower")} its "
                + $"{objective.Unit.Replace(", %", "", StringComparison.Ordinal)}",
            $"{rows.Length} combinations of {string.Join(", ", design.Factors.Select(f => f.Name))}."
                + (objective.CanChoose ? $" Best: {design.Describe(best)}, {Format.Fixed(mean, objective.Decimals)}." : ""),
            axes,
            lines,
            objective.Decimals
        );
        return new Figure(
            $"parallel-{study.Slug}",
            $"All combinations, study {study.Label}",
            $"Parallel coordinates, study {study.Label}: a line for each combination of what varies, ending at "
                + $"the mean over its seeds of {objective.Description}; its strength is its fifth by rank. "
                + "Where seeds are missing, it is the mean of the others."
                + (lines.Length < rows.Length ? $" Drawn are {lines.Length} of {rows.Length}, evenly by rank." : "")
                + (
                    factors < design.Factors.Count
                        ? $" Drawn are the first {factors} of {design.Factors.Count} things that vary."
                        : ""
                ),
            [],
            [panel],
            1
        );
    }
}
