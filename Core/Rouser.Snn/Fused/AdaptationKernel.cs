using System.Runtime.CompilerServices;
using Rouser.Snn.Thresholds;

namespace Rouser.Snn.Fused;

/// <summary>
/// The thresholds that a panel's spikes met, where the rule keeps a state. The pass back needs them last step first;
/// they are made again from the potentials, because keeping them from the pass forward would double the memory that a
/// step takes.
/// </summary>
internal static unsafe class AdaptationKernel
{
    /// <summary>Runs the rule's recurrence as <see cref="ForwardKernel"/> does, with the same roundings.</summary>
    /// <param name="c">The rule's constants.</param>
    /// <param name="neurons">Th_init.</param>
    /// <param name="steps">T, the steps of the piece.</param>
    /// <param name="A">The state before the piece, <c>[32]</c>.</param>
    /// <param name="V">The potentials, <c>[T × 32]</c>.</param>
    /// <param name="Th">Receives the thresholds, <c>[T × 32]</c>.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Run<TS, TV, TThreshold>(
        in NeuronConstants c,
        in NeuronPanel neurons,
        int steps,
        float* A,
        float* V,
        float* Th
    )
        where TS : ISimd<TV>
        where TV : unmanaged
        where TThreshold : IThresholdKernel
    {
        ThresholdConstants<TV> constants = ThresholdConstants<TV>.From<TS>(c.Threshold);
        for (int column = 0; column < WeightPanels.Width; column += TS.Width)
        {
            TV a = TS.Load(A + column),
                th0 = TS.Load(neurons.Th + column);
            nint end = (nint)steps * WeightPanels.Width;
            for (nint t = column; t < end; t += WeightPanels.Width)
            {
                TV th = TThreshold.Threshold<TS, TV>(constants, th0, a);
                TS.Store(Th + t, th);
                a = TThreshold.Next<TS, TV>(constants, a, TS.GreaterOrEqual(TS.Load(V + t), th));
            }
        }
    }
}
