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
        (int[] factors, string left) = LevelMeans.Widest(
            design,
            [.. Enumerable.Range(0, design.Factors.Count)],
            MostFactors,
            objective,
            "things that vary"
        );
        ParallelAxis[] axes =
        [
            .. factors.Select(f => new ParallelAxis(design.Factors[f].Name, Axis.Categories(design.Factors[f].Levels))),
            new(objective.Unit, objective.Axis(rows.Select(r => r.Mean))),
        ];
        ParallelLine[] lines =
        [
            .. shown.Select(i => new ParallelLine(
                Rank(i, rows.Length),
                rows[i].Point.Row.Arm,
                SettingLabel.Short(rows[i].Point.Row.Setting),
                rows[i].N,
                [.. factors.Select(f => rows[i].Point.Levels[f] + 1.0), rows[i].Mean]
            )),
        ];
        (DesignPoint best, double mean, _) = Array.FindLast(rows, r => r.Point.Row.IsComplete) is { Point: not null } found
            ? found
            : rows[^1];
        string title = $"{rows.Length} combinations";
        ParallelPanel panel = new(
            title,
            $"the stronger the line, the {(objective.Maximize ? "higher" : "lower")} its {objective.Name}",
            $"{rows.Length} combinations of {string.Join(", ", design.Factors.Select(f => f.Name))}."
                + (objective.CanChoose ? $" Best: {design.Describe(best)}, {Format.Fixed(mean, objective.Decimals)}." : ""),
            axes,
            lines,
            objective.Decimals
        )
        {
            Ends = objective.Maximize ? ("lowest fifth", "highest fifth") : ("highest fifth", "lowest fifth"),
        };
        return new Figure(
            $"parallel-{study.Slug}",
            $"All combinations: {Seen(design, objective, rows)}, study {study.Label}",
            $"Parallel coordinates, study {study.Label}: a line for each combination of what varies, ending at "
                + $"the mean over its seeds of {objective.Description}; its strength is its fifth by rank. "
                + "Where seeds are missing, it is the mean of the others."
                + RankChoice.Note(lines.Length, rows.Length, "combinations")
                + left,
            [],
            [panel],
            1
        );
    }

    private static int Rank(int place, int count) => place * Palette.Ranks / count;

    // Between what all of them lie, and what the best fifth has in common, if most of it shares a level and that is more
    // than by the plan.
    private static string Seen(Design design, Objective objective, (DesignPoint Point, double Mean, int N)[] rows)
    {
        DesignPoint[] best = [.. rows.Where((_, i) => Rank(i, rows.Length) == Palette.Ranks - 1).Select(r => r.Point)];
        (int factor, int level, int count) = Enumerable
            .Range(0, design.Factors.Count)
            .SelectMany(f => best.GroupBy(p => p.Levels[f]).Select(g => (Factor: f, Level: g.Key, Count: g.Count())))
            .MaxBy(g => g.Count);
        int planned = rows.Count(r => r.Point.Levels[factor] == level);
        bool isCommon = 2 * count > best.Length && (long)count * rows.Length > (long)planned * best.Length;
        Factor common = design.Factors[factor];
        return $"{objective.Name} from {objective.Text(rows.Min(r => r.Mean))} to {objective.Text(rows.Max(r => r.Mean))}"
            + (isCommon ? $"; {Those(count, best.Length, objective)} {common.Name} {common.Levels[level]}" : "");
    }

    private static string Those(int count, int of, Objective objective)
    {
        string best = objective.Maximize ? "highest" : "lowest";
        return of == 1 ? $"the {best} has"
            : count == of ? $"all {of} {best} have"
            : $"{count} of the {of} {best} have";
    }
}
