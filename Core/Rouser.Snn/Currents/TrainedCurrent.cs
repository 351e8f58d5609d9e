using Rouser.Core.Parameters;
using Rouser.Snn.Membranes;

namespace Rouser.Snn.Currents;

/// <summary>
/// a is trained as a = 1 − sigmoid(w), which keeps it between 0 and 1: the parameter of PLIF
/// (<see cref="PlifMembrane"/>) on the synaptic constant, which Perez-Nieves et al. (2021, Nature Communications 12,
/// 5791) train beside that of the membrane.
/// </summary>
/// <remarks>
/// <code>
/// a = 1 − σ(w)      ∂L/∂w = −a (1 − a) ga      ga = Σ_t I[t] gI[t+1]
/// </code>
/// ga is averaged over the batch; a layer that shares one w adds up its neurons' ga. Perez-Nieves et al. train a itself
/// and clip it to 1/e … 0.995; the sigmoid needs no such border.
/// </remarks>
/// <param name="PerNeuron">Whether each neuron has a w of its own; else one per layer.</param>
/// <param name="LearningRate">The learning rate of w.</param>
public sealed record TrainedCurrent(bool PerNeuron, double LearningRate) : Current, ITrainedDecay
{
    private static readonly Parameter PerParameter = new(
        "neuron.current_per",
        new ParameterType.Choice("layer", "neuron"),
        "layer",
        "Whether all neurons of a layer share one w of their currents, or each has its own."
    );

    private static readonly Parameter LearningRateParameter = new(
        "neuron.current_learning_rate",
        ParameterType.NotNegative,
        0.001,
        "Learning rate for w of a trained current."
    );

    /// <summary>Its entry in the sweep file.</summary>
    public static Method<Current> Method { get; } =
        new(
            "trained",
            "the decay is trained as 1 − sigmoid(w) and starts at `neuron.current_factor` (Perez-Nieves et al. 2021).",
            [PerParameter, LearningRateParameter],
            set => new TrainedCurrent(set.Text(PerParameter) == "neuron", set.Real(LearningRateParameter))
        )
        {
            Requirements =
            [
                new(
                    NeuronSettings.CurrentFactorParameter.Name,
                    set =>
                        set.Real(NeuronSettings.CurrentFactorParameter) is 0 or 1
                            ? $"neuron.current_factor ({set.ValueOf(NeuronSettings.CurrentFactorParameter)}) must lie between 0 and 1 "
                                + "for neuron.current trained, whose sigmoid never gets there"
                            : null
                ),
            ],
        };

    /// <inheritdoc/>
    public double Decay(double w) => 1 / (1 + PortableMath.Exp(w));

    /// <inheritdoc/>
    public double Slope(double decay) => -decay * (1 - decay);

    /// <inheritdoc/>
    public double Parameter(double decay) => PortableMath.Log((1 - decay) / decay);

    /// <inheritdoc/>
    public double Bounded(double w) => w;

    /// <summary>As the kernels are compiled for it.</summary>
    internal readonly struct Kernel : ICurrentKernel
    {
        /// <inheritdoc/>
        public static bool IsTrained => true;
    }
}
