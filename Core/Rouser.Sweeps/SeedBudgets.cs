using Rouser.Sweeps.Sequential;

namespace Rouser.Sweeps;

/// <summary>The studies of a sweep whose seeds are a budget, and what is compared.</summary>
/// <param name="Metric">What arms are compared by: the sweep's metric, whichever samples it is of. A comparison is a
/// statistical statement about this metric, and its error holds; nothing is selected by it.</param>
/// <param name="Baseline">The arm that the others are compared with.</param>
/// <param name="OfStudy">The budget of each such study, by its name.</param>
public sealed record SeedBudgets(MetricSettings Metric, string Baseline, IReadOnlyDictionary<string, SeedBudget> OfStudy)
{
    /// <summary>Whether the cell asks for its trial only once a comparison does.</summary>
    // The seeds of a budget are 0, 1, 2, …
    public bool Defers(Cell cell) => OfStudy.TryGetValue(cell.Study, out SeedBudget? budget) && cell.Seed >= budget.From;

    /// <summary>
    /// What is compared: the cells of an arm at a setting, and those of the baseline at the same one, by seed; in the order
    /// of the plan.
    /// </summary>
    public IEnumerable<(Cell[] Own, Cell[] Baseline)> Pairs(Plan plan)
    {
        foreach (
            IGrouping<(string Study, string Setting), Cell> setting in plan
                .Cells.Where(c => OfStudy.ContainsKey(c.Study))
                .GroupBy(c => (c.Study, c.Setting))
        )
        {
            ILookup<string, Cell> arms = setting.ToLookup(c => c.Arm);
            foreach (IGrouping<string, Cell> arm in arms.Where(a => a.Key != Baseline))
                yield return (BySeed(arm), BySeed(arms[Baseline]));
        }

        static Cell[] BySeed(IEnumerable<Cell> cells) => [.. cells.OrderBy(c => c.Seed)];
    }

    /// <summary>How many comparisons there are.</summary>
    public int CountComparisons(Plan plan) => Pairs(plan).Count();
}
