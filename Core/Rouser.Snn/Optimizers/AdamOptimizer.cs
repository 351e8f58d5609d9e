using Rouser.Core.Parameters;
using Rouser.Snn.Fused;
using Rouser.Snn.Reference;

namespace Rouser.Snn.Optimizers;

/// <summary>Adam, with bias correction (Kingma and Ba 2015, algorithm 1).</summary>
/// <remarks>
/// At update n ≥ 1, with gradient g:
/// <code>
/// m ← β₁ m + (1 − β₁) g      v ← β₂ v + (1 − β₂) g²      θ ← θ − lr · (m / (1 − β₁ⁿ)) / (√(v / (1 − β₂ⁿ)) + ε)
/// </code>
/// </remarks>
/// <param name="LearningRate">lr, for weights.</param>
/// <param name="Beta1">β₁, decay of the first moment per update.</param>
/// <param name="Beta2">β₂, decay of the second moment per update.</param>
/// <param name="Epsilon">ε, added to the root of the second moment.</param>
public record AdamOptimizer(double LearningRate, double Beta1, double Beta2, double Epsilon) : Optimizer(LearningRate)
{
    private protected static readonly Parameter Beta1Parameter = new(
        "optimizer.beta1",
        ParameterType.Momentum,
        0.9,
        "Decay β₁ of the first moment per update."
    );

    private protected static readonly Parameter Beta2Parameter = new(
        "optimizer.beta2",
        ParameterType.Momentum,
        0.999,
        "Decay β₂ of the second moment per update."
    );

    /// <summary>ε, of all optimisers that divide by a root.</summary>
    internal static Parameter EpsilonParameter { get; } =
        new(
            "optimizer.epsilon",
            ParameterType.Positive,
            1e-8,
            "Constant ε that is added to the square root of the second moment."
        );

    /// <summary>Its entry in the sweep file.</summary>
    public static Method<Optimizer> Method { get; } =
        Named(
            "adam",
            "Adam with bias correction (Kingma and Ba 2015).",
            [Beta1Parameter, Beta2Parameter, EpsilonParameter],
            set => new AdamOptimizer(
                set.Real(LearningRateParameter),
                set.Real(Beta1Parameter),
                set.Real(Beta2Parameter),
                set.Real(EpsilonParameter)
            )
        );

    /// <inheritdoc/>
    internal override UpdateConstants ForNeurons(UpdateStep step, double learningRate) =>
        new()
        {
            First = (float)Beta1,
            OneMinusFirst = (float)(1 - Beta1),
            Second = (float)Beta2,
            OneMinusSecond = (float)(1 - Beta2),
            MinusRate = (float)(-(learningRate * step.RateFactor) / (1 - PortableMath.Power(Beta1, step.Update))),
            RootCorrection = (float)(1 / Math.Sqrt(1 - PortableMath.Power(Beta2, step.Update))),
            Epsilon = (float)Epsilon,
            GradientFactor = step.GradientFactor,
        };

    /// <inheritdoc/>
    internal override UpdateKernels Kernels<TS, TV>() => new UpdateKernels<TS, TV, AdamKernel>();

    /// <inheritdoc/>
    internal override ReferenceOptimizer ForReference(int length) => new Reference(this, length);

    private protected sealed class Reference(AdamOptimizer adam, int length) : ReferenceOptimizer
    {
        private readonly double[] _m = new double[length],
            _v = new double[length];
        private long _updates;

        /// <inheritdoc/>
        public override void Update(Span<double> theta, ReadOnlySpan<double> g, double rate)
        {
            _updates++;
            double correction1 = 1 - Power(adam.Beta1, _updates),
                correction2 = 1 - Power(adam.Beta2, _updates);
            for (int k = 0; k < theta.Length; k++)
            {
                _m[k] = (adam.Beta1 * _m[k]) + ((1 - adam.Beta1) * g[k]);
                _v[k] = (adam.Beta2 * _v[k]) + ((1 - adam.Beta2) * g[k] * g[k]);
                theta[k] -= rate * (_m[k] / correction1) / (Math.Sqrt(_v[k] / correction2) + adam.Epsilon);
            }
        }
    }
}
