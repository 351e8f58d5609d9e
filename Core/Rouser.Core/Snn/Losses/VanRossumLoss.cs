namespace Rouser.Core.Snn.Losses;

/// <summary>The van Rossum distance between the output and a regular target train.</summary>
/// <remarks>
/// <code>
/// L = ½ Σ_{t,i} err_i[t]²,   err = h * (S − Ŝ),   h(n) = (n + 1)·exp(−n/τ), n ≥ 0        (paper, equation 6)
/// </code>
/// h is the exponential q^n, q = exp(−1/τ), convolved with itself, so the filter is two first-order recursions, and its adjoint the same
/// two backwards in time; both cost O(T):
/// <code>
/// y[t]   = q y[t−1] + (S − Ŝ)[t]        err[t] = q err[t−1] + y[t]
/// z[t]   = q z[t+1] + err[t]            gS[t]  = q gS[t+1] + z[t]
/// </code>
/// The filter is not cut off. SLAYER 2.0 cuts at 100 taps; with τ = 5 the tail beyond holds 4·10⁻⁸ of the filter's sum, below float32's
/// rounding, and none of it is reached when T ≤ 100. Ŝ_i spikes at t = p − 1, 2p − 1, … with the true period p for the right class
/// and the false period for the others. With <see cref="TimeReduction.Mean"/>, L and with it its gradient are divided by T.
/// </remarks>
internal sealed class VanRossumLoss(double filterTau, int truePeriod, int falsePeriod, TimeReduction reduction = TimeReduction.Sum) : Loss
{
    private readonly double _q = PortableMath.Exp(-1 / filterTau);

    /// <inheritdoc/>
    public override double Evaluate(ReadOnlySpan<double> S, int neurons, int label, Span<double> gS)
    {
        int steps = S.Length / neurons;
        for (int t = 0; t < steps; t++)
        {
            double right = (t + 1) % truePeriod == 0 ? 1 : 0, other = (t + 1) % falsePeriod == 0 ? 1 : 0;
            for (int i = 0; i < neurons; i++) gS[(t * neurons) + i] = S[(t * neurons) + i] - (i == label ? right : other);
        }
        // The four recursions run in place over all neurons at once: element k − N is the same neuron one step earlier.
        for (int pass = 0; pass < 2; pass++)
        {
            for (int k = neurons; k < gS.Length; k++) gS[k] += _q * gS[k - neurons];
        }
        double sum = 0;
        foreach (double err in gS) sum += err * err;
        for (int pass = 0; pass < 2; pass++)
        {
            for (int k = gS.Length - neurons - 1; k >= 0; k--) gS[k] += _q * gS[k + neurons];
        }
        if (reduction == TimeReduction.Sum) return sum / 2;
        foreach (ref double g in gS) g /= steps;
        return sum / 2 / steps;
    }
}
