using Rouser.Core.Parameters;
using Rouser.Snn.Currents;
using Rouser.Snn.Fused;

namespace Rouser.Snn.Membranes;

/// <summary>b is the same for all neurons and stays.</summary>
public sealed record PlainMembrane : Membrane
{
    /// <summary>Its entry in the sweep file.</summary>
    public static Method<Membrane> Method { get; } =
        new("plain", "the leak stays at `neuron.voltage_factor`.", [], _ => new PlainMembrane());

    /// <inheritdoc/>
    internal override NeuronKernels Kernels<TS, TV, TArithmetic, TThreshold, TSurrogate>(Current current, bool isNormalized) =>
        Kernels<TS, TV, TArithmetic, TThreshold, TSurrogate, Kernel>(current, isNormalized);

    private readonly struct Kernel : IMembraneKernel
    {
        /// <inheritdoc/>
        public static bool IsTrained => false;
    }
}
