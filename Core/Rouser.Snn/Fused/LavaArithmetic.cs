using System.Runtime.CompilerServices;

namespace Rouser.Snn.Fused;

/// <summary>Whole multiples of 1/4096, exactly as <see cref="Reference.LavaFixedPoint"/> rounds them.</summary>
/// <remarks>
/// A float32 holds all such numbers below 4096 in magnitude. The weights of a step are multiples of 1/32, and their
/// sum needs no rounding. The reset is hard: what a soft one carries would not be such a number.
/// </remarks>
internal readonly struct LavaArithmetic : IArithmetic
{
    private const float Scale = 4096,
        InverseScale = 1f / 4096;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TV Current<TS, TV>(TV a, TV current, TV drive)
        where TS : ISimd<TV>
        where TV : unmanaged => TS.Add(Product<TS, TV>(a, current), drive);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TV Potential<TS, TV>(TV carried, TV current)
        where TS : ISimd<TV>
        where TV : unmanaged => TS.Add(carried, current);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TV Decay<TS, TV>(TV b, TV potential)
        where TS : ISimd<TV>
        where TV : unmanaged => Product<TS, TV>(b, potential);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TV Decay<TS, TV>(TV b, TV potential, TV x)
        where TS : ISimd<TV>
        where TV : unmanaged => TS.Add(Product<TS, TV>(b, potential), x);

    /// <summary>
    /// A decay's product, rounded towards 0 once: where float32's own rounding took it up to a whole number, the
    /// remainder that a fused multiply-add finds is below 0.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TV Product<TS, TV>(TV decay, TV state)
        where TS : ISimd<TV>
        where TV : unmanaged
    {
        TV zero = TS.Broadcast(0),
            magnitude = TS.Multiply(TS.Broadcast(Scale), TS.Abs(state));
        TV product = TS.Multiply(decay, magnitude),
            remainder = TS.MultiplyAdd(decay, magnitude, TS.Subtract(zero, product));
        TV whole = TS.Truncate(product),
            roundedUp = TS.Select(
                TS.GreaterOrEqual(remainder, zero),
                zero,
                TS.Select(TS.GreaterOrEqual(whole, product), TS.Broadcast(1), zero)
            );
        TV result = TS.Multiply(TS.Broadcast(InverseScale), TS.Subtract(whole, roundedUp));
        return TS.Select(TS.GreaterOrEqual(state, zero), result, TS.Subtract(zero, result));
    }
}
