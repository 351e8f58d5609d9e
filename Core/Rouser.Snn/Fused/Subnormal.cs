using System.Runtime.CompilerServices;

namespace Rouser.Snn.Fused;

/// <summary>
/// Keeps subnormal numbers out of the recurrences. A state that nothing drives decays towards 0 by a constant factor;
/// below 10⁻³⁸ processors handle each product in microcode, some fifty times slower, and rounding keeps it there for
/// ever. Nothing that small matters to a sum in float32.
/// </summary>
internal static class Subnormal
{
    private const float Negligible = 1e-30f;

    /// <summary>x, or 0 where |x| ≤ 10⁻³⁰. NaN stays NaN.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TV Flush<TS, TV>(TV x)
        where TS : ISimd<TV>
        where TV : unmanaged => TS.Select(TS.GreaterOrEqual(TS.Broadcast(Negligible), TS.Abs(x)), TS.Broadcast(0), x);
}
