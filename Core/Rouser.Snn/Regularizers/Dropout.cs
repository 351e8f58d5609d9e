using Rouser.Core.Parameters;
using Rouser.Snn.Layers;

namespace Rouser.Snn.Regularizers;

/// <summary>
/// Dropout of hidden neurons (Srivastava et al. 2014) in the form that spiking networks take: a neuron that is dropped
/// says nothing to the layer above for the whole sample, as in lava-dl's <c>neuron.Dropout</c> and in Lee et al. 2020. A
/// mask that changed from step to step would be averaged out by the membranes. Immutable and safe to share between
/// threads.
/// </summary>
/// <remarks>
/// With m_i = 0 with probability p and else 1, drawn for each update, sample and hidden neuron, layer l + 1 receives
/// <code>
/// training     S_i[t] m_i / (1 − p)          ∂L/∂S_i[t] gains the factor m_i / (1 − p)
/// inference    S_i[t]
/// </code>
/// The neuron itself goes on: it spikes, is counted, and the regulariser sees it.
/// </remarks>
/// <param name="Rate">p.</param>
public sealed record Dropout(double Rate)
{
    private static readonly Parameter RateParameter = new(
        "network.dropout",
        new ParameterType.Real(0, 1, Below: true),
        0,
        "Dropout p: the probability with which a hidden neuron says nothing to the layer above for a whole training sample. "
            + "What the others say counts 1/(1 − p) times. None is dropped at inference."
    )
    {
        SilentDefault = true,
    };

    /// <summary>The parameters of a sweep file.</summary>
    internal static IEnumerable<Parameter> Parameters => [RateParameter];

    /// <summary>What it asks of values beside its own.</summary>
    internal static IEnumerable<Requirement> Requirements =>
        [
            new(
                RateParameter.Name,
                set =>
                    set.Real(RateParameter) > 0 && NetworkLayers.HasNoHidden(set)
                        ? "network.dropout drops hidden neurons, and network.hidden is []"
                        : null
            ),
        ];

    /// <summary>1/(1 − p), by which the spikes that are left count more in training.</summary>
    public double Factor => 1 / (1 - Rate);

    /// <summary>From a trial's values; null for none.</summary>
    internal static Dropout? From(ParameterSet set) => set.Real(RateParameter) is > 0 and var rate ? new(rate) : null;

    /// <summary>What the draws of a layer follow from.</summary>
    /// <param name="seed">The trial's.</param>
    /// <param name="layer">From 1.</param>
    public static ulong Key(long seed, int layer) => new RandomStream(seed, $"dropout/{layer}").NextBits();

    /// <summary>m_i of a neuron. A function of its arguments alone, so that any engine draws it in any order.</summary>
    /// <param name="key">The layer's.</param>
    /// <param name="update">The number of the update, from 1.</param>
    /// <param name="sample">The sample's place in the batch, from 0.</param>
    /// <param name="neuron">From 0.</param>
    public bool Keeps(ulong key, long update, int sample, int neuron)
    {
        ulong bits = Mixed(Mixed(Mixed(key + (ulong)update) + (ulong)sample) + (ulong)neuron);
        return (bits >> 11) * (1.0 / (1UL << 53)) >= Rate;
    }

    // The generator SplitMix64 of Steele, Lea and Flood 2014, by one step.
    private static ulong Mixed(ulong state)
    {
        ulong z = state + 0x9E3779B97F4A7C15;
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
        return z ^ (z >> 31);
    }
}
