using Rouser.Core.Parameters;

namespace Rouser.Snn.Losses;

/// <summary>
/// Negative log-likelihood of the right class under the softmax of firing rates (SLAYER 2.0's <c>SpikeMax</c> in its
/// mode "softmax").
/// </summary>
/// <remarks>
/// <code>
/// L = −Σ_i q_i log p_i,   p = softmax(r),   r_i = (1/T) Σ_t S_i[t]
/// q_i = (1 − ε) [i = label] + ε/N
/// ∂L/∂S_i[t] = (p_i − q_i) / T
/// </code>
/// With ε = 0, L = −log p_label. Label smoothing by ε > 0 is that of Szegedy et al. 2016.
/// SLAYER's other mode, "probability", takes p = r / Σr, which is infinite while the right class is silent.
/// </remarks>
/// <param name="LabelSmoothing">ε.</param>
public sealed record SpikeMaxLoss(double LabelSmoothing = 0) : Loss
{
    private static readonly Parameter SmoothingParameter = new(
        "loss.label_smoothing",
        new ParameterType.Real(0, 1, Below: true),
        0.0,
        "Share ε of the target that is spread over all classes (Szegedy et al. 2016)."
    )
    {
        SilentDefault = true,
    };

    /// <summary>Its entry in the sweep file.</summary>
    public static Method<Loss> Method { get; } =
        Named(
            "spike_max",
            "negative log-likelihood of the softmax over spike rates.",
            [SmoothingParameter],
            set => new SpikeMaxLoss(set.Real(SmoothingParameter))
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
        double max = double.NegativeInfinity,
            total = 0;
        foreach (double rate in r)
            max = Math.Max(max, rate);
        foreach (double rate in r)
            total += PortableMath.Exp(rate - max);
        // −Σ q_i (r_i − max − log total), and Σ q_i = 1.
        double spread = LabelSmoothing / neurons,
            loss = PortableMath.Log(total) - ((1 - LabelSmoothing) * (r[label] - max));
        if (spread > 0)
        {
            foreach (double rate in r)
                loss -= spread * (rate - max);
        }
        for (int i = 0; i < neurons; i++)
        {
            double p = PortableMath.Exp(r[i] - max) / total;
            r[i] = (p - spread - (i == label ? 1 - LabelSmoothing : 0)) / steps;
        }
        for (int t = 1; t < steps; t++)
            r.CopyTo(gS[(t * neurons)..]);
        return loss;
    }
}
