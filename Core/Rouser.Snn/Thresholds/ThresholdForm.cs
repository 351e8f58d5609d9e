using Rouser.Snn.Fused;

namespace Rouser.Snn.Thresholds;

/// <summary>
/// What a rule does within a sample: the flags of its kernel (<see cref="IThresholdKernel"/>), and the way to the
/// kernels that are compiled for it.
/// </summary>
internal abstract class ThresholdForm
{
    /// <summary>See <see cref="IThresholdKernel.IsPerStep"/>.</summary>
    public abstract bool IsPerStep { get; }

    /// <summary>See <see cref="IThresholdKernel.IsRelative"/>.</summary>
    public abstract bool IsRelative { get; }

    /// <summary>See <see cref="IThresholdKernel.HasState"/>.</summary>
    public abstract bool HasState { get; }

    /// <summary>The form of a kernel.</summary>
    public static ThresholdForm Of<TKernel>()
        where TKernel : struct, IThresholdKernel => Form<TKernel>.Instance;

    /// <summary>The kernels of a trial, compiled for this form.</summary>
    public abstract NeuronKernels Kernels<TS, TV, TArithmetic>(TrainingSettings settings, bool isNormalized)
        where TS : ISimd<TV>
        where TV : unmanaged
        where TArithmetic : struct, IArithmetic;

    private sealed class Form<TKernel> : ThresholdForm
        where TKernel : struct, IThresholdKernel
    {
        public static readonly Form<TKernel> Instance = new();

        public override bool IsPerStep => TKernel.IsPerStep;

        public override bool IsRelative => TKernel.IsRelative;

        public override bool HasState => TKernel.HasState;

        public override NeuronKernels Kernels<TS, TV, TArithmetic>(TrainingSettings settings, bool isNormalized) =>
            settings.Surrogate.Kernels<TS, TV, TArithmetic, TKernel>(settings.Neuron, isNormalized);
    }
}
