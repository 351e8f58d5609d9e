using Rouser.Core.Parameters;
using Rouser.Snn.Fused;
using Rouser.Snn.Reference;

namespace Rouser.Snn.Optimizers;

/// <summary>RMSprop (Tieleman and Hinton 2012), in the form that PyTorch has.</summary>
/// <remarks>
/// With gradient g:
/// <code>
/// v ← α v + (1 − α) g²      θ ← θ − lr · g / (√v + ε)
/// </code>
/// </remarks>
/// <param name="Smoothing">α.</param>
/// <param name="Epsilon">ε.</param>
public sealed record RmsPropOptimizer(double LearningRate, double Smoothing, double Epsilon) : Optimizer(LearningRate)
{
    private static readonly Parameter SmoothingParameter = new(
        "optimizer.smoothing",
        ParameterType.Momentum,
        0.99,
        "Smoothing α: what is kept of the mean of squared gradients at each update."
    );

    /// <summary>Its entry in the sweep file.</summary>
    public static Method<Optimizer> Method { get; } =
        Named(
            "rmsprop",
            "RMSprop (Tieleman and Hinton 2012).",
            [SmoothingParameter, AdamOptimizer.EpsilonParameter],
            set => new RmsPropOptimizer(
                set.Real(LearningRateParameter),
                set.Real(SmoothingParameter),
                set.Real(AdamOptimizer.EpsilonParameter)
            )
        );

    /// <inheritdoc/>
    internal override UpdateConstants ForNeurons(UpdateStep step, double learningRate) =>
        new()
        {
            Second = (float)Smoothing,
            OneMinusSecond = (float)(1 - Smoothing),
            MinusRate = (float)-(learningRate * step.RateFactor),
            Epsilon = (float)Epsilon,
            GradientFactor = step.GradientFactor,
        };

    /// <inheritdoc/>
    internal override UpdateKernels Kernels<TS, TV>() => new UpdateKernels<TS, TV, RmsPropKernel>();

    /// <inheritdoc/>
    internal override ReferenceOptimizer ForReference(int length) => new Reference(this, length);

    private sealed class Reference(RmsPropOptimizer rmsprop, int length) : ReferenceOptimizer
    {
        private readonly double[] _v = new double[length];

        /// <inheritdoc/>
        public override void Update(Span<double> theta, ReadOnlySpan<double> g, double rate)
        {
            for (int k = 0; k < theta.Length; k++)
            {
                _v[k] = (rmsprop.Smoothing * _v[k]) + ((1 - rmsprop.Smoothing) * g[k] * g[k]);
                theta[k] -= rate * g[k] / (Math.Sqrt(_v[k]) + rmsprop.Epsilon);
            }
        }
    }
}
