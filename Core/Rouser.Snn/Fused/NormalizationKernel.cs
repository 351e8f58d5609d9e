using System.Runtime.CompilerServices;

namespace Rouser.Snn.Fused;

/// <summary>
/// The update of a panel of normalised weights; <see cref="Reference.ReferenceNormalization"/> has the equations.
/// </summary>
internal static unsafe class NormalizationKernel
{
    // Below this length a direction counts as 0: its neuron keeps no weights and gets no gradient. Padded columns are
    // such.
    private const float Shortest = 1e-30f;

    /// <summary>From the gradient of w that was written down to new v, g and w.</summary>
    /// <param name="c">The update's constants.</param>
    /// <param name="inputs">Rows of the panel.</param>
    /// <param name="panel">Its tensors.</param>
    /// <param name="finite">Receives 0 per column, or NaN if a weight of it is not finite, <c>[32]</c>.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Run<TS, TV, TUpdate>(in UpdateConstants c, int inputs, in WeightPanel panel, float* finite)
        where TS : ISimd<TV>
        where TV : unmanaged
        where TUpdate : struct, IUpdateKernel
    {
        TV zero = TS.Broadcast(0),
            factor = TS.Broadcast(c.GradientFactor);
        for (int column = 0; column < WeightPanels.Width; column += TS.Width)
        {
            nint end = (nint)inputs * WeightPanels.Width;
            float* v = panel.Direction + column,
                gW = panel.Gradient + column;
            TV square = zero,
                dot = zero;
            for (nint at = 0; at < end; at += WeightPanels.Width)
            {
                TV x = TS.Load(v + at);
                square = TS.MultiplyAdd(x, x, square);
                dot = TS.MultiplyAdd(TS.Multiply(factor, TS.Load(gW + at)), x, dot);
            }
            TV inverse = Inverse<TS, TV>(TS.Sqrt(square)); // 1/‖v‖
            TV gG = TS.Multiply(dot, inverse);
            TV scale = TS.Multiply(TS.Load(panel.Length + column), inverse);
            TV along = TS.Subtract(zero, TS.Multiply(gG, inverse));
            TV length = TUpdate.Run<TS, TV>(c, gG, panel.Length + column, panel.LengthM + column, panel.LengthV + column);
            square = zero;
            for (nint at = 0; at < end; at += WeightPanels.Width)
            {
                TV gV = TS.Multiply(scale, TS.MultiplyAdd(along, TS.Load(v + at), TS.Multiply(factor, TS.Load(gW + at))));
                TV x = TUpdate.Run<TS, TV>(c, gV, v + at, panel.M + column + at, panel.V + column + at);
                square = TS.MultiplyAdd(x, x, square);
            }
            scale = TS.Multiply(length, Inverse<TS, TV>(TS.Sqrt(square)));
            TV sum = zero;
            for (nint at = 0; at < end; at += WeightPanels.Width)
            {
                TV w = TS.Multiply(scale, TS.Load(v + at));
                TS.Store(panel.W + column + at, panel.Unrounded is null ? w : LavaWeights.Round<TS, TV>(w));
                if (panel.Unrounded is not null)
                    TS.Store(panel.Unrounded + column + at, w);
                sum = TS.MultiplyAdd(w, zero, sum);
            }
            TS.Store(finite + column, sum);
        }
    }

    private static TV Inverse<TS, TV>(TV norm)
        where TS : ISimd<TV>
        where TV : unmanaged =>
        TS.Select(TS.GreaterOrEqual(TS.Broadcast(Shortest), norm), TS.Broadcast(0), TS.Divide(TS.Broadcast(1), norm));
}
