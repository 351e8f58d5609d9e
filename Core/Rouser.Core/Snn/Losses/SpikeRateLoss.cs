namespace Rouser.Core.Snn.Losses;

/// <summary>The squared difference between firing rates and target rates (SLAYER 2.0's <c>SpikeRate</c>, summed).</summary>
/// <remarks>
/// <code>
/// L = Σ_i (r_i − r̂_i)²,   r_i = (1/T) Σ_t S_i[t],   r̂ = the true rate for the right class, the false rate for the others
/// ∂L/∂S_i[t] = 2 (r_i − r̂_i) / T
/// </code>
/// SLAYER's documentation has a factor ½; its code, which is followed here, does not.
/// </remarks>
internal sealed class SpikeRateLoss(double trueRate, double falseRate) : Loss
{
    /// <inheritdoc/>
    public override double Evaluate(ReadOnlySpan<double> S, int neurons, int label, Span<double> gS)
    {
        int steps = S.Length / neurons;
        double sum = 0;
        for (int i = 0; i < neurons; i++)
        {
            double count = 0;
            for (int k = i; k < S.Length; k += neurons) count += S[k];
            double difference = (count / steps) - (i == label ? trueRate : falseRate);
            sum += difference * difference;
            for (int k = i; k < gS.Length; k += neurons) gS[k] = 2 * difference / steps;
        }
        return sum;
    }
}
