using Rouser.Snn.Currents;
using Rouser.Snn.Membranes;
using Rouser.Snn.Surrogates;
using Rouser.Snn.Thresholds;

namespace Rouser.Snn.Fused;

/// <summary>
/// The kernels that know the neuron, compiled for one vector width and one trial's numbers, threshold, surrogate,
/// membrane and current. They are chosen once per trial; what a trial does not use is not compiled into them.
/// </summary>
internal abstract unsafe class NeuronKernels
{
    /// <inheritdoc cref="ForwardKernel.Run"/>
    public abstract void Forward(
        in NeuronConstants c,
        in NeuronPanel neurons,
        int steps,
        int idle,
        int* offsets,
        ushort* inputs,
        float* W,
        float* state,
        float* V,
        float* currents,
        uint* S
    );

    /// <inheritdoc cref="BackwardKernel.Run"/>
    public abstract void Backward(
        in NeuronConstants c,
        in NeuronPanel neurons,
        int steps,
        float* gS,
        float* VtoGI,
        float* currents,
        float* carry
    );

    /// <inheritdoc cref="AdaptationKernel.Run"/>
    public abstract void Adaptation(in NeuronConstants c, in NeuronPanel neurons, int steps, float* A, float* V, float* Th);

    /// <inheritdoc cref="CurrentKernel.Run"/>
    public abstract void Currents(
        in NeuronConstants c,
        in NeuronPanel neurons,
        int steps,
        int idle,
        int* offsets,
        ushort* inputs,
        float* W,
        float* J,
        float* currents
    );

    /// <inheritdoc cref="SteppedKernel.Run"/>
    public abstract void Step(
        in NeuronConstants c,
        in NeuronPanel neurons,
        int t,
        bool isLast,
        int samples,
        float* JtoV,
        nint stride,
        uint* S,
        nint strideS
    );

    /// <summary>The kernels for the layers of a trial whose input gets a factor, or for the others.</summary>
    public static NeuronKernels For<TS, TV>(TrainingSettings settings, bool isNormalized)
        where TS : ISimd<TV>
        where TV : unmanaged =>
        settings.Quantization switch
        {
            Quantization.None => settings.Threshold.Form.Kernels<TS, TV, RealArithmetic>(settings, isNormalized),
            Quantization.Lava => settings.Threshold.Form.Kernels<TS, TV, LavaArithmetic>(settings, isNormalized),
            _ => throw new ArgumentOutOfRangeException(nameof(settings), settings.Quantization, "Unknown quantisation."),
        };
}

/// <summary>The kernels, compiled for what the type parameters say.</summary>
internal sealed unsafe class NeuronKernels<TS, TV, TArithmetic, TThreshold, TSurrogate, TMembrane, TCurrent> : NeuronKernels
    where TS : ISimd<TV>
    where TV : unmanaged
    where TArithmetic : struct, IArithmetic
    where TThreshold : struct, IThresholdKernel
    where TSurrogate : struct, ISurrogateKernel
    where TMembrane : struct, IMembraneKernel
    where TCurrent : struct, ICurrentKernel
{
    /// <inheritdoc/>
    public override void Forward(
        in NeuronConstants c,
        in NeuronPanel neurons,
        int steps,
        int idle,
        int* offsets,
        ushort* inputs,
        float* W,
        float* state,
        float* V,
        float* currents,
        uint* S
    ) =>
        ForwardKernel.Run<TS, TV, TArithmetic, TThreshold, TCurrent>(
            c,
            neurons,
            steps,
            idle,
            offsets,
            inputs,
            W,
            state,
            V,
            currents,
            S
        );

    /// <inheritdoc/>
    public override void Backward(
        in NeuronConstants c,
        in NeuronPanel neurons,
        int steps,
        float* gS,
        float* VtoGI,
        float* currents,
        float* carry
    ) => BackwardKernel.Run<TS, TV, TSurrogate, TThreshold, TMembrane, TCurrent>(c, neurons, steps, gS, VtoGI, currents, carry);

    /// <inheritdoc/>
    public override void Adaptation(in NeuronConstants c, in NeuronPanel neurons, int steps, float* A, float* V, float* Th) =>
        AdaptationKernel.Run<TS, TV, TThreshold>(c, neurons, steps, A, V, Th);

    /// <inheritdoc/>
    public override void Currents(
        in NeuronConstants c,
        in NeuronPanel neurons,
        int steps,
        int idle,
        int* offsets,
        ushort* inputs,
        float* W,
        float* J,
        float* currents
    ) => CurrentKernel.Run<TS, TV, TCurrent>(c, neurons, steps, idle, offsets, inputs, W, J, currents);

    /// <inheritdoc/>
    public override void Step(
        in NeuronConstants c,
        in NeuronPanel neurons,
        int t,
        bool isLast,
        int samples,
        float* JtoV,
        nint stride,
        uint* S,
        nint strideS
    ) => SteppedKernel.Run<TS, TV>(c, neurons, t, isLast, samples, JtoV, stride, S, strideS);
}
