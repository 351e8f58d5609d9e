using Rouser.Snn.Surrogates;
using Rouser.Snn.Thresholds;

namespace Rouser.Snn.Fused;

/// <summary>
/// An output layer that does not spike (<see cref="Readouts.LeakyReadout"/>), as the kernels of the others run it: under
/// a threshold out of reach, and with a surrogate of 1, by which the gradient that comes from above is that of the
/// potential.
/// </summary>
internal static class ReadoutLayer
{
    /// <summary>The settings of its kernels.</summary>
    public static TrainingSettings Settings(TrainingSettings settings) =>
        settings with
        {
            Neuron = settings.Neuron with { Reset = ResetKind.Hard, ResetGradient = ResetGradientKind.None },
            Threshold = new FixedThreshold(0),
            Surrogate = new One(),
        };

    /// <summary>φ = 1 for every potential.</summary>
    internal sealed record One() : Surrogate<One.Kernel>(1, 1)
    {
        /// <inheritdoc/>
        public override double Shape(double u) => 1;

        /// <summary>1, and NaN for what is no finite number.</summary>
        internal readonly struct Kernel : ISurrogateKernel
        {
            /// <inheritdoc/>
            public static float Factor(double tau) => 0;

            /// <inheritdoc/>
            public static TV Run<TS, TV>(TV height, TV factor, TV x)
                where TS : ISimd<TV>
                where TV : unmanaged => TS.MultiplyAdd(x, factor, height);
        }
    }
}
