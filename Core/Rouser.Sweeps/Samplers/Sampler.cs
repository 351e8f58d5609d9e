namespace Rouser.Sweeps.Samplers;

/// <summary>
/// Draws the settings of a study from ranges, where a grid would be too large. A pure function of its seed, so that
/// the same sweep file is the same sweep.
/// </summary>
/// <param name="Seed">The seed of the draw, which is no seed of a training.</param>
public abstract record Sampler(long Seed)
{
    /// <summary>All samplers, by the word of <c>mode</c>: a new one is its file and a line here.</summary>
    public static IReadOnlyList<(string Mode, Func<long, Sampler> Create)> All { get; } =
    [(RandomSampler.Mode, seed => new RandomSampler(seed)), (SobolSampler.Mode, seed => new SobolSampler(seed))];

    /// <summary>The most dimensions that it can draw in.</summary>
    public abstract int MaxDimensions { get; }

    /// <summary>Points of the unit cube, <c>[dimensions]</c> each, from 0 to below 1; without an end.</summary>
    public abstract IEnumerable<double[]> Points(int dimensions);
}
