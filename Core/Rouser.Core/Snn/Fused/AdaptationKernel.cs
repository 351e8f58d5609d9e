using System.Runtime.CompilerServices;

namespace Rouser.Core.Snn.Fused;

/// <summary>
/// The thresholds that a panel's spikes met, where spikes raise them. The pass back needs them last step first; they are made again from the potentials, because keeping
/// them from the pass forward would double the memory that a step takes.
/// </summary>
internal static unsafe class AdaptationKernel
{
    /// <summary>Runs the equations of <see cref="Snn.Thresholds.AdaptiveThreshold"/> as <see cref="ForwardKernel"/> does, with the same roundings.</summary>
    /// <param name="c">ρ and β.</param>
    /// <param name="neurons">Th_init.</param>
    /// <param name="steps">T, the steps of the piece.</param>
    /// <param name="A">The adaptation before the piece, <c>[32]</c>.</param>
    /// <param name="V">The potentials, <c>[T × 32]</c>.</param>
    /// <param name="Th">Receives the thresholds, <c>[T × 32]</c>.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Run<TS, TV>(in NeuronConstants c, in NeuronPanel neurons, int steps, float* A, float* V, float* Th)
        where TS : ISimd<TV>
        where TV : unmanaged
    {
        TV rho = TS.All(c.Rho), rest = TS.All(c.Rest), beta = TS.All(c.Beta);
        for (int column = 0; column < Panel.Width; column += TS.Width)
        {
            TV a = TS.Load(A + column), th0 = TS.Load(neurons.Th + column);
            nint end = (nint)steps * Panel.Width;
            for (nint t = column; t < end; t += Panel.Width)
            {
                TV th = TS.Fused(beta, a, th0);
                TS.Store(Th + t, th);
                a = Next<TS, TV>(rho, rest, a, TS.AtLeast(TS.Load(V + t), th));
            }
        }
    }

    /// <summary>A[t + 1] = ρ A[t] + (1 − ρ) S[t].</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TV Next<TS, TV>(TV rho, TV rest, TV a, TV spike)
        where TS : ISimd<TV>
        where TV : unmanaged
        => Subnormal.Flush<TS, TV>(TS.Fused(rho, a, TS.Select(spike, rest, TS.All(0))));
}
