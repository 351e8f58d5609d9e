using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Rouser.Snn.Fused;

/// <summary>
/// Loops that do nothing but what bounds the kernels: multiply-add in registers, read a buffer, update a buffer.
/// Timed by the benchmarks, they say what this machine can do at most.
/// </summary>
internal static unsafe class LimitKernel
{
    /// <summary>
    /// Independent chains of multiply-adds: more than latency times units asks for, and few enough for 16 registers.
    /// </summary>
    private const int Chains = 12;

    /// <summary>The loops for vectors of <paramref name="bits"/> bits: 32, 128, 256 or 512.</summary>
    public static Loops For(int bits) =>
        bits switch
        {
            512 => new(
                MultiplyAdd<Simd512, Vector512<float>>,
                Read<Simd512, Vector512<float>>,
                Update<Simd512, Vector512<float>>
            ),
            256 => new(
                MultiplyAdd<Simd256, Vector256<float>>,
                Read<Simd256, Vector256<float>>,
                Update<Simd256, Vector256<float>>
            ),
            128 => new(
                MultiplyAdd<Simd128, Vector128<float>>,
                Read<Simd128, Vector128<float>>,
                Update<Simd128, Vector128<float>>
            ),
            32 => new(MultiplyAdd<SimdScalar, float>, Read<SimdScalar, float>, Update<SimdScalar, float>),
            _ => throw new ArgumentOutOfRangeException(nameof(bits), bits, "No such width."),
        };

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static double MultiplyAdd<TS, TV>(long rounds)
        where TS : ISimd<TV>
        where TV : unmanaged
    {
        // x ← ½x + 1 tends to 2: neither subnormal nor infinite, which some processors handle slowly.
        TV half = TS.Broadcast(0.5f),
            one = TS.Broadcast(1);
        TV x0 = one,
            x1 = one,
            x2 = one,
            x3 = one,
            x4 = one,
            x5 = one,
            x6 = one,
            x7 = one,
            x8 = one,
            x9 = one,
            x10 = one,
            x11 = one;
        for (long k = 0; k < rounds; k++)
        {
            x0 = TS.MultiplyAdd(x0, half, one);
            x1 = TS.MultiplyAdd(x1, half, one);
            x2 = TS.MultiplyAdd(x2, half, one);
            x3 = TS.MultiplyAdd(x3, half, one);
            x4 = TS.MultiplyAdd(x4, half, one);
            x5 = TS.MultiplyAdd(x5, half, one);
            x6 = TS.MultiplyAdd(x6, half, one);
            x7 = TS.MultiplyAdd(x7, half, one);
            x8 = TS.MultiplyAdd(x8, half, one);
            x9 = TS.MultiplyAdd(x9, half, one);
            x10 = TS.MultiplyAdd(x10, half, one);
            x11 = TS.MultiplyAdd(x11, half, one);
        }
        float* sink = stackalloc float[TS.Width];
        x0 = TS.Add(TS.Add(TS.Add(x0, x1), TS.Add(x2, x3)), TS.Add(TS.Add(x4, x5), TS.Add(x6, x7)));
        TS.Store(sink, TS.Add(x0, TS.Add(TS.Add(x8, x9), TS.Add(x10, x11))));
        Keep(*sink);
        return 2.0 * Chains * TS.Width * rounds;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static double Read<TS, TV>(float* buffer, nint length, long rounds)
        where TS : ISimd<TV>
        where TV : unmanaged
    {
        TV x0 = TS.Broadcast(0),
            x1 = x0,
            x2 = x0,
            x3 = x0,
            x4 = x0,
            x5 = x0,
            x6 = x0,
            x7 = x0;
        nint block = 8 * TS.Width;
        for (long k = 0; k < rounds; k++)
        {
            for (float* p = buffer; p < buffer + length; p += block)
            {
                x0 = TS.Add(x0, TS.Load(p));
                x1 = TS.Add(x1, TS.Load(p + TS.Width));
                x2 = TS.Add(x2, TS.Load(p + (2 * TS.Width)));
                x3 = TS.Add(x3, TS.Load(p + (3 * TS.Width)));
                x4 = TS.Add(x4, TS.Load(p + (4 * TS.Width)));
                x5 = TS.Add(x5, TS.Load(p + (5 * TS.Width)));
                x6 = TS.Add(x6, TS.Load(p + (6 * TS.Width)));
                x7 = TS.Add(x7, TS.Load(p + (7 * TS.Width)));
            }
        }
        float* sink = stackalloc float[TS.Width];
        TS.Store(sink, TS.Add(TS.Add(TS.Add(x0, x1), TS.Add(x2, x3)), TS.Add(TS.Add(x4, x5), TS.Add(x6, x7))));
        Keep(*sink);
        return (double)sizeof(float) * length * rounds;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static double Update<TS, TV>(float* buffer, nint length, long rounds)
        where TS : ISimd<TV>
        where TV : unmanaged
    {
        TV half = TS.Broadcast(0.5f),
            one = TS.Broadcast(1);
        nint block = 4 * TS.Width;
        for (long k = 0; k < rounds; k++)
        {
            for (float* p = buffer; p < buffer + length; p += block)
            {
                TS.Store(p, TS.MultiplyAdd(TS.Load(p), half, one));
                TS.Store(p + TS.Width, TS.MultiplyAdd(TS.Load(p + TS.Width), half, one));
                TS.Store(p + (2 * TS.Width), TS.MultiplyAdd(TS.Load(p + (2 * TS.Width)), half, one));
                TS.Store(p + (3 * TS.Width), TS.MultiplyAdd(TS.Load(p + (3 * TS.Width)), half, one));
            }
        }
        return 2.0 * sizeof(float) * length * rounds;
    }

    /// <summary>Keeps the compiler from dropping a loop whose result nobody reads.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void Keep(float value) => GC.KeepAlive(value);

    /// <summary>Multiply-adds in registers.</summary>
    /// <returns>Floating-point operations done; a multiply-add is two.</returns>
    internal delegate double Arithmetic(long rounds);

    /// <summary>Passes over a buffer whose length is a multiple of 128 floats.</summary>
    /// <returns>Bytes read, and for an update those written too.</returns>
    internal delegate double Streaming(float* buffer, nint length, long rounds);

    /// <summary>The loops of one vector width.</summary>
    internal readonly record struct Loops(Arithmetic MultiplyAdd, Streaming Read, Streaming Update);
}
