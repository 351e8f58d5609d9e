using Rouser.Reports.Figures;

namespace Rouser.Reports.Sensitivity;

/// <summary>The mean of the objective over all rows at each level of a factor, whatever the other factors are.</summary>
/// <param name="Factor">The factor.</param>
/// <param name="Means">Levels that have a result, in the factor's order.</param>
internal sealed record LevelMeans(Factor Factor, IReadOnlyList<(string Level, double Mean)> Means)
{
    /// <summary>By how much the highest mean is above the lowest; 0 with fewer than two.</summary>
    public double Spread => Means.Count < 2 ? 0 : Means.Max(m => m.Mean) - Means.Min(m => m.Mean);

    /// <summary>Of one of the factors of a design.</summary>
    public static LevelMeans Of(Design design, int factor, Objective objective)
    {
        ILookup<int, double> means = design
            .Points.Select(p => (Level: p.Levels[factor], Values: objective.Of(p.Row)))
            .Where(p => p.Values is not null)
            .ToLookup(p => p.Level, p => p.Values!.Average());
        return new(
            design.Factors[factor],
            [.. means.OrderBy(level => level.Key).Select(level => (design.Factors[factor].Levels[level.Key], level.Average()))]
        );
    }

    /// <summary>At most so many factors of a design, those whose means spread most, and what a caption says of it.</summary>
    /// <param name="design">The design.</param>
    /// <param name="factors">The factors to choose from.</param>
    /// <param name="most">How many.</param>
    /// <param name="objective">What the means are of.</param>
    /// <param name="what">What they are, in the plural.</param>
    public static (int[] Factors, string Note) Widest(Design design, int[] factors, int most, Objective objective, string what)
    {
        int[] chosen = [.. RankChoice.Largest(factors, most, f => Of(design, f, objective).Spread)];
        return (
            chosen,
            chosen.Length < factors.Length
                ? $" Drawn are {chosen.Length} of {factors.Length} {what}, those over whose levels the mean of "
                    + $"{objective.Name} spreads most."
                : ""
        );
    }

    /// <summary>From which level to which the mean goes: <c>mean 16.5 % at 0.25, 73.5 % at 2</c>.</summary>
    public string Describe(Objective objective)
    {
        (string low, double lowest) = Means.MinBy(m => m.Mean);
        (string high, double highest) = Means.MaxBy(m => m.Mean);
        return $"mean {objective.Text(lowest)} at {low}, {objective.Text(highest)} at {high}";
    }
}
