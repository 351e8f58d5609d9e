using Rouser.Core.Parameters;
using Rouser.Snn.Losses;

namespace Rouser.Snn.Readouts;

/// <summary>What a readout makes of a potential over the steps.</summary>
public enum ReadoutTime
{
    /// <summary>Its maximum (Cramer et al. 2020).</summary>
    Max,

    /// <summary>Its mean.</summary>
    Mean,

    /// <summary>Its value at the last step.</summary>
    Last,
}

/// <summary>
/// An output layer without threshold: leaky integrators, whose potentials are the logits. It has no spikes, no reset
/// and nothing that a threshold rule could move. Immutable and safe to share between threads.
/// </summary>
/// <remarks>
/// With the decays, the coupling and the trained decays of the other layers, and for t = 0 … T−1 with all states 0
/// before:
/// <code>
/// delayed      I[t] = a I[t−1] + W S_in[t−1]       V[t] = b V[t−1] + I[t−1]
/// same step    I[t] = a I[t−1] + W S_in[t−1]       V[t] = b V[t−1] + I[t]        (S_in[t] in a network of this layer alone)
/// max          z_i = V_i[t_i],  t_i the first step of the maximum       ∂L/∂V_i[t] = [t = t_i] ∂L/∂z_i
/// mean         z_i = (1/T) Σ_t V_i[t]                                   ∂L/∂V_i[t] = (1/T) ∂L/∂z_i
/// last         z_i = V_i[T−1]                                           ∂L/∂V_i[t] = [t = T−1] ∂L/∂z_i
/// </code>
/// Backward, gV[t] = b gV[t+1] + ∂L/∂V[t] with 0 after the last step, and the current as in every other layer.
/// The maximum is that of Cramer, Stradmann, Schemmel and Zenke (arXiv 1910.07407, section II-D); the mean and the last
/// value are those of Bellec et al. 2018 and Yin, Corradi and Bohté 2021. Under delayed coupling V[0] = 0, so that a
/// maximum over the steps is never negative.
/// </remarks>
/// <param name="Time">What becomes of the steps.</param>
public sealed record LeakyReadout(ReadoutTime Time)
{
    private static readonly Parameter TimeParameter = new(
        "network.readout_time",
        ParameterType.EnumChoice<ReadoutTime>(),
        "max",
        "What the logit of a class is of the potential of its output neuron over the steps.\n`max`: its "
            + "maximum.\n`mean`: its mean.\n`last`: its value at the last step."
    );

    /// <summary>The readouts of a sweep file: null stands for an output layer that spikes as every other.</summary>
    public static MethodFamily<LeakyReadout?> Family { get; } =
        new(
            "network.readout",
            "spikes",
            "What the output layer is.\n{0}",
            () =>
                [
                    new("spikes", "neurons as in the hidden layers; the class with most spikes wins.", [], _ => null),
                    new(
                        "leaky",
                        "leaky integrators without threshold, spikes and reset; the class with the largest logit wins.",
                        [TimeParameter],
                        set => new LeakyReadout(set.Choice<ReadoutTime>(TimeParameter))
                    )
                    {
                        Requirements =
                        [
                            Asks(set =>
                                Loss.Family.Build(set).TakesLogits
                                    ? null
                                    : "network.readout: leaky has no spikes, which loss.kind: "
                                        + $"{set.ValueOf(Loss.Family.Selector)} compares; take loss.kind: cross_entropy"
                            ),
                            Asks(set =>
                                set.Boolean(Loss.OutputDelayedParameter)
                                    ? "network.readout: leaky has no spikes that loss.output_delayed could delay; take false"
                                    : null
                            ),
                            Asks(set =>
                                set.Find("network.hidden") is ParameterValue.Integers { Values.Count: 0 }
                                    ? "network.readout: leaky with network.hidden: [] leaves no neuron that spikes; add a hidden layer"
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

    /// <summary>Its word in a sweep file and in exports.</summary>
    public string Word => Time.ToString().ToLowerInvariant();

    /// <summary>The logits of one sample. Allocates nothing.</summary>
    /// <param name="V">The potentials, <c>[T × N]</c>.</param>
    /// <param name="z">Receives the logits, <c>[N]</c>.</param>
    public void Read(ReadOnlySpan<double> V, Span<double> z)
    {
        int neurons = z.Length,
            steps = V.Length / neurons;
        switch (Time)
        {
            case ReadoutTime.Max:
                for (int i = 0; i < neurons; i++)
                    z[i] = V[(FirstMaximum(V, neurons, i) * neurons) + i];
                break;
            case ReadoutTime.Mean:
                z.Clear();
                for (int k = 0; k < V.Length; k++)
                    z[k % neurons] += V[k] / steps;
                break;
            default:
                V[^neurons..].CopyTo(z);
                break;
        }
    }

    /// <summary>The way back. Allocates nothing.</summary>
    /// <param name="gz">∂L/∂z, <c>[N]</c>.</param>
    /// <param name="VtoGV">The potentials, <c>[T × N]</c>, which ∂L/∂V replaces: what comes back at each step from the
    /// logits alone.</param>
    public void Spread(ReadOnlySpan<double> gz, Span<double> VtoGV)
    {
        int neurons = gz.Length,
            steps = VtoGV.Length / neurons;
        for (int i = 0; i < neurons; i++)
        {
            int only = Time switch
            {
                ReadoutTime.Max => FirstMaximum(VtoGV, neurons, i),
                ReadoutTime.Last => steps - 1,
                _ => -1,
            };
            for (int t = 0; t < steps; t++)
                VtoGV[(t * neurons) + i] =
                    only < 0 ? gz[i] / steps
                    : t == only ? gz[i]
                    : 0;
        }
    }

    // A potential that is no number is the maximum, so that it ends in a logit that is none.
    private static int FirstMaximum(ReadOnlySpan<double> V, int neurons, int i)
    {
        int first = 0;
        for (int t = 1; t * neurons < V.Length && !double.IsNaN(V[(first * neurons) + i]); t++)
        {
            if (!(V[(t * neurons) + i] <= V[(first * neurons) + i]))
                first = t;
        }
        return first;
    }

    private static Requirement Asks(Func<ParameterSet, string?> complaint) => new("network.readout", complaint);
}
