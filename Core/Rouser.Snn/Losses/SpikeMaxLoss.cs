using Rouser.Core.Parameters;

namespace Rouser.Snn.Losses;

/// <summary>
/// Negative log-likelihood of the right class under the softmax of firing rates (SLAYER 2.0's <c>SpikeMax</c> in its
/// mode "softmax").
/// </summary>
/// <remarks>
/// <code>
/// L = −log p_label,   p = softmax(r),   r_i = (1/T) Σ_t S_i[t]
/// ∂L/∂S_i[t] = (p_i − [i = label]) / T
/// </code>
/// SLAYER's other mode, "probability", takes p = r / Σr, which is infinite while the right class is silent.
/// </remarks>
public sealed record SpikeMaxLoss : Loss
{
    /// <summary>Its entry in the sweep file.</summary>
    public static Method<Loss> Method { get; } =
        Named("spike_max", "negative log-likelihood of the softmax over spike rates.", [], _ => new SpikeMaxLoss());

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
        double loss = PortableMath.Log(total) - (r[label] - max);
        for (int i = 0; i < neurons; i++)
        {
            double p = PortableMath.Exp(r[i] - max) / total;
            r[i] = (p - (i == label ? 1 : 0)) / steps;
        }
        for (int t = 1; t < steps; t++)
            r.CopyTo(gS[(t * neurons)..]);
        return loss;
    }
}
