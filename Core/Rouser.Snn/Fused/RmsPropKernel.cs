using System.Runtime.CompilerServices;

namespace Rouser.Snn.Fused;

/// <summary><see cref="Optimizers.RmsPropOptimizer"/>.</summary>
internal readonly unsafe struct RmsPropKernel : IUpdateKernel
{
    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TV Run<TS, TV>(in UpdateConstants c, TV g, float* theta, float* m, float* v)
        where TS : ISimd<TV>
        where TV : unmanaged
    {
        TV square = Subnormal.Flush<TS, TV>(
            TS.MultiplyAdd(TS.Broadcast(c.Second), TS.Load(v), TS.Multiply(TS.Multiply(TS.Broadcast(c.OneMinusSecond), g), g))
        );
        TV step = TS.Divide(g, TS.Add(TS.Sqrt(square), TS.Broadcast(c.Epsilon)));
        TV next = TS.MultiplyAdd(TS.Broadcast(c.MinusRate), step, TS.Load(theta));
        TS.Store(v, square);
        TS.Store(theta, next);
        return next;
    }
}
