using Rouser.Core.Parameters;
using Rouser.Snn.Currents;
using Rouser.Snn.Fused;
using Rouser.Snn.Surrogates;
using Rouser.Snn.Thresholds;

namespace Rouser.Snn.Membranes;

/// <summary>
/// What becomes of b, the decay of the membrane potential per step (<see cref="NeuronSettings.VoltageFactor"/>): it
/// stays, or it is where training starts.
/// </summary>
public abstract record Membrane
{
    /// <summary>
    /// All membranes that a sweep file can name: a new one is its file and a line here. <see cref="LeakMembrane"/>
    /// comes with a threshold rule.
    /// </summary>
    public static MethodFamily<Membrane> Family { get; } =
        new("neuron.membrane", "plain", "Leak of the membrane.\n{0}", () => [PlainMembrane.Method, PlifMembrane.Method])
        {
            IsOpen = false,
            SilentDefault = true,
        };

    /// <summary>The kernels of a trial, compiled for this membrane and a current.</summary>
    internal abstract NeuronKernels Kernels<TS, TV, TArithmetic, TThreshold, TSurrogate>(Current current, bool isNormalized)
        where TS : ISimd<TV>
        where TV : unmanaged
        where TArithmetic : struct, IArithmetic
        where TThreshold : struct, IThresholdKernel
        where TSurrogate : struct, ISurrogateKernel;

    /// <summary>The same, for a kernel of the membrane.</summary>
    private protected static NeuronKernels Kernels<TS, TV, TArithmetic, TThreshold, TSurrogate, TMembrane>(
        Current current,
        bool isNormalized
    )
        where TS : ISimd<TV>
        where TV : unmanaged
        where TArithmetic : struct, IArithmetic
        where TThreshold : struct, IThresholdKernel
        where TSurrogate : struct, ISurrogateKernel
        where TMembrane : struct, IMembraneKernel =>
        (current is TrainedCurrent, isNormalized) switch
        {
            (false, false) => new NeuronKernels<TS, TV, TArithmetic, TThreshold, TSurrogate, TMembrane, PlainCurrent.Kernel>(),
            (true, false) => new NeuronKernels<TS, TV, TArithmetic, TThreshold, TSurrogate, TMembrane, TrainedCurrent.Kernel>(),
            (false, true) => new NeuronKernels<
                TS,
                TV,
                TArithmetic,
                TThreshold,
                TSurrogate,
                TMembrane,
                NormalizedCurrent<PlainCurrent.Kernel>
            >(),
            (true, true) => new NeuronKernels<
                TS,
                TV,
                TArithmetic,
                TThreshold,
                TSurrogate,
                TMembrane,
                NormalizedCurrent<TrainedCurrent.Kernel>
            >(),
        };
}

/// <summary>Whether the decay has a gradient, as the pass back is compiled for it.</summary>
internal interface IMembraneKernel
{
    /// <summary>It has.</summary>
    static abstract bool IsTrained { get; }
}
