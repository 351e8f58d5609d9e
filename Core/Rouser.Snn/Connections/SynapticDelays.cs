using Rouser.Core.Parameters;
using Rouser.Snn.Layers;

namespace Rouser.Snn.Connections;

/// <summary>
/// A delay for each weight: the spikes of neuron j reach neuron i of the layer above d_ji steps later (Hammouamri,
/// Khalfaoui-Hassani and Masquelier 2023, "Learning delays in spiking neural networks using dilated convolutions with
/// learnable spacings", in which each weight has a position in time).
/// </summary>
/// <remarks>
/// With D_ji = ⌊d_ji + ½⌋, in training and at inference, z what the current of neuron i takes in, and the input's lag as
/// <see cref="Reference.ReferenceLayer"/> has it (there d, here l):
/// <code>
/// z_i[t] = Σ_j w_ji S_j[t − l − D_ji]              0 before the first step; what comes after the last is lost
/// ∂L/∂S_j[t] = Σ_i w_ji ∂L/∂z_i[t + l + D_ji]      G_ji(D) = Σ_t ∂L/∂z_i[t] S_j[t − l − D]
/// ∂L/∂w_ji = G_ji(D_ji)                            ∂L/∂d_ji = w_ji (G_ji(D_ji + 1) − G_ji(D_ji))
/// </code>
/// The slope by d is that of <see cref="AxonalDelays"/>: of a spike moved by a part of a step. Hammouamri et al. spread each
/// weight over time by a Gaussian around d instead, whose width shrinks while training, and round d at inference. Each step
/// that the Gaussian covers costs what one delay costs, forward and back, so that whole steps were taken here.
/// <para>
/// Truncated BPTT lets a gradient pass back from t + l + D to t within a window only; G is a sum over all spikes. A layer's
/// own spikes (<see cref="Recurrence"/>) have no delays. d starts from a draw as those of neurons do.
/// </para>
/// </remarks>
/// <param name="Max">The greatest delay, steps.</param>
/// <param name="Init">The bound of the draw, steps.</param>
/// <param name="LearningRate">The learning rate of d.</param>
/// <param name="OfInputs">Whether the first layer's weights have delays, too; else only those above hidden layers.</param>
public sealed record SynapticDelays(int Max, double Init, double LearningRate, bool OfInputs = true)
    : SpikeDelays(Max, Init, LearningRate)
{
    private static readonly Parameter OfInputsParameter = new(
        "network.delay_inputs",
        new ParameterType.Boolean(),
        true,
        "Whether the weights from the input to the first layer have delays, too."
    );

    /// <summary>Its entry in the sweep file.</summary>
    public static Method<SpikeDelays?> Method { get; } =
        new(
            "synaptic",
            "each weight has a trained delay of its own, as in DCLS (Hammouamri et al. 2023).",
            [MaxParameter, InitParameter, LearningRateParameter, OfInputsParameter],
            set => new SynapticDelays(
                set.Int32(MaxParameter),
                set.Real(InitParameter),
                set.Real(LearningRateParameter),
                set.Boolean(OfInputsParameter)
            )
        )
        {
            Requirements =
            [
                new(
                    "network.delays",
                    set =>
                        NetworkLayers.HasNoHidden(set) && !set.Boolean(OfInputsParameter)
                            ? "network.delay_inputs is false, and network.hidden is [], so that no weight has a delay"
                            : null
                ),
                InitWithinMax,
            ],
        };

    /// <summary>Whether a layer's weights from below have delays.</summary>
    /// <param name="layer">From 0.</param>
    public bool IsOf(int layer) => layer > 0 || OfInputs;

    /// <summary>One for each weight from below.</summary>
    public override int CountOf(int layer, int layers, int below, int neurons) => IsOf(layer) ? below * neurons : 0;
}
