using Rouser.Core.Parameters;
using Rouser.Snn.Layers;

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
public sealed record LeakyReadout(ReadoutTime Time) : Readout
{
    private static readonly Parameter TimeParameter = new(
        "network.readout_time",
        ParameterType.EnumChoice<ReadoutTime>(),
        "max",
        "What the logit of a class is of the potential of its output neuron over the steps.\n`max`: its "
            + "maximum.\n`mean`: its mean.\n`last`: its value at the last step."
    );

    /// <summary>Its entry in the sweep file.</summary>
    internal static Method<Readout?> Method { get; } =
        Named(
            "leaky",
            "leaky integrators without threshold, spikes and reset; the class with the largest logit wins.",
            [TimeParameter],
            set => new LeakyReadout(set.Choice<ReadoutTime>(TimeParameter)),
            Asks(set =>
                NetworkLayers.HasNoHidden(set)
                    ? "network.readout: leaky with network.hidden: [] leaves no neuron that spikes; add a hidden layer"
                    : null
            )
        );

    /// <inheritdoc/>
    public override bool Spikes => false;

    /// <inheritdoc/>
    public override string Word => Time.ToString().ToLowerInvariant();

    /// <inheritdoc/>
    public override void Read(ReadOnlySpan<double> output, Span<double> z)
    {
        int neurons = z.Length,
            steps = output.Length / neurons;
        switch (Time)
        {
            case ReadoutTime.Max:
                for (int i = 0; i < neurons; i++)
                    z[i] = output[(FirstMaximum(output, neurons, i) * neurons) + i];
                break;
            case ReadoutTime.Mean:
                z.Clear();
                for (int k = 0; k < output.Length; k++)
                    z[k % neurons] += output[k] / steps;
                break;
            default:
                output[^neurons..].CopyTo(z);
                break;
        }
    }

    /// <inheritdoc/>
    public override void Spread(ReadOnlySpan<double> gz, Span<double> output)
    {
        int neurons = gz.Length,
            steps = output.Length / neurons;
        for (int i = 0; i < neurons; i++)
        {
            int only = Time switch
            {
                ReadoutTime.Max => FirstMaximum(output, neurons, i),
                ReadoutTime.Last => steps - 1,
                _ => -1,
            };
            for (int t = 0; t < steps; t++)
                output[(t * neurons) + i] =
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
}
