using Rouser.Core.Parameters;
using Rouser.Snn.Fused;
using Rouser.Snn.Reference;

namespace Rouser.Snn.Optimizers;

/// <summary>Adam with decoupled weight decay (Loshchilov and Hutter 2019, algorithm 2).</summary>
/// <remarks>
/// Before <see cref="AdamOptimizer"/>'s step each weight shrinks, whatever its gradient, by
/// <code>
/// θ ← θ − lr · λ · θ
/// </code>
/// Thresholds and decays of membranes do not shrink. Of normalised weights v and g do, as with PyTorch's weight_norm.
/// </remarks>
/// <param name="WeightDecay">λ.</param>
public sealed record AdamWOptimizer(double LearningRate, double Beta1, double Beta2, double Epsilon, double WeightDecay)
    : AdamOptimizer(LearningRate, Beta1, Beta2, Epsilon)
{
    private static readonly Parameter WeightDecayParameter = new(
        "optimizer.weight_decay",
        ParameterType.Share,
        0.01,
        "Decay λ of the weights: at each update they lose the share lr·λ of themselves, whatever their gradient."
    );

    /// <summary>Its entry in the sweep file.</summary>
    public static new Method<Optimizer> Method { get; } =
        Named(
            "adamw",
            "Adam with decoupled weight decay (Loshchilov and Hutter 2019).",
            [Beta1Parameter, Beta2Parameter, EpsilonParameter, WeightDecayParameter],
            set => new AdamWOptimizer(
                set.Real(LearningRateParameter),
                set.Real(Beta1Parameter),
                set.Real(Beta2Parameter),
                set.Real(EpsilonParameter),
                set.Real(WeightDecayParameter)
            )
        );

    /// <inheritdoc/>
    internal override bool MovesWithoutGradient => true;

    /// <inheritdoc/>
    internal override UpdateConstants ForWeights(UpdateStep step) =>
        base.ForWeights(step) with
        {
            Kept = (float)(1 - (LearningRate * step.RateFactor * WeightDecay)),
        };

    /// <inheritdoc/>
    internal override UpdateKernels Kernels<TS, TV>() => new UpdateKernels<TS, TV, AdamWKernel>();

    /// <inheritdoc/>
    internal override ReferenceOptimizer ForReference(int length) => new DecayingReference(this, length);

    private sealed class DecayingReference(AdamWOptimizer adam, int length) : ReferenceOptimizer
    {
        private readonly Reference _adam = new(adam, length);

        /// <inheritdoc/>
        public override void UpdateWeights(Span<double> theta, ReadOnlySpan<double> g, double rate)
        {
            foreach (ref double weight in theta)
                weight -= rate * adam.WeightDecay * weight;
            _adam.Update(theta, g, rate);
        }

        /// <inheritdoc/>
        public override void Update(Span<double> theta, ReadOnlySpan<double> g, double rate) => _adam.Update(theta, g, rate);
    }
}
