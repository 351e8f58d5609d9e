using Rouser.Core.Parameters;

namespace Rouser.Snn.Membranes;

/// <summary>
/// b = 1 − sigmoid(w), so that it stays between 0 and 1 (PLIF; Fang et al. 2021, ICCV, equation 7: 1/τ = sigmoid(w)).
/// </summary>
/// <remarks>
/// <code>
/// b = 1 − σ(w)      ∂L/∂w = −b (1 − b) gb      σ(w) = 1/(1 + e^−w)
/// </code>
/// PLIF scales the input by 1/τ as well; that is left out, as with SpikingJelly's <c>decay_input=False</c>, so that a
/// trained decay is the only difference from a plain membrane.
/// </remarks>
/// <param name="PerNeuron">Whether each neuron has a w of its own; else one per layer.</param>
/// <param name="LearningRate">The learning rate of w.</param>
public sealed record PlifMembrane(bool PerNeuron, double LearningRate) : TrainedMembrane(PerNeuron, LearningRate)
{
    private static readonly Parameter PerParameter = new(
        "neuron.membrane_per",
        new ParameterType.Choice("layer", "neuron"),
        "layer",
        "Whether all neurons of a layer share one w, or each has its own."
    );

    /// <summary>Its entry in the sweep file.</summary>
    public static Method<Membrane> Method { get; } =
        new(
            "plif",
            "the leak is trained as 1 − sigmoid(w) and starts at `neuron.voltage_factor` (PLIF, Fang et al. 2021).",
            [PerParameter, LearningRateParameter],
            set => new PlifMembrane(set.Text(PerParameter) == "neuron", set.Real(LearningRateParameter))
        )
        {
            Requirements =
            [
                new(
                    NeuronSettings.VoltageFactorParameter.Name,
                    set =>
                        set.Real(NeuronSettings.VoltageFactorParameter) is 0 or 1
                            ? $"neuron.voltage_factor ({set.ValueOf(NeuronSettings.VoltageFactorParameter)}) must lie between 0 and 1 "
                                + "for neuron.membrane plif, "
                                + "whose sigmoid never gets there"
                            : null
                ),
            ],
        };

    /// <inheritdoc/>
    public override double Decay(double w) => 1 / (1 + PortableMath.Exp(w));

    /// <inheritdoc/>
    public override double Slope(double decay) => -decay * (1 - decay);

    /// <inheritdoc/>
    public override double Parameter(double decay) => PortableMath.Log((1 - decay) / decay);
}
