using Rouser.Snn.Surrogates;

namespace Rouser.Snn;

/// <summary>How much larger the gradient by the potential can become from one step to the step before it.</summary>
/// <remarks>
/// The full gradient through a reset (<see cref="Reference.ReferenceLayer"/> has its equations) multiplies gV[t+1] by
/// <code>
/// soft reset    b − Th φ                        0 ≤ φ ≤ h
/// hard reset    b (1 − S) − b V φ
/// </code>
/// h is the height of the surrogate. So a soft reset never makes it larger as long as Th ≤ (1 + b)/h, which is
/// (1 + b) τ/s in the paper's convention, and Th ≥ −(1 − b)/h, which every threshold from 0 on is. A hard reset has
/// no such range: with the paper's surrogates the factor reaches 1.35 and 1.96 below rest, where V is negative and no
/// spike forgets it. The other gradients through the reset, and surrogates that follow the threshold with h ≤ 1 + b,
/// leave b.
/// </remarks>
public static class GradientGrowth
{
    // The shapes fall off faster than 1/V² or end: beyond this many widths V·φ is past its maximum.
    private const int Widths = 60,
        PointsPerWidth = 25;

    /// <summary>The highest threshold at which a step back through a soft reset makes no gradient larger.</summary>
    /// <param name="b">1/τ_v.</param>
    /// <param name="surrogate">Its height counts.</param>
    public static double HighestThreshold(double b, Surrogate surrogate)
    {
        ArgumentNullException.ThrowIfNull(surrogate);
        return (1 + b) / surrogate.Height;
    }

    /// <summary>The largest factor of one step at the initial thresholds; at most 1 where nothing can grow.</summary>
    public static double LargestFactor(MethodSettings method)
    {
        ArgumentNullException.ThrowIfNull(method);
        (NeuronSettings neuron, Surrogate surrogate, double th) = (method.Neuron, method.Surrogate, method.Threshold.Init);
        double b = neuron.VoltageFactor,
            height = method.Threshold.IsRelative && th > 0 ? surrogate.Height / th : surrogate.Height;
        if (neuron.ResetGradient != ResetGradientKind.Full)
            return b;
        if (neuron.Reset == ResetKind.Soft)
            return Math.Max(b, (th * height) - b);
        double width = method.Threshold.IsRelative ? surrogate.Tau * th : surrogate.Tau,
            largest = b;
        for (int k = -Widths * PointsPerWidth; k <= Widths * PointsPerWidth; k++)
        {
            double V = th + (k * width / PointsPerWidth),
                phi = width > 0 ? height * surrogate.Shape((V - th) / width) : 0;
            largest = Math.Max(largest, Math.Abs((V >= th ? 0 : b) - (b * V * phi)));
        }
        return largest;
    }
}
