using System.Runtime.CompilerServices;

namespace Rouser.Snn.Fused;

/// <summary>
/// The weights' gradient, row by row of a panel: a row's gradient is the sum of ∂L/∂I over the row's events in the
/// whole batch. It stays in registers and feeds the optimiser at once. It is written down between the parts of a
/// batch that is not worked on all at once, and where the update needs more than a row to be known first.
/// </summary>
internal static unsafe class GradientKernel
{
    /// <summary>Sums and updates the rows <paramref name="from"/> to <paramref name="to"/> of one panel.</summary>
    /// <param name="c">The update's constants.</param>
    /// <param name="part">Whether the events are the first and the last of the batch.</param>
    /// <param name="from">The first input neuron.</param>
    /// <param name="to">One past the last.</param>
    /// <param name="starts"><c>[in + 1]</c>: neuron j's events are <c>rows[starts[j]..starts[j + 1]]</c>.</param>
    /// <param name="rows">For each event the row of <paramref name="gI"/> that it has effect on; in the order of the
    /// sum.</param>
    /// <param name="touched"><c>[in]</c>: 0 if the neuron has never had an event; its moments are then 0 and
    /// the optimiser would not move it.</param>
    /// <param name="gI">∂L/∂I of the panel, <c>[rows × 32]</c>.</param>
    /// <param name="panel">The panel's tensors, <c>[in × 32]</c> each.</param>
    /// <param name="squares">Receives the sum of the gradient's squares per column, <c>[32]</c>.</param>
    /// <param name="finite">Receives 0 per column, or NaN if a weight of it is not finite, <c>[32]</c>.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Run<TS, TV, TUpdate>(
        in UpdateConstants c,
        BatchPart part,
        int from,
        int to,
        int* starts,
        int* rows,
        byte* touched,
        float* gI,
        in WeightPanel panel,
        float* squares,
        float* finite
    )
        where TS : ISimd<TV>
        where TV : unmanaged
        where TUpdate : struct, IUpdateKernel
    {
        TV zero = TS.Broadcast(0),
            factor = TS.Broadcast(panel.SeparateFactor);
        float* w = panel.Unrounded is null ? panel.W : panel.Unrounded;
        for (int column = 0; column < WeightPanels.Width; column += 2 * TS.Width)
        {
            int next = column + TS.Width;
            TV squares0 = zero,
                squares1 = zero,
                finite0 = zero,
                finite1 = zero;
            for (int j = from; j < to; j++)
            {
                if (touched[j] == 0 && !panel.Normalized)
                    continue;
                nint at = (nint)j * WeightPanels.Width;
                TV g0 = part.IsFirst ? zero : TS.Load(panel.Gradient + at + column),
                    g1 = part.IsFirst ? zero : TS.Load(panel.Gradient + at + next);
                int end = starts[j + 1];
                for (int k = starts[j]; k < end; k++)
                {
                    float* row = gI + ((nint)rows[k] * WeightPanels.Width);
                    g0 = TS.Add(g0, TS.Load(row + column));
                    g1 = TS.Add(g1, TS.Load(row + next));
                }
                if (part.IsLast && j < panel.SeparateRows)
                    (g0, g1) = (TS.Multiply(factor, g0), TS.Multiply(factor, g1));
                if (panel.Gradient is not null)
                {
                    TS.Store(panel.Gradient + at + column, g0);
                    TS.Store(panel.Gradient + at + next, g1);
                }
                if (!part.IsLast)
                    continue;
                squares0 = TS.MultiplyAdd(g0, g0, squares0);
                squares1 = TS.MultiplyAdd(g1, g1, squares1);
                if (panel.UpdatesLater)
                    continue;
                TV w0 = TUpdate.Run<TS, TV>(c, g0, w + at + column, panel.M + at + column, panel.V + at + column);
                TV w1 = TUpdate.Run<TS, TV>(c, g1, w + at + next, panel.M + at + next, panel.V + at + next);
                (finite0, finite1) = (TS.MultiplyAdd(w0, zero, finite0), TS.MultiplyAdd(w1, zero, finite1));
                if (panel.Unrounded is null)
                    continue;
                TS.Store(panel.W + at + column, LavaWeights.Round<TS, TV>(w0));
                TS.Store(panel.W + at + next, LavaWeights.Round<TS, TV>(w1));
            }
            TS.Store(squares + column, squares0);
            TS.Store(squares + next, squares1);
            TS.Store(finite + column, finite0);
            TS.Store(finite + next, finite1);
        }
    }
}
