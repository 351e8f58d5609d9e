using System.Runtime.CompilerServices;

namespace Rouser.Snn.Fused;

/// <summary>
/// The update of a panel of weights whose gradient was written down, because all gradients had to be known first.
/// </summary>
internal static unsafe class WrittenGradientKernel
{
    /// <summary>From the gradient of W that was written down to the new W.</summary>
    /// <param name="c">The update's constants.</param>
    /// <param name="inputs">Rows of the panel.</param>
    /// <param name="touched">As in <see cref="GradientKernel.Run"/>.</param>
    /// <param name="panel">Its tensors.</param>
    /// <param name="finite">Receives 0 per column, or NaN if a weight of it is not finite, <c>[32]</c>.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Run<TS, TV, TUpdate>(in UpdateConstants c, int inputs, byte* touched, in WeightPanel panel, float* finite)
        where TS : ISimd<TV>
        where TV : unmanaged
        where TUpdate : struct, IUpdateKernel
    {
        TV zero = TS.Broadcast(0),
            factor = TS.Broadcast(c.GradientFactor);
        float* w = panel.Unrounded is null ? panel.W : panel.Unrounded;
        for (int column = 0; column < WeightPanels.Width; column += TS.Width)
        {
            TV sum = zero;
            for (int j = 0; j < inputs; j++)
            {
                if (touched[j] == 0)
                    continue;
                nint at = ((nint)j * WeightPanels.Width) + column;
                TV g = TS.Multiply(factor, TS.Load(panel.Gradient + at));
                TV next = TUpdate.Run<TS, TV>(c, g, w + at, panel.M + at, panel.V + at);
                sum = TS.MultiplyAdd(next, zero, sum);
                if (panel.Unrounded is not null)
                    TS.Store(panel.W + at, LavaWeights.Round<TS, TV>(next));
            }
            TS.Store(finite + column, sum);
        }
    }
}
