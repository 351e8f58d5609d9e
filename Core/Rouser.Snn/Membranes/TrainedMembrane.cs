using Rouser.Core.Parameters;
using Rouser.Snn.Currents;
using Rouser.Snn.Fused;

namespace Rouser.Snn.Membranes;

/// <summary>The decay of the membrane potential as a trained parameter.</summary>
/// <remarks>
/// gb_i = ∂L/∂b of neuron i, summed over steps and averaged over the batch, stands in
/// <see cref="Reference.ReferenceLayer"/>. The parameter w starts so that b is
/// <see cref="NeuronSettings.VoltageFactor"/>. The optimiser moves it along ∂L/∂w = db/dw · gb; a layer that shares one w adds
/// up its neurons' gb.
/// </remarks>
/// <param name="PerNeuron">Whether each neuron has a w of its own; else one per layer.</param>
/// <param name="LearningRate">The learning rate of w.</param>
public abstract record TrainedMembrane(bool PerNeuron, double LearningRate) : Membrane, ITrainedDecay
{
    /// <summary>Its learning rate.</summary>
    public static Parameter LearningRateParameter { get; } =
        new(
            "neuron.membrane_learning_rate",
            ParameterType.NotNegative,
            0.001,
            "Learning rate for the trained leak: w of `plif`, b of rule `diet`."
        );

    /// <summary>b for w.</summary>
    public abstract double Decay(double w);

    /// <summary>db/dw, where b is known.</summary>
    public abstract double Slope(double decay);

    /// <summary>w for b.</summary>
    public abstract double Parameter(double decay);

    /// <summary>w after an update, within the range that b has.</summary>
    public virtual double Bounded(double w) => w;

    /// <inheritdoc/>
    internal override NeuronKernels Kernels<TS, TV, TArithmetic, TThreshold, TSurrogate>(Current current, bool isNormalized) =>
        Kernels<TS, TV, TArithmetic, TThreshold, TSurrogate, Kernel>(current, isNormalized);

    private readonly struct Kernel : IMembraneKernel
    {
        /// <inheritdoc/>
        public static bool IsTrained => true;
    }
}
