using Rouser.Core.Parameters;
using Rouser.Snn.Fused;
using Rouser.Snn.Reference;

namespace Rouser.Snn.Optimizers;

/// <summary>Stochastic gradient descent with momentum (Polyak 1964), in the form that PyTorch has.</summary>
/// <remarks>
/// With gradient g:
/// <code>
/// m ← μ m + g      θ ← θ − lr · m
/// </code>
/// </remarks>
/// <param name="Momentum">μ.</param>
public sealed record SgdOptimizer(double LearningRate, double Momentum) : Optimizer(LearningRate)
{
    private static readonly Parameter MomentumParameter = new(
        "optimizer.momentum",
        ParameterType.Momentum,
        0.9,
        "Momentum μ: what is kept of the sum of gradients at each update."
    );

    /// <summary>Its entry in the sweep file.</summary>
    public static Method<Optimizer> Method { get; } =
        Named(
            "sgd",
            "stochastic gradient descent with momentum (Polyak 1964).",
            [MomentumParameter],
            set => new SgdOptimizer(set.Real(LearningRateParameter), set.Real(MomentumParameter))
        );

    /// <inheritdoc/>
    internal override UpdateConstants ForNeurons(UpdateStep step, double learningRate) =>
        new()
        {
            First = (float)Momentum,
            MinusRate = (float)-(learningRate * step.RateFactor),
            GradientFactor = step.GradientFactor,
        };

    /// <inheritdoc/>
    internal override UpdateKernels Kernels<TS, TV>() => new UpdateKernels<TS, TV, SgdKernel>();

    /// <inheritdoc/>
    internal override ReferenceOptimizer ForReference(int length) => new Reference(this, length);

    private sealed class Reference(SgdOptimizer sgd, int length) : ReferenceOptimizer
    {
        private readonly double[] _m = new double[length];

        /// <inheritdoc/>
        public override void Update(Span<double> theta, ReadOnlySpan<double> g, double rate)
        {
            for (int k = 0; k < theta.Length; k++)
            {
                _m[k] = (sgd.Momentum * _m[k]) + g[k];
                theta[k] -= rate * _m[k];
            }
        }
    }
}
