using System.Runtime.CompilerServices;

namespace Rouser.Snn.Fused;

/// <summary><see cref="Optimizers.AdamOptimizer"/>; the bias corrections are folded into two factors.</summary>
internal readonly unsafe struct AdamKernel : IUpdateKernel
{
    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TV Run<TS, TV>(in UpdateConstants c, TV g, float* theta, float* m, float* v)
        where TS : ISimd<TV>
        where TV : unmanaged => Step<TS, TV>(c, g, TS.Load(theta), theta, m, v);

    /// <summary>The step from <paramref name="from"/>, which need not be what stands there.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TV Step<TS, TV>(in UpdateConstants c, TV g, TV from, float* theta, float* m, float* v)
        where TS : ISimd<TV>
        where TV : unmanaged
    {
        TV first = Subnormal.Flush<TS, TV>(
            TS.MultiplyAdd(TS.Broadcast(c.First), TS.Load(m), TS.Multiply(TS.Broadcast(c.OneMinusFirst), g))
        );
        TV second = Subnormal.Flush<TS, TV>(
            TS.MultiplyAdd(TS.Broadcast(c.Second), TS.Load(v), TS.Multiply(TS.Multiply(TS.Broadcast(c.OneMinusSecond), g), g))
        );
        TV scale = TS.MultiplyAdd(TS.Sqrt(second), TS.Broadcast(c.RootCorrection), TS.Broadcast(c.Epsilon));
        TV next = TS.MultiplyAdd(TS.Broadcast(c.MinusRate), TS.Divide(first, scale), from);
        TS.Store(m, first);
        TS.Store(v, second);
        TS.Store(theta, next);
        return next;
    }
}
