using Rouser.Core.Parameters;

namespace Rouser.Data;

/// <summary>Plays a sample faster or slower.</summary>
/// <remarks>
/// <code>
/// t ← ⌊(t + ½)·c⌋,   c uniform in 1 − f … 1 + f, one for a sample
/// </code>
/// A step is taken at its middle. What comes after the last step is lost.
/// </remarks>
public static class TimeStretch
{
    /// <summary>f.</summary>
    public static Parameter Parameter { get; } =
        new(
            "augment.stretch",
            new ParameterType.Real(0, 1, Below: true),
            0.0,
            "Temporal stretch f: the time of each training sample is multiplied by a random factor from 1 − f to 1 + f, "
                + "drawn anew in every epoch. Spikes after the last step are lost. 0: no stretch."
        )
        {
            SilentDefault = true,
        };

    /// <summary>c of a sample.</summary>
    internal static double Draw(double f, RandomStream random) => f == 0 ? 1 : random.NextDouble(1 - f, 1 + f);

    /// <summary>Where a step comes to lie.</summary>
    internal static int Step(int t, double c) => c == 1 ? t : (int)((t + 0.5) * c);
}
