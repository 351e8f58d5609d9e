using Rouser.Core.Parameters;

namespace Rouser.Snn.Losses;

/// <summary>
/// Negative log-likelihood of the right class under the softmax of firing rates (SLAYER 2.0's <c>SpikeMax</c> in its
/// mode "softmax").
/// </summary>
/// <remarks>
/// <code>
/// L = −Σ_i q_i log p_i,   p = softmax(r),   r_i = (1/T) Σ_t S_i[t]        q: see <see cref="Softmax"/>
/// ∂L/∂S_i[t] = (p_i − q_i) / T
/// </code>
/// SLAYER's other mode, "probability", takes p = r / Σr, which is infinite while the right class is silent.
/// </remarks>
/// <param name="LabelSmoothing">ε.</param>
public sealed record SpikeMaxLoss(double LabelSmoothing = 0) : Loss
{
    /// <summary>Its entry in the sweep file.</summary>
    public static Method<Loss> Method { get; } =
        Named(
            "spike_max",
            "negative log-likelihood of the softmax over spike rates.",
            [Softmax.SmoothingParameter],
            set => new SpikeMaxLoss(set.Real(Softmax.SmoothingParameter))
        );

    /// <inheritdoc/>
    protected override double Measure(ReadOnlySpan<double> S, int neurons, int label, Span<double> gS)
    {
        int steps = S.Length / neurons;
        // The first row of gS holds the rates until the gradient overwrites it, so that nothing is allocated.
        Span<double> r = gS[..neurons];
        r.Clear();
        for (int k = 0; k < S.Length; k++)
            r[k % neurons] += S[k] / steps;
        double loss = Softmax.NegativeLogLikelihood(r, label, LabelSmoothing);
        foreach (ref double g in r)
            g /= steps;
        for (int t = 1; t < steps; t++)
            r.CopyTo(gS[(t * neurons)..]);
        return loss;
    }
}
