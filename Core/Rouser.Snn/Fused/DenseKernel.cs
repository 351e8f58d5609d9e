using System.Runtime.CompilerServices;

namespace Rouser.Snn.Fused;

/// <summary>
/// The one dense product: from ∂L/∂I of a layer to ∂L/∂S of the layer below, <c>[T × out]·[out × in]</c>, for one
/// panel of the layer below.
/// </summary>
/// <remarks>
/// Blocks of steps and two vectors of columns are kept in registers (24 accumulators where there are 32 registers, 8
/// elsewhere) while the sum runs over the neurons above, in order. So each element is one chain of fused
/// multiply-adds, whatever the block.
/// </remarks>
internal static unsafe class DenseKernel
{
    /// <summary>Writes <c>gS = gI·Wᵀ</c> for one panel.</summary>
    /// <param name="steps">T.</param>
    /// <param name="neurons">Neurons of the layer above.</param>
    /// <param name="gI">∂L/∂I of the layer above for one sample, from the step that step 0 below has effect on:
    /// panels of <c>[T × 32]</c>.</param>
    /// <param name="panelStride">Floats from one panel of <paramref name="gI"/> to the next.</param>
    /// <param name="WT">The transposed weights for this panel of the layer below, <c>[out × 32]</c>.</param>
    /// <param name="gS">Receives ∂L/∂S, <c>[T × 32]</c>.</param>
    public static void Run<TS, TV>(int steps, int neurons, float* gI, nint panelStride, float* WT, float* gS)
        where TS : ISimd<TV>
        where TV : unmanaged
    {
        for (int column = 0; column < WeightPanels.Width; column += 2 * TS.Width)
        {
            int t = 0;
            if (TS.Width == 16)
            {
                for (; t + 12 <= steps; t += 12)
                    Rows12<TS, TV>(
                        neurons,
                        panelStride,
                        gI + ((nint)t * WeightPanels.Width),
                        WT + column,
                        gS + ((nint)t * WeightPanels.Width) + column
                    );
            }
            for (; t + 6 <= steps; t += 6)
                Rows6<TS, TV>(
                    neurons,
                    panelStride,
                    gI + ((nint)t * WeightPanels.Width),
                    WT + column,
                    gS + ((nint)t * WeightPanels.Width) + column
                );
            for (; t + 4 <= steps; t += 4)
                Rows4<TS, TV>(
                    neurons,
                    panelStride,
                    gI + ((nint)t * WeightPanels.Width),
                    WT + column,
                    gS + ((nint)t * WeightPanels.Width) + column
                );
            for (; t < steps; t++)
                Rows1<TS, TV>(
                    neurons,
                    panelStride,
                    gI + ((nint)t * WeightPanels.Width),
                    WT + column,
                    gS + ((nint)t * WeightPanels.Width) + column
                );
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Rows12<TS, TV>(int count, nint panelStride, float* gI, float* WT, float* gS)
        where TS : ISimd<TV>
        where TV : unmanaged
    {
        TV x0 = TS.Broadcast(0),
            y0 = TS.Broadcast(0),
            x1 = TS.Broadcast(0),
            y1 = TS.Broadcast(0),
            x2 = TS.Broadcast(0),
            y2 = TS.Broadcast(0),
            x3 = TS.Broadcast(0),
            y3 = TS.Broadcast(0),
            x4 = TS.Broadcast(0),
            y4 = TS.Broadcast(0),
            x5 = TS.Broadcast(0),
            y5 = TS.Broadcast(0),
            x6 = TS.Broadcast(0),
            y6 = TS.Broadcast(0),
            x7 = TS.Broadcast(0),
            y7 = TS.Broadcast(0),
            x8 = TS.Broadcast(0),
            y8 = TS.Broadcast(0),
            x9 = TS.Broadcast(0),
            y9 = TS.Broadcast(0),
            x10 = TS.Broadcast(0),
            y10 = TS.Broadcast(0),
            x11 = TS.Broadcast(0),
            y11 = TS.Broadcast(0);
        for (int done = 0; done < count; done += WeightPanels.Width, gI += panelStride)
        {
            int columns = Math.Min(WeightPanels.Width, count - done);
            for (float* g = gI; g < gI + columns; g++, WT += WeightPanels.Width)
            {
                TV w0 = TS.Load(WT),
                    w1 = TS.Load(WT + TS.Width);
                TV f;
                f = TS.Broadcast(g[0]);
                x0 = TS.MultiplyAdd(f, w0, x0);
                y0 = TS.MultiplyAdd(f, w1, y0);
                f = TS.Broadcast(g[1 * WeightPanels.Width]);
                x1 = TS.MultiplyAdd(f, w0, x1);
                y1 = TS.MultiplyAdd(f, w1, y1);
                f = TS.Broadcast(g[2 * WeightPanels.Width]);
                x2 = TS.MultiplyAdd(f, w0, x2);
                y2 = TS.MultiplyAdd(f, w1, y2);
                f = TS.Broadcast(g[3 * WeightPanels.Width]);
                x3 = TS.MultiplyAdd(f, w0, x3);
                y3 = TS.MultiplyAdd(f, w1, y3);
                f = TS.Broadcast(g[4 * WeightPanels.Width]);
                x4 = TS.MultiplyAdd(f, w0, x4);
                y4 = TS.MultiplyAdd(f, w1, y4);
                f = TS.Broadcast(g[5 * WeightPanels.Width]);
                x5 = TS.MultiplyAdd(f, w0, x5);
                y5 = TS.MultiplyAdd(f, w1, y5);
                f = TS.Broadcast(g[6 * WeightPanels.Width]);
                x6 = TS.MultiplyAdd(f, w0, x6);
                y6 = TS.MultiplyAdd(f, w1, y6);
                f = TS.Broadcast(g[7 * WeightPanels.Width]);
                x7 = TS.MultiplyAdd(f, w0, x7);
                y7 = TS.MultiplyAdd(f, w1, y7);
                f = TS.Broadcast(g[8 * WeightPanels.Width]);
                x8 = TS.MultiplyAdd(f, w0, x8);
                y8 = TS.MultiplyAdd(f, w1, y8);
                f = TS.Broadcast(g[9 * WeightPanels.Width]);
                x9 = TS.MultiplyAdd(f, w0, x9);
                y9 = TS.MultiplyAdd(f, w1, y9);
                f = TS.Broadcast(g[10 * WeightPanels.Width]);
                x10 = TS.MultiplyAdd(f, w0, x10);
                y10 = TS.MultiplyAdd(f, w1, y10);
                f = TS.Broadcast(g[11 * WeightPanels.Width]);
                x11 = TS.MultiplyAdd(f, w0, x11);
                y11 = TS.MultiplyAdd(f, w1, y11);
            }
        }
        TS.Store(gS, x0);
        TS.Store(gS + TS.Width, y0);
        TS.Store(gS + (1 * WeightPanels.Width), x1);
        TS.Store(gS + (1 * WeightPanels.Width) + TS.Width, y1);
        TS.Store(gS + (2 * WeightPanels.Width), x2);
        TS.Store(gS + (2 * WeightPanels.Width) + TS.Width, y2);
        TS.Store(gS + (3 * WeightPanels.Width), x3);
        TS.Store(gS + (3 * WeightPanels.Width) + TS.Width, y3);
        TS.Store(gS + (4 * WeightPanels.Width), x4);
        TS.Store(gS + (4 * WeightPanels.Width) + TS.Width, y4);
        TS.Store(gS + (5 * WeightPanels.Width), x5);
        TS.Store(gS + (5 * WeightPanels.Width) + TS.Width, y5);
        TS.Store(gS + (6 * WeightPanels.Width), x6);
        TS.Store(gS + (6 * WeightPanels.Width) + TS.Width, y6);
        TS.Store(gS + (7 * WeightPanels.Width), x7);
        TS.Store(gS + (7 * WeightPanels.Width) + TS.Width, y7);
        TS.Store(gS + (8 * WeightPanels.Width), x8);
        TS.Store(gS + (8 * WeightPanels.Width) + TS.Width, y8);
        TS.Store(gS + (9 * WeightPanels.Width), x9);
        TS.Store(gS + (9 * WeightPanels.Width) + TS.Width, y9);
        TS.Store(gS + (10 * WeightPanels.Width), x10);
        TS.Store(gS + (10 * WeightPanels.Width) + TS.Width, y10);
        TS.Store(gS + (11 * WeightPanels.Width), x11);
        TS.Store(gS + (11 * WeightPanels.Width) + TS.Width, y11);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Rows6<TS, TV>(int count, nint panelStride, float* gI, float* WT, float* gS)
        where TS : ISimd<TV>
        where TV : unmanaged
    {
        TV x0 = TS.Broadcast(0),
            y0 = TS.Broadcast(0),
            x1 = TS.Broadcast(0),
            y1 = TS.Broadcast(0),
            x2 = TS.Broadcast(0),
            y2 = TS.Broadcast(0),
            x3 = TS.Broadcast(0),
            y3 = TS.Broadcast(0),
            x4 = TS.Broadcast(0),
            y4 = TS.Broadcast(0),
            x5 = TS.Broadcast(0),
            y5 = TS.Broadcast(0);
        for (int done = 0; done < count; done += WeightPanels.Width, gI += panelStride)
        {
            int columns = Math.Min(WeightPanels.Width, count - done);
            for (float* g = gI; g < gI + columns; g++, WT += WeightPanels.Width)
            {
                TV w0 = TS.Load(WT),
                    w1 = TS.Load(WT + TS.Width);
                TV f;
                f = TS.Broadcast(g[0]);
                x0 = TS.MultiplyAdd(f, w0, x0);
                y0 = TS.MultiplyAdd(f, w1, y0);
                f = TS.Broadcast(g[1 * WeightPanels.Width]);
                x1 = TS.MultiplyAdd(f, w0, x1);
                y1 = TS.MultiplyAdd(f, w1, y1);
                f = TS.Broadcast(g[2 * WeightPanels.Width]);
                x2 = TS.MultiplyAdd(f, w0, x2);
                y2 = TS.MultiplyAdd(f, w1, y2);
                f = TS.Broadcast(g[3 * WeightPanels.Width]);
                x3 = TS.MultiplyAdd(f, w0, x3);
                y3 = TS.MultiplyAdd(f, w1, y3);
                f = TS.Broadcast(g[4 * WeightPanels.Width]);
                x4 = TS.MultiplyAdd(f, w0, x4);
                y4 = TS.MultiplyAdd(f, w1, y4);
                f = TS.Broadcast(g[5 * WeightPanels.Width]);
                x5 = TS.MultiplyAdd(f, w0, x5);
                y5 = TS.MultiplyAdd(f, w1, y5);
            }
        }
        TS.Store(gS, x0);
        TS.Store(gS + TS.Width, y0);
        TS.Store(gS + (1 * WeightPanels.Width), x1);
        TS.Store(gS + (1 * WeightPanels.Width) + TS.Width, y1);
        TS.Store(gS + (2 * WeightPanels.Width), x2);
        TS.Store(gS + (2 * WeightPanels.Width) + TS.Width, y2);
        TS.Store(gS + (3 * WeightPanels.Width), x3);
        TS.Store(gS + (3 * WeightPanels.Width) + TS.Width, y3);
        TS.Store(gS + (4 * WeightPanels.Width), x4);
        TS.Store(gS + (4 * WeightPanels.Width) + TS.Width, y4);
        TS.Store(gS + (5 * WeightPanels.Width), x5);
        TS.Store(gS + (5 * WeightPanels.Width) + TS.Width, y5);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Rows4<TS, TV>(int count, nint panelStride, float* gI, float* WT, float* gS)
        where TS : ISimd<TV>
        where TV : unmanaged
    {
        TV x0 = TS.Broadcast(0),
            y0 = TS.Broadcast(0),
            x1 = TS.Broadcast(0),
            y1 = TS.Broadcast(0),
            x2 = TS.Broadcast(0),
            y2 = TS.Broadcast(0),
            x3 = TS.Broadcast(0),
            y3 = TS.Broadcast(0);
        for (int done = 0; done < count; done += WeightPanels.Width, gI += panelStride)
        {
            int columns = Math.Min(WeightPanels.Width, count - done);
            for (float* g = gI; g < gI + columns; g++, WT += WeightPanels.Width)
            {
                TV w0 = TS.Load(WT),
                    w1 = TS.Load(WT + TS.Width);
                TV f;
                f = TS.Broadcast(g[0]);
                x0 = TS.MultiplyAdd(f, w0, x0);
                y0 = TS.MultiplyAdd(f, w1, y0);
                f = TS.Broadcast(g[1 * WeightPanels.Width]);
                x1 = TS.MultiplyAdd(f, w0, x1);
                y1 = TS.MultiplyAdd(f, w1, y1);
                f = TS.Broadcast(g[2 * WeightPanels.Width]);
                x2 = TS.MultiplyAdd(f, w0, x2);
                y2 = TS.MultiplyAdd(f, w1, y2);
                f = TS.Broadcast(g[3 * WeightPanels.Width]);
                x3 = TS.MultiplyAdd(f, w0, x3);
                y3 = TS.MultiplyAdd(f, w1, y3);
            }
        }
        TS.Store(gS, x0);
        TS.Store(gS + TS.Width, y0);
        TS.Store(gS + (1 * WeightPanels.Width), x1);
        TS.Store(gS + (1 * WeightPanels.Width) + TS.Width, y1);
        TS.Store(gS + (2 * WeightPanels.Width), x2);
        TS.Store(gS + (2 * WeightPanels.Width) + TS.Width, y2);
        TS.Store(gS + (3 * WeightPanels.Width), x3);
        TS.Store(gS + (3 * WeightPanels.Width) + TS.Width, y3);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Rows1<TS, TV>(int count, nint panelStride, float* gI, float* WT, float* gS)
        where TS : ISimd<TV>
        where TV : unmanaged
    {
        TV x0 = TS.Broadcast(0),
            y0 = TS.Broadcast(0);
        for (int done = 0; done < count; done += WeightPanels.Width, gI += panelStride)
        {
            int columns = Math.Min(WeightPanels.Width, count - done);
            for (float* g = gI; g < gI + columns; g++, WT += WeightPanels.Width)
            {
                TV w0 = TS.Load(WT),
                    w1 = TS.Load(WT + TS.Width);
                TV f = TS.Broadcast(g[0]);
                x0 = TS.MultiplyAdd(f, w0, x0);
                y0 = TS.MultiplyAdd(f, w1, y0);
            }
        }
        TS.Store(gS, x0);
        TS.Store(gS + TS.Width, y0);
    }
}
