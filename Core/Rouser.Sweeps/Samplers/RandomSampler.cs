namespace Rouser.Sweeps.Samplers;

/// <summary>Draws every value by itself, uniformly (Bergstra and Bengio 2012).</summary>
/// <param name="Seed">The seed of the draw.</param>
public sealed record RandomSampler(long Seed) : Sampler(Seed)
{
    /// <summary>Its word in a sweep file.</summary>
    public const string Mode = "random";

    /// <inheritdoc/>
    public override int MaxDimensions => int.MaxValue;

    /// <inheritdoc/>
    public override IEnumerable<double[]> Points(int dimensions)
    {
        // A stream a dimension, so that one more thing to vary leaves the draws of the others.
        RandomStream[] draws = [.. Enumerable.Range(0, dimensions).Select(d => new RandomStream(Seed, $"sampler/random/{d}"))];
        while (true)
            yield return [.. draws.Select(draw => draw.NextDouble())];
    }
}
