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
public sealed record AxonalDelays(int Max, double Init, double LearningRate)
{
    /// <summary>The tensor of a <see cref="LayerState"/> that has d.</summary>
    public const string Tensor = "delays.d";

    private static readonly Parameter MaxParameter = new(
        "network.max_delay",
        new ParameterType.Integer(1, 10_000),
        64,
        "Greatest delay in steps; trained delays stay between 0 and it."
    );

    private static readonly Parameter InitParameter = new(
        "network.delay_init",
        ParameterType.NotNegative,
        1.0,
        "Delays start uniform between 0 and this, in steps."
    );

    private static readonly Parameter LearningRateParameter = new(
        "network.delay_learning_rate",
        ParameterType.NotNegative,
        0.1,
        "Learning rate for delays, in steps; 0 keeps them as drawn."
    );

    /// <summary>What a sweep file can name.</summary>
    public static MethodFamily<AxonalDelays?> Family { get; } =
        new(
            "network.delays",
            ParameterType.None,
            "Delays of spikes on their way from hidden neurons.\n{0}",
            () =>
                [
                    new(ParameterType.None, "none.", [], _ => null),
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
                                    NetworkLayers.HasNoHidden(set)
                                        ? "network.delays are of hidden neurons, and network.hidden is []"
                                        : null
                            ),
                            new(
                                InitParameter.Name,
                                set =>
                                    set.Real(InitParameter) > set.Int32(MaxParameter)
                                        ? $"network.delay_init ({set.ValueOf(InitParameter)}) is above network.max_delay "
                                            + $"({set.ValueOf(MaxParameter)})"
                                        : null
                            ),
                        ],
                    },
                ]
        )
        {
            IsOpen = false,
            SilentDefault = true,
        };

    /// <summary>d of a layer before training, <c>[N]</c>.</summary>
    /// <param name="seed">The trial's.</param>
    /// <param name="layer">From 1.</param>
    /// <param name="neurons">N.</param>
    public double[] Draw(long seed, int layer, int neurons)
    {
        RandomStream random = new(seed, $"delays/{layer}");
        double[] d = new double[neurons];
        foreach (ref double value in d.AsSpan())
            value = random.NextDouble(0, Init);
        return d;
    }

    /// <summary>D of a layer, from the tensors of its state, <c>[N]</c>; null where its spikes are not delayed.</summary>
    public int[]? StepsOf(IReadOnlyDictionary<string, float[]> tensors) =>
        tensors.TryGetValue(Tensor, out float[]? d) ? [.. d.Select(x => Steps(x))] : null;

    /// <summary>d after an update, within its range.</summary>
    public double Bounded(double d) => Math.Clamp(d, 0, Max);

    /// <summary>D, the whole steps of a delay; 0 of one that is no number.</summary>
    public int Steps(double d) => double.IsNaN(d) ? 0 : (int)Math.Floor(Bounded(d) + 0.5);
}
