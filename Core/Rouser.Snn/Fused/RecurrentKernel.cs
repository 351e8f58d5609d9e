using System.Runtime.CompilerServices;

namespace Rouser.Snn.Fused;

/// <summary>What a layer that hears itself adds to ∂L/∂S of a step: Uᵀ ∂L/∂I of the step after it, for one panel.</summary>
internal static unsafe class RecurrentKernel
{
    /// <summary>Adds <c>gI·Uᵀ</c> to <c>gS</c>.</summary>
    /// <remarks>
    /// Every fourth neuron is in the same one of four sums, whatever the width of vectors: one sum alone would wait for each
    /// of its multiply-adds.
    /// </remarks>
    /// <param name="neurons">N, padded to whole panels, whose last ones have no weights.</param>
    /// <param name="gI">∂L/∂I of the step after: panels of <c>[32]</c>.</param>
    /// <param name="panelStride">Floats from one of them to the next.</param>
    /// <param name="UT">The transposed weights for the panel, <c>[N × 32]</c>.</param>
    /// <param name="gS">∂L/∂S of the panel, <c>[32]</c>.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Run<TS, TV>(int neurons, float* gI, nint panelStride, float* UT, float* gS)
        where TS : ISimd<TV>
        where TV : unmanaged
    {
        for (int column = 0; column < WeightPanels.Width; column += 2 * TS.Width)
        {
            TV x0 = TS.Broadcast(0),
                x1 = x0,
                x2 = x0,
                x3 = x0,
                y0 = x0,
                y1 = x0,
                y2 = x0,
                y3 = x0;
            float* w = UT + column,
                panel = gI;
            for (int done = 0; done < neurons; done += WeightPanels.Width, panel += panelStride)
            {
                for (float* g = panel; g < panel + WeightPanels.Width; g += 4, w += 4 * WeightPanels.Width)
                {
                    TV f0 = TS.Broadcast(g[0]),
                        f1 = TS.Broadcast(g[1]),
                        f2 = TS.Broadcast(g[2]),
                        f3 = TS.Broadcast(g[3]);
                    x0 = TS.MultiplyAdd(f0, TS.Load(w), x0);
                    y0 = TS.MultiplyAdd(f0, TS.Load(w + TS.Width), y0);
                    x1 = TS.MultiplyAdd(f1, TS.Load(w + WeightPanels.Width), x1);
                    y1 = TS.MultiplyAdd(f1, TS.Load(w + WeightPanels.Width + TS.Width), y1);
                    x2 = TS.MultiplyAdd(f2, TS.Load(w + (2 * WeightPanels.Width)), x2);
                    y2 = TS.MultiplyAdd(f2, TS.Load(w + (2 * WeightPanels.Width) + TS.Width), y2);
                    x3 = TS.MultiplyAdd(f3, TS.Load(w + (3 * WeightPanels.Width)), x3);
                    y3 = TS.MultiplyAdd(f3, TS.Load(w + (3 * WeightPanels.Width) + TS.Width), y3);
                }
            }
            float* to = gS + column;
            TS.Store(to, TS.Add(TS.Load(to), TS.Add(TS.Add(x0, x1), TS.Add(x2, x3))));
            TS.Store(to + TS.Width, TS.Add(TS.Load(to + TS.Width), TS.Add(TS.Add(y0, y1), TS.Add(y2, y3))));
        }
    }
}
