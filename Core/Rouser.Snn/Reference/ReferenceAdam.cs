using System.Runtime.InteropServices;

#pragma warning disable RS0030 // No result depends on the reference, and the platform's own power is one more thing to hold ours against.

namespace Rouser.Snn.Reference;

/// <summary>Adam in double precision for one tensor.</summary>
/// <remarks>
/// Kingma and Ba 2015, algorithm 1, at update n ≥ 1 with gradient g:
/// <code>
/// m ← β₁ m + (1 − β₁) g      v ← β₂ v + (1 − β₂) g²      θ ← θ − lr · (m / (1 − β₁ⁿ)) / (√(v / (1 − β₂ⁿ)) + ε)
/// </code>
/// </remarks>
internal sealed class ReferenceAdam(AdamSettings settings, double learningRate, int length)
{
    private readonly double[] _m = new double[length],
        _v = new double[length];
    private long _updates;

    /// <summary>Moves the parameters θ against the gradient g.</summary>
    public void Update(Span<double> theta, ReadOnlySpan<double> g)
    {
        _updates++;
        double correction1 = 1 - Math.Pow(settings.Beta1, _updates),
            correction2 = 1 - Math.Pow(settings.Beta2, _updates);
        for (int k = 0; k < theta.Length; k++)
        {
            _m[k] = (settings.Beta1 * _m[k]) + ((1 - settings.Beta1) * g[k]);
            _v[k] = (settings.Beta2 * _v[k]) + ((1 - settings.Beta2) * g[k] * g[k]);
            theta[k] -= learningRate * (_m[k] / correction1) / (Math.Sqrt(_v[k] / correction2) + settings.Epsilon);
        }
    }

    /// <summary>The same for a matrix.</summary>
    public void Update(double[,] theta, double[,] g) => Update(Flat(theta), Flat(g));

    private static Span<double> Flat(double[,] x) => MemoryMarshal.CreateSpan(ref x[0, 0], x.Length);
}
