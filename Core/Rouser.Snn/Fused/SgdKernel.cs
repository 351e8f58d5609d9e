using System.Runtime.CompilerServices;

namespace Rouser.Snn.Fused;

/// <summary><see cref="Optimizers.SgdOptimizer"/>.</summary>
internal readonly unsafe struct SgdKernel : IUpdateKernel
{
    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TV Run<TS, TV>(in UpdateConstants c, TV g, float* theta, float* m, float* v)
        where TS : ISimd<TV>
        where TV : unmanaged
    {
        TV momentum = Subnormal.Flush<TS, TV>(TS.MultiplyAdd(TS.Broadcast(c.First), TS.Load(m), g));
        TV next = TS.MultiplyAdd(TS.Broadcast(c.MinusRate), momentum, TS.Load(theta));
        TS.Store(m, momentum);
        TS.Store(theta, next);
        return next;
    }
}
