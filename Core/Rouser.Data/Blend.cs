using Rouser.Core.Parameters;

namespace Rouser.Data;

/// <summary>Mixes a sample with another one of its class (Nowotny, Turner and Knight 2022, arXiv 2212.01232).</summary>
/// <remarks>
/// <code>
/// with probability p: each spike of either sample is kept with probability ½
/// </code>
/// The paper first brings the two samples' mean times and channels together; here they are mixed as they are.
/// </remarks>
public static class Blend
{
    /// <summary>p.</summary>
    public static Parameter Parameter { get; } =
        new(
            "augment.blend",
            ParameterType.Share,
            0.0,
            "Probability p that a training sample is mixed with another one of its class, drawn anew in every epoch: each "
                + "spike of either is kept with probability 1/2 (Nowotny et al. 2022). 0: none is."
        )
        {
            SilentDefault = true,
        };

    /// <summary>Which of the others of its class a sample is mixed with; null for none.</summary>
    /// <param name="p">The probability.</param>
    /// <param name="sample">The sample, by its place.</param>
    /// <param name="ofClass">The places of all samples of its class, itself among them.</param>
    /// <param name="random">Tells which.</param>
    public static int? Partner(double p, int sample, IReadOnlyList<int> ofClass, RandomStream random)
    {
        ArgumentNullException.ThrowIfNull(ofClass);
        ArgumentNullException.ThrowIfNull(random);
        if (ofClass.Count < 2 || random.NextDouble() >= p)
            return null;
        int drawn = ofClass[random.NextInt(ofClass.Count - 1)];
        return drawn == sample ? ofClass[^1] : drawn;
    }

    /// <summary>Whether a spike of a sample that is mixed stays.</summary>
    internal static bool Keeps(RandomStream random) => random.NextBits() >> 63 == 0;
}
