using Rouser.Core.Parameters;
using Rouser.Snn.Layers;

namespace Rouser.Snn.Connections;

/// <summary>
/// Delays of hidden neurons: the spikes of neuron j reach the layer above d_j steps later (Shrestha and Orchard 2018; as
/// lava-dl's <c>axon.Delay</c>).
/// </summary>
/// <remarks>
/// With D_j = ⌊d_j + ½⌋, in training and at inference, and S' what the layer above hears:
/// <code>
/// S'_j[t] = S_j[t − D_j]                 0 before the first step; what comes after the last is lost
/// ∂L/∂S_j[t] = ∂L/∂S'_j[t + D_j]         ∂L/∂d_j = Σ_t ∂L/∂S'_j[t] (S'_j[t−1] − S'_j[t])
/// </code>
/// The slope by d_j is that of spikes moved by a part of a step, which are then in two steps in proportion: S'(d) for d from
/// D on is (1 − d + D) S[t−D] + (d − D) S[t−D−1]. Truncated BPTT lets a gradient pass back from t + D to t within a window
/// only. A layer that hears itself (<see cref="Recurrence"/>) does so without its delays, and its penalty on activity sees S.
/// d_j starts from a draw between 0 and a bound, from the stream <c>delays/l</c>, and stays within 0 and the greatest delay.
/// </remarks>
/// <param name="Max">The greatest delay, steps.</param>
/// <param name="Init">The bound of the draw, steps.</param>
/// <param name="LearningRate">The learning rate of d.</param>
public sealed record AxonalDelays(int Max, double Init, double LearningRate) : SpikeDelays(Max, Init, LearningRate)
{
    /// <summary>Its entry in the sweep file.</summary>
    public static Method<SpikeDelays?> Method { get; } =
        new(
            "axonal",
            "each hidden neuron's spikes reach the layer above by a trained number of steps later.",
            [MaxParameter, InitParameter, LearningRateParameter],
            set => new AxonalDelays(set.Int32(MaxParameter), set.Real(InitParameter), set.Real(LearningRateParameter))
        )
        {
            Requirements =
            [
                new(
                    "network.delays",
                    set =>
                        NetworkLayers.HasNoHidden(set) ? "network.delays are of hidden neurons, and network.hidden is []" : null
                ),
                InitWithinMax,
            ],
        };

    /// <summary>One for each hidden neuron.</summary>
    public override int CountOf(int layer, int layers, int below, int neurons) => layer < layers - 1 ? neurons : 0;
}
