using System.Numerics;
using Rouser.Reports.Figures;
using Rouser.Reports.Model;
using Rouser.Reports.Tables;

namespace Rouser.Reports.Sensitivity;

/// <summary>Which share of the objective's variance each factor accounts for.</summary>
internal static class ImportanceFigure
{
    private const int MostPairs = 6;

    /// <summary>The figure, or why there is none; neither where fewer than two things vary.</summary>
    public static (Figure? Figure, string? WhyNot) Build(StudyResults study, Design design, Objective objective)
    {
        if (design.Factors.Count < 2)
            return (null, null);
        if (CompleteGrid.Of(design, objective) is not { } grid)
        {
            return (
                null,
                "Hyperparameter importance is not shown: the results do not fill a grid of what varies (the study "
                    + "varies one thing at a time or lists its settings, or too many results are missing), "
                    + "and shares of a part of it would depend on which part that is."
            );
        }
        if (grid.Variables.Count(v => !v.IsSeed) < 2)
            return (null, null);
        VarianceDecomposition variance = new([.. grid.Variables.Select(v => v.Levels)], grid.Values);
        if (variance.Total <= 0)
            return (
                null,
                "Hyperparameter importance is not shown: every trial has the same result, so there is no variance to share out."
            );
        List<Bar> bars = Bars(grid, variance);
        string words = string.Join(", ", bars.Select(b => $"{b.Name} {Format.Fixed(b.Value, 1)} %"));
        int seeds = grid.Variables.Where(v => v.IsSeed).Select(v => v.Levels).DefaultIfEmpty(1).First(),
            cells = grid.Values.Length;
        GridVariable most = grid.Variables.Where(v => !v.IsSeed).MaxBy(v => v.Levels);
        string chance =
            $" If nothing but chance were at work, a factor with {most.Levels} levels would still take about "
            + $"{Format.Fixed(100.0 * (most.Levels - 1) / (cells - 1), 1)} %.";
        string left =
            grid.LeftOut.Count == 0
                ? ""
                : $" Left out, so that the grid is complete: {string.Join("; ", grid.LeftOut)}. {cells} of {grid.Planned} results are in.";
        BarPanel panel = new(
            "share of the variance",
            $"of the variance of {objective.Unit.Replace(", %", "", StringComparison.Ordinal)}, %",
            $"Share of the variance: {words}.",
            bars,
            1
        );
        return (
            new Figure(
                $"importance-{study.Slug}",
                $"Importance: {Seen(bars)} of the variance, study {study.Label}",
                $"Share of the variance of {objective.Description} that each factor accounts for by itself, two factors "
                    + "beyond what each does alone (×), and seeds (by themselves and together with any "
                    + $"factor), study {study.Label}. Exact functional analysis of variance over the complete grid of "
                    + $"{cells} results ({(seeds == 1 ? "one seed" : $"{seeds} seeds")}), every level counting "
                    + $"alike; the shares add up to 100 %.{chance}{left}",
                [],
                [panel],
                1
            ),
            null
        );
    }

    // The largest single factor, and what is larger than it.
    private static string Seen(List<Bar> bars)
    {
        Bar first = bars[0],
            most = bars.MaxBy(b => b.Value);
        string share = $"{first.Name} has {Format.Fixed(first.Value, 0)} %";
        return most.Value > first.Value ? $"{most.Name} has {Format.Fixed(most.Value, 0)} %, {share}" : share;
    }

    private static List<Bar> Bars(CompleteGrid grid, VarianceDecomposition variance)
    {
        int[] factors = [.. Enumerable.Range(0, grid.Variables.Count).Where(v => !grid.Variables[v].IsSeed)];
        uint all = factors.Aggregate(0u, (set, v) => set | 1u << v);
        List<Bar> single =
        [
            .. factors.Select(v => new Bar(grid.Variables[v].Name, Share(1u << v), 0)).OrderByDescending(b => b.Value),
        ];
        List<Bar> pairs =
        [
            .. factors
                .SelectMany(a =>
                    factors.Where(b => b > a).Select(b => new Bar($"{Name(a)} × {Name(b)}", Share(1u << a | 1u << b), 1))
                )
                .OrderByDescending(b => b.Value),
        ];
        double within = 100 * variance.Closed(all) / variance.Total;
        double higher = within - single.Sum(b => b.Value) - pairs.Sum(b => b.Value);
        List<Bar> bars = [.. single, .. pairs.Take(MostPairs)];
        if (pairs.Count > MostPairs)
            bars.Add(new Bar($"{pairs.Count - MostPairs} other pairs", pairs.Skip(MostPairs).Sum(b => b.Value), 1));
        if (BitOperations.PopCount(all) > 2)
            bars.Add(new Bar("three factors and more together", Math.Max(0, higher), 5));
        if (factors.Length < grid.Variables.Count)
            bars.Add(new Bar("seed, by itself and with any factor", Math.Max(0, 100 - within), 5));
        return bars;

        double Share(uint set) => 100 * variance.Of(set) / variance.Total;

        string Name(int v) =>
            grid.Variables[v].Name.Contains(", ", StringComparison.Ordinal)
                ? $"({grid.Variables[v].Name})"
                : grid.Variables[v].Name;
    }
}
