using Rouser.Core.Parameters;

namespace Rouser.Snn.Losses;

/// <summary>
/// The squared difference between firing rates and target rates (SLAYER 2.0's <c>SpikeRate</c>, summed).
/// </summary>
/// <remarks>
/// <code>
/// L = Σ_i (r_i − r̂_i)²,   r_i = (1/T) Σ_t S_i[t],   r̂ = the true rate for the right class, the false rate for the others
/// ∂L/∂S_i[t] = 2 (r_i − r̂_i) / T
/// </code>
/// SLAYER's documentation has a factor ½; its code, which is followed here, does not.
/// </remarks>
/// <param name="TrueRate">The right class's target, spikes per step.</param>
/// <param name="FalseRate">The other classes' target, spikes per step.</param>
public sealed record SpikeRateLoss(double TrueRate, double FalseRate) : Loss
{
    private static readonly Parameter TrueRateParameter = new(
        "loss.true_rate",
        ParameterType.Share,
        0.2,
        "Target rate of the correct class, in spikes per step."
    );

    private static readonly Parameter FalseRateParameter = new(
        "loss.false_rate",
        ParameterType.Share,
        0.03,
        "Target rate of the other classes, in spikes per step."
    );

    /// <summary>Its entry in the sweep file.</summary>
    public static Method<Loss> Method { get; } =
        Named(
            "spike_rate",
            "squared difference from target spike rates.",
            [TrueRateParameter, FalseRateParameter],
            set => new SpikeRateLoss(set.Real(TrueRateParameter), set.Real(FalseRateParameter))
        );

    /// <inheritdoc/>
    protected override double Measure(ReadOnlySpan<double> S, int neurons, int label, Span<double> gS)
    {
        int steps = S.Length / neurons;
        double sum = 0;
        for (int i = 0; i < neurons; i++)
        {
            double count = 0;
            for (int k = i; k < S.Length; k += neurons)
                count += S[k];
            double difference = (count / steps) - (i == label ? TrueRate : FalseRate);
            sum += difference * difference;
            for (int k = i; k < gS.Length; k += neurons)
                gS[k] = 2 * difference / steps;
        }
        return sum;
    }
}
