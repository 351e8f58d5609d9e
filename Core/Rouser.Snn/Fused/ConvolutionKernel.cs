using System.Runtime.CompilerServices;

namespace Rouser.Snn.Fused;

/// <summary>
/// A convolution event by event: a spike below brings its rows of the weights to the outputs that it reaches, and takes
/// their ∂L/∂I back to the same rows. <see cref="Layers.LayerConnection"/> has the equations.
/// </summary>
/// <remarks>
/// The channels of an output lie side by side, so that a row is a run of lanes, cut where a panel ends. Events come in
/// the order of their steps and neurons, outputs in reading order; so each sum has one order, whatever the width.
/// </remarks>
internal static unsafe class ConvolutionKernel
{
    /// <summary>Adds what a sample's events bring to each neuron, W S_in, to <paramref name="z"/>.</summary>
    /// <param name="c">The convolution.</param>
    /// <param name="steps">T, the steps of the piece.</param>
    /// <param name="idle">The first so many steps have no input.</param>
    /// <param name="offsets">As in <see cref="ForwardKernel.Run"/>.</param>
    /// <param name="inputs">The neurons below that spiked.</param>
    /// <param name="W">The weights, panels of <c>[rows × 32]</c>.</param>
    /// <param name="stride">Floats from one panel of weights to the next.</param>
    /// <param name="z">Panels of <c>[T × 32]</c>.</param>
    /// <param name="strideZ">Floats from one of them to the next.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Forward<TS, TV>(
        in ConvolutionShape c,
        int steps,
        int idle,
        int* offsets,
        ushort* inputs,
        float* W,
        nint stride,
        float* z,
        nint strideZ
    )
        where TS : ISimd<TV>
        where TV : unmanaged
    {
        for (int t = idle; t < steps; t++)
        {
            int end = offsets[t - idle + 1];
            for (int k = offsets[t - idle]; k < end; k++)
                Visit<TS, TV>(c, c.Places[inputs[k]], W, stride, z + ((nint)t * WeightPanels.Width), strideZ, toWeights: false);
        }
    }

    /// <summary>
    /// Adds ∂L/∂W of a sample's piece to <paramref name="gW"/>, from its last step to its first; the rest as in
    /// <see cref="Forward"/>.
    /// </summary>
    /// <param name="gW">Panels of <c>[rows × 32]</c>.</param>
    /// <param name="gI">Panels of <c>[T × 32]</c>.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Gradient<TS, TV>(
        in ConvolutionShape c,
        int steps,
        int idle,
        int* offsets,
        ushort* inputs,
        float* gW,
        nint stride,
        float* gI,
        nint strideI
    )
        where TS : ISimd<TV>
        where TV : unmanaged
    {
        for (int t = steps - 1; t >= idle; t--)
        {
            int end = offsets[t - idle + 1];
            for (int k = offsets[t - idle]; k < end; k++)
                Visit<TS, TV>(c, c.Places[inputs[k]], gW, stride, gI + ((nint)t * WeightPanels.Width), strideI, toWeights: true);
        }
    }

    /// <summary>The outputs that an event reaches.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Visit<TS, TV>(
        in ConvolutionShape c,
        PlanePlace place,
        float* weights,
        nint stride,
        float* row,
        nint strideRow,
        bool toWeights
    )
        where TS : ISimd<TV>
        where TV : unmanaged
    {
        if (place.IsCut)
            return;
        (PlaneReach rows, PlaneReach columns) = (c.Rows[place.Y], c.Columns[place.X]);
        for (int y = rows.From; y < rows.To; y++)
        {
            int i = place.Y + c.Padding - (y * c.Stride);
            for (int x = columns.From; x < columns.To; x++)
            {
                int j = place.X + c.Padding - (x * c.Stride);
                float* w = weights + ((((((nint)place.Channel * c.Kernel) + i) * c.Kernel) + j) * WeightPanels.Width);
                int neuron = ((y * c.Width) + x) * c.Channels;
                for (int channel = 0; channel < c.Channels; )
                {
                    int lane = (neuron + channel) % WeightPanels.Width,
                        column = channel % WeightPanels.Width;
                    int run = Math.Min(WeightPanels.Width - Math.Max(lane, column), c.Channels - channel);
                    float* here = row + ((neuron + channel) / WeightPanels.Width * strideRow) + lane,
                        there = w + (channel / WeightPanels.Width * stride) + column;
                    if (toWeights)
                        Add<TS, TV>(run, there, here);
                    else
                        Add<TS, TV>(run, here, there);
                    channel += run;
                }
            }
        }
    }

    /// <summary>sum += x.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Add<TS, TV>(int count, float* sum, float* x)
        where TS : ISimd<TV>
        where TV : unmanaged
    {
        int k = 0;
        for (; k + TS.Width <= count; k += TS.Width)
            TS.Store(sum + k, TS.Add(TS.Load(sum + k), TS.Load(x + k)));
        for (; k < count; k++)
            sum[k] += x[k];
    }
}
