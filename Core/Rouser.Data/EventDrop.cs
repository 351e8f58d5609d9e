using Rouser.Core.Parameters;

namespace Rouser.Data;

/// <summary>Loses spikes at random (EventDrop's random drop; Gu, Sng, Hu and Yu, IJCAI 2021).</summary>
/// <remarks><code>each spike is lost with probability p, whatever becomes of the others</code></remarks>
public static class EventDrop
{
    /// <summary>p.</summary>
    public static Parameter Parameter { get; } =
        new(
            "augment.drop",
            new ParameterType.Real(0, 1, Below: true),
            0.0,
            "Probability p that a spike of a training sample is lost, drawn anew for each spike in every epoch (Gu et al. "
                + "2021). 0: none is."
        )
        {
            SilentDefault = true,
        };

    /// <summary>Whether a spike is lost.</summary>
    internal static bool Loses(double p, RandomStream random) => p > 0 && random.NextDouble() < p;
}
