namespace Rouser.Snn.Reference;

/// <summary>
/// The fixed-point numbers of SLAYER 2.0 (lava-dl, <c>neuron/base.py</c>, <c>neuron/cuba.py</c>,
/// <c>dynamics/leaky_integrator.py</c>).
/// </summary>
/// <remarks>
/// States are whole multiples of 1/4096, weights of 1/32, thresholds of 1/64. trunc rounds towards 0, round to the
/// nearest, halves to the even one:
/// <code>
/// W   → min(max(round(32 W)/32, −4), 3.96875)        after a normalisation of the weights, if there is one
/// Th  → trunc(64 Th)/64 + 0.01/4096                  the little more makes V ≥ Th mean V &gt; trunc(64 Th)/64, as on Loihi
/// a   → 1 − round(4096 (1 − a))/4096                 b likewise
/// I[t] = (trunc(a · 4096 I[t−1]) + trunc(4096 (W S_in)[t−d])) / 4096
/// V[t] = (trunc(4096 C[t−1]) + 4096 I[t−c]) / 4096
/// </code>
/// with a hard reset, C[t] = b V[t] (1 − S[t]). The gradient passes all roundings as if they were not there, and is
/// taken where the rounded numbers are.
/// </remarks>
internal static class LavaFixedPoint
{
    /// <summary>A weight as the forward pass takes it.</summary>
    public static double Weight(double w) => Math.Clamp(Math.Round(32 * w, MidpointRounding.ToEven) / 32, -4, 3.96875);

    /// <summary>A threshold as the forward pass takes it.</summary>
    public static double Threshold(double threshold) => (Math.Truncate(64 * threshold) / 64) + (0.01 / 4096);

    /// <summary>A decay.</summary>
    public static double Decay(double decay) => 1 - (Math.Round(4096 * (1 - decay), MidpointRounding.ToEven) / 4096);

    /// <summary>A state, or what is added to one.</summary>
    public static double State(double x) => Math.Truncate(4096 * x) / 4096;
}
