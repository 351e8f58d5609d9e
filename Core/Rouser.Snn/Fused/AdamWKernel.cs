using System.Runtime.CompilerServices;

namespace Rouser.Snn.Fused;

/// <summary><see cref="Optimizers.AdamWOptimizer"/>.</summary>
internal readonly unsafe struct AdamWKernel : IUpdateKernel
{
    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TV Run<TS, TV>(in UpdateConstants c, TV g, float* theta, float* m, float* v)
        where TS : ISimd<TV>
        where TV : unmanaged =>
        AdamKernel.Step<TS, TV>(c, g, Subnormal.Flush<TS, TV>(TS.Multiply(TS.Broadcast(c.Kept), TS.Load(theta))), theta, m, v);
}
