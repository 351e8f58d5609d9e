using System.Runtime.CompilerServices;

namespace Rouser.Snn.Fused;

/// <summary>Weights rounded as <see cref="Reference.LavaFixedPoint.Weight"/> says.</summary>
internal static class LavaWeights
{
    // 1.5·2²³: adding it rounds to a whole number, halves to the even one.
    private const float RoundingShift = 12_582_912f;

    /// <summary>min(max(round(32 w)/32, −4), 3.96875). NaN stays NaN.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TV Round<TS, TV>(TV w)
        where TS : ISimd<TV>
        where TV : unmanaged
    {
        TV y = TS.Multiply(TS.Broadcast(32), w),
            low = TS.Broadcast(-128),
            high = TS.Broadcast(127);
        y = TS.Select(TS.GreaterOrEqual(low, y), low, TS.Select(TS.GreaterOrEqual(y, high), high, y));
        return TS.Multiply(
            TS.Broadcast(1f / 32),
            TS.Subtract(TS.Add(y, TS.Broadcast(RoundingShift)), TS.Broadcast(RoundingShift))
        );
    }
}
