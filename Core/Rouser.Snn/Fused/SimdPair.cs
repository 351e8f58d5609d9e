using System.Runtime.CompilerServices;

namespace Rouser.Snn.Fused;

/// <summary>Two vectors side by side.</summary>
internal readonly struct VectorPair<TV>(TV low, TV high)
    where TV : unmanaged
{
    /// <summary>The first.</summary>
    public readonly TV Low = low;

    /// <summary>The second.</summary>
    public readonly TV High = high;
}

/// <summary>
/// <see cref="ISimd{TV}"/> on pairs of vectors, for kernels that take two vectors of a panel at a time: with pairs of 256 bits
/// they take all 32 neurons, so that a spike's row is read once, and four chains of sums are under way instead of two.
/// </summary>
internal readonly unsafe struct SimdPair<TS, TV> : ISimd<VectorPair<TV>>
    where TS : ISimd<TV>
    where TV : unmanaged
{
    /// <inheritdoc/>
    public static int Width => 2 * TS.Width;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static VectorPair<TV> Load(float* p) => new(TS.Load(p), TS.Load(p + TS.Width));

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(float* p, VectorPair<TV> x)
    {
        TS.Store(p, x.Low);
        TS.Store(p + TS.Width, x.High);
    }

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static VectorPair<TV> Broadcast(float x) => new(TS.Broadcast(x), TS.Broadcast(x));

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static VectorPair<TV> Add(VectorPair<TV> x, VectorPair<TV> y) => new(TS.Add(x.Low, y.Low), TS.Add(x.High, y.High));

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static VectorPair<TV> Subtract(VectorPair<TV> x, VectorPair<TV> y) =>
        new(TS.Subtract(x.Low, y.Low), TS.Subtract(x.High, y.High));

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static VectorPair<TV> Multiply(VectorPair<TV> x, VectorPair<TV> y) =>
        new(TS.Multiply(x.Low, y.Low), TS.Multiply(x.High, y.High));

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static VectorPair<TV> Divide(VectorPair<TV> x, VectorPair<TV> y) =>
        new(TS.Divide(x.Low, y.Low), TS.Divide(x.High, y.High));

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static VectorPair<TV> MultiplyAdd(VectorPair<TV> x, VectorPair<TV> y, VectorPair<TV> z) =>
        new(TS.MultiplyAdd(x.Low, y.Low, z.Low), TS.MultiplyAdd(x.High, y.High, z.High));

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static VectorPair<TV> Abs(VectorPair<TV> x) => new(TS.Abs(x.Low), TS.Abs(x.High));

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static VectorPair<TV> Sqrt(VectorPair<TV> x) => new(TS.Sqrt(x.Low), TS.Sqrt(x.High));

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static VectorPair<TV> Truncate(VectorPair<TV> x) => new(TS.Truncate(x.Low), TS.Truncate(x.High));

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static VectorPair<TV> GreaterOrEqual(VectorPair<TV> x, VectorPair<TV> y) =>
        new(TS.GreaterOrEqual(x.Low, y.Low), TS.GreaterOrEqual(x.High, y.High));

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static VectorPair<TV> Select(VectorPair<TV> mask, VectorPair<TV> x, VectorPair<TV> y) =>
        new(TS.Select(mask.Low, x.Low, y.Low), TS.Select(mask.High, x.High, y.High));

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static uint Bits(VectorPair<TV> mask) => TS.Bits(mask.Low) | (TS.Bits(mask.High) << TS.Width);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static VectorPair<TV> ScaleByPowerOf2(VectorPair<TV> x, VectorPair<TV> shifted) =>
        new(TS.ScaleByPowerOf2(x.Low, shifted.Low), TS.ScaleByPowerOf2(x.High, shifted.High));
}
