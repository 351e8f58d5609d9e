using Rouser.Core.Parameters;

namespace Rouser.Snn.Losses;

/// <summary>
/// Cross-entropy on logits. For an output layer that spikes they are its spike counts (snnTorch's
/// <c>ce_count_loss</c>, Eshraghian et al. 2023); for one that does not, what its readout makes of the potentials.
/// </summary>
/// <remarks>
/// <code>
/// L = −Σ_i q_i log p_i,   p = softmax(z),   z_i = Σ_t S_i[t]        q: see <see cref="Softmax"/>
/// ∂L/∂S_i[t] = p_i − q_i
/// </code>
/// A readout's logits come as one step, so that z is what they are. Counts are T times as large as the rates of
/// <see cref="SpikeMaxLoss"/>: the softmax can become as sure as the samples allow, and its gradient does not fall
/// with T.
/// </remarks>
/// <param name="LabelSmoothing">ε.</param>
public sealed record CrossEntropyLoss(double LabelSmoothing = 0) : Loss
{
    /// <summary>Its entry in the sweep file.</summary>
    public static Method<Loss> Method { get; } =
        Named(
            "cross_entropy",
            "negative log-likelihood of the softmax over spike counts, or over the logits of network.readout leaky.",
            [Softmax.SmoothingParameter],
            set => new CrossEntropyLoss(set.Real(Softmax.SmoothingParameter))
        );

    /// <inheritdoc/>
    public override bool TakesLogits => true;

    /// <inheritdoc/>
    protected override double Measure(ReadOnlySpan<double> S, int neurons, int label, Span<double> gS)
    {
        // The first row of gS holds the logits until the gradient overwrites it, so that nothing is allocated.
        Span<double> z = gS[..neurons];
        z.Clear();
        for (int k = 0; k < S.Length; k++)
            z[k % neurons] += S[k];
        double loss = Softmax.NegativeLogLikelihood(z, label, LabelSmoothing);
        for (int t = 1; t < S.Length / neurons; t++)
            z.CopyTo(gS[(t * neurons)..]);
        return loss;
    }
}
