using System.Runtime.CompilerServices;

namespace Rouser.Snn.Fused;

/// <summary>Adam on a vector of parameters; the equations stand at <see cref="Reference.ReferenceAdam"/>.</summary>
internal static unsafe class AdamKernel
{
    /// <summary>
    /// Moves the parameters at <paramref name="theta"/> and their moments by the gradient <paramref name="g"/>, and
    /// returns the new ones.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TV Run<TS, TV>(in AdamConstants c, TV g, float* theta, float* m, float* v)
        where TS : ISimd<TV>
        where TV : unmanaged
    {
        TV first = Subnormal.Flush<TS, TV>(
            TS.MultiplyAdd(TS.Broadcast(c.Beta1), TS.Load(m), TS.Multiply(TS.Broadcast(c.OneMinusBeta1), g))
        );
        TV second = Subnormal.Flush<TS, TV>(
            TS.MultiplyAdd(TS.Broadcast(c.Beta2), TS.Load(v), TS.Multiply(TS.Multiply(TS.Broadcast(c.OneMinusBeta2), g), g))
        );
        TV scale = TS.MultiplyAdd(TS.Sqrt(second), TS.Broadcast(c.RootCorrection), TS.Broadcast(c.Epsilon));
        TV next = TS.MultiplyAdd(TS.Broadcast(c.MinusRate), TS.Divide(first, scale), TS.Load(theta));
        TS.Store(m, first);
        TS.Store(v, second);
        TS.Store(theta, next);
        return next;
    }
}
