using System.Runtime.CompilerServices;

namespace Rouser.Snn.Fused;

/// <summary>
/// From ∂L/∂I of a convolution to ∂L/∂P of the plane below (<see cref="Layers.LayerConnection"/>): position by position,
/// channels below in lanes, and eight steps in registers while the sum runs over the outputs that see the position, in
/// reading order, and their channels. Each element is one chain of fused multiply-adds, whatever the block.
/// </summary>
internal static unsafe class TransposedConvolutionKernel
{
    /// <summary>Writes ∂L/∂P of a piece.</summary>
    /// <param name="c">The convolution.</param>
    /// <param name="steps">T.</param>
    /// <param name="gI">∂L/∂I of the convolution for one sample, from the step that step 0 below has effect on: panels
    /// of <c>[T × 32]</c>.</param>
    /// <param name="strideI">Floats from one panel to the next.</param>
    /// <param name="WT">The weights, <c>[k × k × out channels × in channels]</c>, the last padded to whole panels.</param>
    /// <param name="gP">Receives ∂L/∂P, panels of <c>[T × 32]</c>.</param>
    /// <param name="strideP">Floats from one panel to the next.</param>
    public static void Run<TS, TV>(in ConvolutionShape c, int steps, float* gI, nint strideI, float* WT, float* gP, nint strideP)
        where TS : ISimd<TV>
        where TV : unmanaged
    {
        for (int y = 0; y < c.InHeight; y++)
        {
            for (int x = 0; x < c.InWidth; x++)
            {
                int neuron = ((y * c.InWidth) + x) * c.InChannels;
                for (int channel = 0; channel < c.InChannels; channel += TS.Width)
                {
                    int t = 0;
                    for (; t + 8 <= steps; t += 8)
                        Rows8<TS, TV>(c, y, x, channel, neuron, t, gI, strideI, WT, gP, strideP);
                    for (; t < steps; t++)
                        Rows1<TS, TV>(c, y, x, channel, neuron, t, gI, strideI, WT, gP, strideP);
                }
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Rows8<TS, TV>(
        in ConvolutionShape c,
        int y,
        int x,
        int channel,
        int neuron,
        int t,
        float* gI,
        nint strideI,
        float* WT,
        float* gP,
        nint strideP
    )
        where TS : ISimd<TV>
        where TV : unmanaged
    {
        TV g0 = TS.Broadcast(0),
            g1 = g0,
            g2 = g0,
            g3 = g0,
            g4 = g0,
            g5 = g0,
            g6 = g0,
            g7 = g0;
        (PlaneReach rows, PlaneReach columns) = (c.Rows[y], c.Columns[x]);
        nint lanes = (nint)WeightPanels.Count(c.InChannels) * WeightPanels.Width;
        for (int oy = rows.From; oy < rows.To; oy++)
        {
            for (int ox = columns.From; ox < columns.To; ox++)
            {
                int tap = ((y + c.Padding - (oy * c.Stride)) * c.Kernel) + x + c.Padding - (ox * c.Stride);
                float* w = WT + (tap * c.Channels * lanes) + channel;
                int first = ((oy * c.Width) + ox) * c.Channels,
                    end = first + c.Channels;
                for (int n = first; n < end; )
                {
                    int lane = n % WeightPanels.Width,
                        run = Math.Min(WeightPanels.Width - lane, end - n);
                    float* g = gI + (n / WeightPanels.Width * strideI) + ((nint)t * WeightPanels.Width) + lane;
                    n += run;
                    for (float* last = g + run; g < last; g++, w += lanes)
                    {
                        TV v = TS.Load(w);
                        g0 = TS.MultiplyAdd(TS.Broadcast(g[0]), v, g0);
                        g1 = TS.MultiplyAdd(TS.Broadcast(g[1 * WeightPanels.Width]), v, g1);
                        g2 = TS.MultiplyAdd(TS.Broadcast(g[2 * WeightPanels.Width]), v, g2);
                        g3 = TS.MultiplyAdd(TS.Broadcast(g[3 * WeightPanels.Width]), v, g3);
                        g4 = TS.MultiplyAdd(TS.Broadcast(g[4 * WeightPanels.Width]), v, g4);
                        g5 = TS.MultiplyAdd(TS.Broadcast(g[5 * WeightPanels.Width]), v, g5);
                        g6 = TS.MultiplyAdd(TS.Broadcast(g[6 * WeightPanels.Width]), v, g6);
                        g7 = TS.MultiplyAdd(TS.Broadcast(g[7 * WeightPanels.Width]), v, g7);
                    }
                }
            }
        }
        Store<TS, TV>(c, channel, neuron, t, gP, strideP, g0);
        Store<TS, TV>(c, channel, neuron, t + 1, gP, strideP, g1);
        Store<TS, TV>(c, channel, neuron, t + 2, gP, strideP, g2);
        Store<TS, TV>(c, channel, neuron, t + 3, gP, strideP, g3);
        Store<TS, TV>(c, channel, neuron, t + 4, gP, strideP, g4);
        Store<TS, TV>(c, channel, neuron, t + 5, gP, strideP, g5);
        Store<TS, TV>(c, channel, neuron, t + 6, gP, strideP, g6);
        Store<TS, TV>(c, channel, neuron, t + 7, gP, strideP, g7);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Rows1<TS, TV>(
        in ConvolutionShape c,
        int y,
        int x,
        int channel,
        int neuron,
        int t,
        float* gI,
        nint strideI,
        float* WT,
        float* gP,
        nint strideP
    )
        where TS : ISimd<TV>
        where TV : unmanaged
    {
        TV sum = TS.Broadcast(0);
        (PlaneReach rows, PlaneReach columns) = (c.Rows[y], c.Columns[x]);
        nint lanes = (nint)WeightPanels.Count(c.InChannels) * WeightPanels.Width;
        for (int oy = rows.From; oy < rows.To; oy++)
        {
            for (int ox = columns.From; ox < columns.To; ox++)
            {
                int tap = ((y + c.Padding - (oy * c.Stride)) * c.Kernel) + x + c.Padding - (ox * c.Stride);
                float* w = WT + (tap * c.Channels * lanes) + channel;
                int first = ((oy * c.Width) + ox) * c.Channels,
                    end = first + c.Channels;
                for (int n = first; n < end; n++, w += lanes)
                {
                    float* g =
                        gI + (n / WeightPanels.Width * strideI) + ((nint)t * WeightPanels.Width) + (n % WeightPanels.Width);
                    sum = TS.MultiplyAdd(TS.Broadcast(*g), TS.Load(w), sum);
                }
            }
        }
        Store<TS, TV>(c, channel, neuron, t, gP, strideP, sum);
    }

    /// <summary>Writes the lanes that are channels, which may lie in two panels.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Store<TS, TV>(in ConvolutionShape c, int channel, int neuron, int t, float* gP, nint strideP, TV g)
        where TS : ISimd<TV>
        where TV : unmanaged
    {
        int n = neuron + channel,
            count = Math.Min(TS.Width, c.InChannels - channel),
            lane = n % WeightPanels.Width;
        float* at = gP + (n / WeightPanels.Width * strideP) + ((nint)t * WeightPanels.Width) + lane;
        if (count == TS.Width && lane + count <= WeightPanels.Width)
        {
            TS.Store(at, g);
            return;
        }
        float* lanes = (float*)&g;
        for (int k = 0; k < count; k++)
        {
            int to = n + k;
            gP[(to / WeightPanels.Width * strideP) + ((nint)t * WeightPanels.Width) + (to % WeightPanels.Width)] = lanes[k];
        }
    }
}
