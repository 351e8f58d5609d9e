using Rouser.Reports.Model;

namespace Rouser.Reports.Sensitivity;

/// <summary>
/// The largest complete part of a study's grid of factors and seeds that is found by leaving out levels.
/// </summary>
/// <param name="Variables">Factors with two levels or more that are left, with those levels; the seed last, if there
/// are several.</param>
/// <param name="Values">The objective at each point of the grid, the last variable varying fastest.</param>
/// <param name="LeftOut">Levels that were left out, in words.</param>
/// <param name="Planned">Cells with a result before anything was left out.</param>
internal sealed record CompleteGrid(
    IReadOnlyList<GridVariable> Variables,
    double[] Values,
    IReadOnlyList<string> LeftOut,
    int Planned
)
{
    /// <summary>
    /// Finds it: as long as a cell lacks its result, the level (or seed) with the largest share of cells that lack
    /// theirs is left out; of equals, the last one of the last variable. Null if less than half of the results would
    /// be left, as of a study that varies one thing at a time, or that samples its settings.
    /// </summary>
    public static CompleteGrid? Of(Design design, Objective objective)
    {
        long[] seeds = [.. design.Points.SelectMany(p => p.Row.Replicates).Select(r => r.Seed).Distinct().Order()];
        List<List<int>> levels =
        [
            .. design.Factors.Select(f => Enumerable.Range(0, f.Levels.Count).ToList()),
            [.. Enumerable.Range(0, seeds.Length)],
        ];
        Dictionary<Key, double> results = [];
        foreach (DesignPoint point in design.Points)
        {
            foreach (Replicate replicate in point.Row.Replicates)
            {
                if (objective.Of(replicate) is { } value)
                    results[new Key([.. point.Levels, Array.BinarySearch(seeds, replicate.Seed)])] = value;
            }
        }
        List<string> leftOut = [];
        while (true)
        {
            double cells = levels.Aggregate(1.0, (product, l) => product * l.Count);
            // More than twice as many cells as results: not half of them could be left.
            if (cells == 0 || cells > 1e6 || results.Count * 50.0 < cells)
                return null;
            (int variable, int level) = WorstLevel(levels, results);
            if (variable < 0)
                break;
            levels[variable].Remove(level);
            leftOut.Add(
                variable < design.Factors.Count
                    ? $"{design.Factors[variable].Name} = {design.Factors[variable].Levels[level]}"
                    : $"seed {seeds[level]}"
            );
        }
        int[] kept = [.. Enumerable.Range(0, levels.Count).Where(v => levels[v].Count > 1)];
        double[] values = [.. Cells(levels).Select(c => results[new Key(c)])];
        if (2 * values.Length < results.Count)
            return null;
        return new CompleteGrid(
            [
                .. kept.Select(v =>
                    v < design.Factors.Count
                        ? new GridVariable(design.Factors[v].Name, levels[v].Count, IsSeed: false)
                        : new GridVariable("seed", levels[v].Count, IsSeed: true)
                ),
            ],
            values,
            leftOut,
            results.Count
        );
    }

    private static (int Variable, int Level) WorstLevel(List<List<int>> levels, Dictionary<Key, double> results)
    {
        Dictionary<(int, int), int> missing = [];
        foreach (int[] cell in Cells(levels))
        {
            if (results.ContainsKey(new Key(cell)))
                continue;
            for (int v = 0; v < cell.Length; v++)
                missing[(v, cell[v])] = missing.GetValueOrDefault((v, cell[v])) + 1;
        }
        (int, int) worst = (-1, 0);
        double most = 0;
        double cells = levels.Aggregate(1.0, (product, l) => product * l.Count);
        for (int v = 0; v < levels.Count; v++)
        {
            foreach (int level in levels[v])
            {
                double share = missing.GetValueOrDefault((v, level)) * levels[v].Count / cells;
                if (share > 0 && share >= most)
                    (most, worst) = (share, (v, level));
            }
        }
        return worst;
    }

    private static IEnumerable<int[]> Cells(List<List<int>> levels)
    {
        if (levels.Exists(l => l.Count == 0))
            yield break;
        int[] wheels = new int[levels.Count];
        while (true)
        {
            yield return [.. wheels.Select((w, v) => levels[v][w])];
            int turning = levels.Count - 1;
            while (turning >= 0 && ++wheels[turning] == levels[turning].Count)
                wheels[turning--] = 0;
            if (turning < 0)
                yield break;
        }
    }

    /// <summary>A cell by its levels.</summary>
    private readonly struct Key(int[] levels) : IEquatable<Key>
    {
        private readonly int[] _levels = levels;

        public bool Equals(Key other) => _levels.AsSpan().SequenceEqual(other._levels);

        public override bool Equals(object? obj) => obj is Key key && Equals(key);

        public override int GetHashCode()
        {
            HashCode hash = default;
            foreach (int level in _levels)
                hash.Add(level);
            return hash.ToHashCode();
        }
    }
}

/// <summary>A variable of the grid.</summary>
/// <param name="Name">A factor's name, or <c>seed</c>.</param>
/// <param name="Levels">How many of its levels are left.</param>
/// <param name="IsSeed">Whether it is the seed.</param>
internal readonly record struct GridVariable(string Name, int Levels, bool IsSeed);
