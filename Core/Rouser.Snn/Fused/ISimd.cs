namespace Rouser.Snn.Fused;

/// <summary>
/// The vertical operations that the kernels are written in, once for every vector width. Each rounds as IEEE 754
/// says, lane by lane, and products with a sum are fused; so a lane's value does not depend on the width, and all
/// widths give the same bytes.
/// </summary>
/// <typeparam name="TV">A vector of <see cref="Width"/> floats.</typeparam>
public unsafe interface ISimd<TV>
    where TV : unmanaged
{
    /// <summary>Floats in a vector; divides half of <see cref="WeightPanels.Width"/>.</summary>
    static abstract int Width { get; }

    /// <summary>Reads a vector.</summary>
    static abstract TV Load(float* p);

    /// <summary>Writes a vector.</summary>
    static abstract void Store(float* p, TV x);

    /// <summary>The same value in every lane.</summary>
    static abstract TV Broadcast(float x);

    /// <summary>x + y.</summary>
    static abstract TV Add(TV x, TV y);

    /// <summary>x − y.</summary>
    static abstract TV Subtract(TV x, TV y);

    /// <summary>x·y.</summary>
    static abstract TV Multiply(TV x, TV y);

    /// <summary>x / y.</summary>
    static abstract TV Divide(TV x, TV y);

    /// <summary>x·y + z, rounded once.</summary>
    static abstract TV MultiplyAdd(TV x, TV y, TV z);

    /// <summary>|x|.</summary>
    static abstract TV Abs(TV x);

    /// <summary>√x.</summary>
    static abstract TV Sqrt(TV x);

    /// <summary>x rounded to a whole number, towards 0.</summary>
    static abstract TV Truncate(TV x);

    /// <summary>A mask: x ≥ y; false where either is NaN.</summary>
    static abstract TV GreaterOrEqual(TV x, TV y);

    /// <summary>x where the mask is set, else y.</summary>
    static abstract TV Select(TV mask, TV x, TV y);

    /// <summary>The mask as bits, lane 0 lowest.</summary>
    static abstract uint Bits(TV mask);

    /// <summary>
    /// x·2ⁿ by adding to the exponent, n being the low bits of <paramref name="shifted"/>; no overflow or underflow
    /// is handled.
    /// </summary>
    static abstract TV ScaleByPowerOf2(TV x, TV shifted);
}
