using System.Runtime.CompilerServices;

namespace Rouser.Snn.Fused;

/// <summary>The exponential function of the surrogate gradient, the same bits for every vector width.</summary>
public static class ExponentialKernel
{
    private const float Lowest = -50f;
    private const float Log2E = 1.44269504f;
    private const float Ln2High = 0.693145752f;
    private const float Ln2Low = 1.42860677e-6f;

    // 1.5·2²³: adding it leaves the integer part in the low bits of the sum.
    private const float RoundingShift = 12_582_912f;

    /// <summary>
    /// exp(x) for x ≤ 0, within 2·10⁻⁷ relative; 0 for x ≤ −50, where it is below 2·10⁻²² and products with it could
    /// become subnormal (<see cref="Subnormal"/>). NaN stays NaN.
    /// </summary>
    /// <remarks>
    /// exp(x) = 2ⁿ exp(r) with n = round(x·log₂e), r = x − n·ln 2 in two parts (Cody and Waite), |r| ≤ ½ ln 2, and
    /// exp(r) by its Taylor polynomial of degree 7, whose remainder there is below 10⁻⁸.
    /// </remarks>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TV Run<TS, TV>(TV x)
        where TS : ISimd<TV>
        where TV : unmanaged
    {
        TV negligible = TS.GreaterOrEqual(TS.Broadcast(Lowest), x);
        TV shifted = TS.MultiplyAdd(x, TS.Broadcast(Log2E), TS.Broadcast(RoundingShift));
        TV n = TS.Subtract(shifted, TS.Broadcast(RoundingShift));
        TV r = TS.MultiplyAdd(n, TS.Broadcast(-Ln2High), x);
        r = TS.MultiplyAdd(n, TS.Broadcast(-Ln2Low), r);
        TV p = TS.Broadcast(1f / 5040);
        p = TS.MultiplyAdd(p, r, TS.Broadcast(1f / 720));
        p = TS.MultiplyAdd(p, r, TS.Broadcast(1f / 120));
        p = TS.MultiplyAdd(p, r, TS.Broadcast(1f / 24));
        p = TS.MultiplyAdd(p, r, TS.Broadcast(1f / 6));
        p = TS.MultiplyAdd(p, r, TS.Broadcast(0.5f));
        p = TS.MultiplyAdd(p, r, TS.Broadcast(1f));
        p = TS.MultiplyAdd(p, r, TS.Broadcast(1f));
        return TS.Select(negligible, TS.Broadcast(0), TS.ScaleByPowerOf2(p, shifted));
    }
}
