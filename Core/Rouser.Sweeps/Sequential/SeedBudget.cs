namespace Rouser.Sweeps.Sequential;

/// <summary>
/// Seeds that are added as long as they are needed: <c>seeds: {from: 5, to: 30, until: decided}</c>. The seeds are
/// 0, 1, 2, …; a study plans all of them, and those past the first look wait for a decision.
/// </summary>
/// <param name="From">Seeds at the first look.</param>
/// <param name="To">Seeds at most.</param>
/// <param name="IsForSweep">Whether the error holds for all comparisons of the sweep together, by Bonferroni's
/// correction; else for each by itself.</param>
public sealed record SeedBudget(int From, int To, bool IsForSweep)
{
    /// <summary>The error of a comparison, or of all comparisons together.</summary>
    public const double Alpha = 0.05;

    /// <summary>The looks, if the sweep compares so often.</summary>
    /// <param name="comparisons">The number of comparisons of the sweep.</param>
    public GroupSequentialDesign Design(int comparisons) =>
        GroupSequentialDesign.Of(From, To, IsForSweep ? Alpha / Math.Max(1, comparisons) : Alpha);
}
