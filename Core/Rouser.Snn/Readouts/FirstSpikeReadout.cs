using Rouser.Core.Parameters;

namespace Rouser.Snn.Readouts;

/// <summary>
/// Time to first spike: the output neuron that spikes first wins (Mostafa 2018; snnTorch's <c>ce_temporal_loss</c>).
/// </summary>
/// <remarks>
/// With t_i the step of neuron i's first spike, and T if it has none:
/// <code>
/// z_i = −t_i / τ        t_i = Σ_u Π_{v ≤ u} (1 − S_i[v])
/// ∂t_i/∂S_i[u] = −P_{u−1} R_u      P_u = P_{u−1} (1 − S_i[u]), P_{−1} = 1      R_u = 1 + (1 − S_i[u+1]) R_{u+1}, R_{T−1} = 1
/// </code>
/// The sum over products is t_i for spikes of 0 and 1, and has a slope between them. A spike at a step u before the first
/// one would come t_i − u steps sooner, and without the first one it would be the second that counts: those are the
/// derivatives. Spikes after the first have none. A neuron that is silent has a gradient at every step, so that it can be
/// woken.
/// </remarks>
/// <param name="Tau">τ, in steps.</param>
public sealed record FirstSpikeReadout(double Tau) : Readout
{
    private static readonly Parameter TauParameter = new(
        "network.readout_tau",
        ParameterType.Positive,
        10.0,
        "τ, in steps: a class is e times as probable as one whose output neuron spikes τ steps later."
    );

    /// <summary>Its entry in the sweep file.</summary>
    internal static Method<Readout?> Method { get; } =
        Named(
            "first_spike",
            "spikes as in the hidden layers; the class whose neuron spikes first wins (Mostafa 2018).",
            [TauParameter],
            set => new FirstSpikeReadout(set.Real(TauParameter))
        );

    /// <inheritdoc/>
    public override bool Spikes => true;

    /// <inheritdoc/>
    public override string Word => "first_spike";

    /// <inheritdoc/>
    public override void Read(ReadOnlySpan<double> output, Span<double> z)
    {
        int neurons = z.Length;
        for (int i = 0; i < neurons; i++)
        {
            double none = 1,
                time = 0;
            for (int k = i; k < output.Length && none != 0; k += neurons)
            {
                none *= 1 - output[k];
                time += none;
            }
            z[i] = -time / Tau;
        }
    }

    /// <inheritdoc/>
    public override void Spread(ReadOnlySpan<double> gz, Span<double> output)
    {
        int neurons = gz.Length,
            last = output.Length - neurons;
        for (int i = 0; i < neurons; i++)
        {
            // R replaces S from the end on; 1 − S[u] is then (R_{u−1} − 1)/R_u, but at the first step.
            double none = 1 - output[i],
                next = output[last + i];
            output[last + i] = 1;
            for (int k = last - neurons + i; k >= 0; k -= neurons)
            {
                double own = output[k];
                output[k] = 1 + ((1 - next) * output[k + neurons]);
                next = own;
            }
            double older = 0,
                before = output[i],
                factor = gz[i] / Tau;
            output[i] = factor * before;
            for (int k = neurons + i; k <= last + i; k += neurons)
            {
                double rest = output[k];
                if (k > neurons + i)
                    none *= (older - 1) / before;
                output[k] = factor * none * rest;
                (older, before) = (before, rest);
            }
        }
    }
}
