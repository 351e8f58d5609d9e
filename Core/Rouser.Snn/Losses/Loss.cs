using Rouser.Core.Parameters;

namespace Rouser.Snn.Losses;

/// <summary>
/// What the output spikes of one sample are compared with. Works on real values in double precision, in every engine,
/// so that its derivative can be checked by finite differences; a spike is 1, no spike 0. Immutable and safe to share
/// between threads.
/// </summary>
public abstract record Loss
{
    /// <summary>Whether the loss sees the output a step late, which some readouts look at.</summary>
    internal static Parameter OutputDelayedParameter { get; } =
        new(
            "loss.output_delayed",
            new ParameterType.Boolean(),
            false,
            "Whether the loss sees the output spikes one step late, as in lava-dl."
        )
        {
            SilentDefault = true,
        };

    /// <summary>All losses: a new one is its file and a line here.</summary>
    public static MethodFamily<Loss> Family { get; } =
        new(
            "loss.kind",
            "van_rossum",
            "Loss function.\n{0}",
            () => [VanRossumLoss.Method, SpikeRateLoss.Method, SpikeMaxLoss.Method, CrossEntropyLoss.Method]
        )
        {
            Common = [OutputDelayedParameter],
        };

    /// <summary>
    /// Whether the loss sees the output a step late, as it does behind SLAYER 2.0's blocks, which hand on every
    /// layer's spikes one step later. Predictions count all spikes.
    /// </summary>
    /// <remarks>
    /// <code>
    /// L = L′(S′),   S′[0] = 0,   S′[t] = S[t−1]        ∂L/∂S[t] = ∂L′/∂S′[t+1], and 0 at the last step, whose spikes come too late
    /// </code>
    /// </remarks>
    public bool OutputDelayed { get; init; }

    /// <summary>
    /// Whether the loss means something where <c>S</c> is one step of real numbers, the logits of an output layer that
    /// does not spike (<see cref="Readouts.LeakyReadout"/>).
    /// </summary>
    public virtual bool TakesLogits => false;

    /// <summary>The loss L of one sample and its derivative. Allocates nothing.</summary>
    /// <param name="S">The output spikes, <c>[T × N]</c>. Overwritten where the output is delayed.</param>
    /// <param name="neurons">N, one output neuron per class.</param>
    /// <param name="label">The right class.</param>
    /// <param name="gS">Receives ∂L/∂S, <c>[T × N]</c>.</param>
    /// <returns>L.</returns>
    public double Evaluate(Span<double> S, int neurons, int label, Span<double> gS)
    {
        if (!OutputDelayed)
            return Measure(S, neurons, label, gS);
        S[..^neurons].CopyTo(S[neurons..]);
        S[..neurons].Clear();
        double loss = Measure(S, neurons, label, gS);
        gS[neurons..].CopyTo(gS);
        gS[^neurons..].Clear();
        return loss;
    }

    /// <summary>L′ and its derivative; see <see cref="Evaluate"/>.</summary>
    protected abstract double Measure(ReadOnlySpan<double> S, int neurons, int label, Span<double> gS);

    /// <summary>A loss's entry in the sweep file.</summary>
    /// <param name="parameters">The parameters that it alone uses.</param>
    /// <param name="make">Makes it from a trial's values.</param>
    protected static Method<Loss> Named(
        string word,
        string doc,
        IReadOnlyList<Parameter> parameters,
        Func<ParameterSet, Loss> make
    ) => new(word, doc, parameters, set => make(set) with { OutputDelayed = set.Boolean(OutputDelayedParameter) });
}
