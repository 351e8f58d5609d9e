using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Rouser.Snn.Fused;

/// <summary>
/// What <see cref="LayerNormalization"/> does with each step of a panel. Sums are in double precision, one for each
/// column over the steps in their order, so that they are the same for every vector width.
/// </summary>
internal static unsafe class BatchNormalizationKernel
{
    /// <summary>z = W S_in for one panel and one sample.</summary>
    /// <param name="steps">T.</param>
    /// <param name="idle">The first so many steps have no input.</param>
    /// <param name="offsets">As <see cref="ForwardKernel"/> takes them.</param>
    /// <param name="inputs">Likewise.</param>
    /// <param name="W">The weights' panel, <c>[in × 32]</c>.</param>
    /// <param name="Z">Receives z, <c>[T × 32]</c>.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Inputs<TS, TV>(int steps, int idle, int* offsets, ushort* inputs, float* W, float* Z)
        where TS : ISimd<TV>
        where TV : unmanaged
    {
        for (int column = 0; column < WeightPanels.Width; column += 2 * TS.Width)
        {
            float* w0 = W + column,
                w1 = w0 + TS.Width,
                z = Z + column;
            for (int t = 0; t < steps; t++, z += WeightPanels.Width)
            {
                EventRows.Sum<TS, TV>(t - idle, offsets, inputs, w0, w1, out TV z0, out TV z1);
                TS.Store(z, z0);
                TS.Store(z + TS.Width, z1);
            }
        }
    }

    /// <summary>gz = g gy + k₁ z + k₀ in place of gy.</summary>
    /// <param name="steps">T.</param>
    /// <param name="factors">g, k₁ and k₀ of the panel, <c>[3 × 32]</c>.</param>
    /// <param name="Z">z, <c>[T × 32]</c>.</param>
    /// <param name="G">gy, <c>[T × 32]</c>; overwritten.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Gradient<TS, TV>(int steps, float* factors, float* Z, float* G)
        where TS : ISimd<TV>
        where TV : unmanaged
    {
        for (int column = 0; column < WeightPanels.Width; column += TS.Width)
        {
            float* f = factors + column;
            TV g = TS.Load(f),
                k1 = TS.Load(f + WeightPanels.Width),
                k0 = TS.Load(f + (2 * WeightPanels.Width));
            nint end = (nint)steps * WeightPanels.Width;
            for (nint at = column; at < end; at += WeightPanels.Width)
                TS.Store(G + at, TS.MultiplyAdd(g, TS.Load(G + at), TS.MultiplyAdd(k1, TS.Load(Z + at), k0)));
        }
    }

    /// <summary>Σ_t x and Σ_t x y of each column.</summary>
    /// <param name="steps">T.</param>
    /// <param name="X">x, <c>[T × 32]</c>.</param>
    /// <param name="Y">y likewise.</param>
    /// <param name="sums">Receives the sums, <c>[2 × 32]</c>.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Sum(int steps, float* X, float* Y, double* sums)
    {
        const int half = 8;
        for (int column = 0; column < WeightPanels.Width; column += 2 * half)
        {
            Vector512<double> sum0 = Vector512<double>.Zero,
                sum1 = sum0,
                product0 = sum0,
                product1 = sum0;
            float* x = X + column,
                y = Y + column;
            for (int t = 0; t < steps; t++, x += WeightPanels.Width, y += WeightPanels.Width)
            {
                (Vector512<double> x0, Vector512<double> x1) = Vector512.Widen(Vector512.Load(x));
                (Vector512<double> y0, Vector512<double> y1) = Vector512.Widen(Vector512.Load(y));
                sum0 += x0;
                sum1 += x1;
                product0 += x0 * y0;
                product1 += x1 * y1;
            }
            sum0.Store(sums + column);
            sum1.Store(sums + column + half);
            product0.Store(sums + WeightPanels.Width + column);
            product1.Store(sums + WeightPanels.Width + column + half);
        }
    }
}
