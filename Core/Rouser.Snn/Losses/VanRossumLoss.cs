using Rouser.Core.Parameters;

namespace Rouser.Snn.Losses;

/// <summary>How the loss of a sample adds up over its steps.</summary>
public enum TimeReduction
{
    /// <summary>The sum over the steps.</summary>
    Sum,

    /// <summary>The mean over the steps: the sum divided by T.</summary>
    Mean,
}

/// <summary>The van Rossum distance between the output and a regular target train.</summary>
/// <remarks>
/// <code>
/// L = ½ Σ_{t,i} err_i[t]²,   err = h * (S − Ŝ),   h(n) = (n + 1)·exp(−n/τ), n ≥ 0        (paper, equation 6)
/// </code>
/// h is the exponential q^n, q = exp(−1/τ), convolved with itself, so the filter is two first-order recursions, and
/// its adjoint the same two backwards in time; both cost O(T):
/// <code>
/// y[t]   = q y[t−1] + (S − Ŝ)[t]        err[t] = q err[t−1] + y[t]
/// z[t]   = q z[t+1] + err[t]            gS[t]  = q gS[t+1] + z[t]
/// </code>
/// The filter is not cut off. SLAYER 2.0 cuts at 100 taps; with τ = 5 the tail beyond holds 4·10⁻⁸ of the filter's
/// sum, below float32's rounding, and none of it is reached when T ≤ 100. Ŝ_i spikes at t = p − 1, 2p − 1, … with the
/// true period p for the right class and the false period for the others. With <see cref="TimeReduction.Mean"/>, L
/// and with it its gradient are divided by T.
/// </remarks>
/// <param name="FilterTau">τ, steps.</param>
/// <param name="TruePeriod">The right class's target spikes every so many steps.</param>
/// <param name="FalsePeriod">The other classes' targets likewise.</param>
/// <param name="TimeReduction">How L adds up over the steps. The other losses compare rates, which are means over the
/// steps by themselves.</param>
public sealed record VanRossumLoss(
    double FilterTau,
    int TruePeriod,
    int FalsePeriod,
    TimeReduction TimeReduction = TimeReduction.Sum
) : Loss
{
    private static readonly ParameterType.Integer Period = new(1, 100_000);

    private static readonly Parameter FilterTauParameter = new(
        "loss.filter_tau",
        ParameterType.Positive,
        5.0,
        "Time constant τ of the van Rossum filter h(n) = (n+1)·exp(−n/τ), in steps."
    );

    private static readonly Parameter TruePeriodParameter = new(
        "loss.true_period",
        Period,
        2,
        "Period of the target spikes of the correct class, in steps."
    );

    private static readonly Parameter FalsePeriodParameter = new(
        "loss.false_period",
        Period,
        30,
        "Period of the target spikes of the other classes, in steps."
    );

    private static readonly Parameter TimeReductionParameter = new(
        "loss.time_reduction",
        ParameterType.EnumChoice<TimeReduction>(),
        "sum",
        "Whether the distance is summed over the steps, or averaged (the sum divided by T)."
    )
    {
        SilentDefault = true,
    };

    /// <summary>Its entry in the sweep file.</summary>
    public static Method<Loss> Method { get; } =
        Named(
            "van_rossum",
            "van Rossum distance to a target spike train (paper, equation 6).",
            [FilterTauParameter, TruePeriodParameter, FalsePeriodParameter, TimeReductionParameter],
            set => new VanRossumLoss(
                set.Real(FilterTauParameter),
                set.Int32(TruePeriodParameter),
                set.Int32(FalsePeriodParameter),
                set.Choice<TimeReduction>(TimeReductionParameter)
            )
        );

    /// <inheritdoc/>
    protected override double Measure(ReadOnlySpan<double> S, int neurons, int label, Span<double> gS)
    {
        double q = PortableMath.Exp(-1 / FilterTau);
        int steps = S.Length / neurons;
        for (int t = 0; t < steps; t++)
        {
            double right = (t + 1) % TruePeriod == 0 ? 1 : 0,
                other = (t + 1) % FalsePeriod == 0 ? 1 : 0;
            for (int i = 0; i < neurons; i++)
                gS[(t * neurons) + i] = S[(t * neurons) + i] - (i == label ? right : other);
        }
        // The four recursions run in place over all neurons at once: element k − N is the same neuron one step earlier.
        for (int pass = 0; pass < 2; pass++)
        {
            for (int k = neurons; k < gS.Length; k++)
                gS[k] += q * gS[k - neurons];
        }
        double sum = 0;
        foreach (double err in gS)
            sum += err * err;
        for (int pass = 0; pass < 2; pass++)
        {
            for (int k = gS.Length - neurons - 1; k >= 0; k--)
                gS[k] += q * gS[k + neurons];
        }
        if (TimeReduction == TimeReduction.Sum)
            return sum / 2;
        foreach (ref double g in gS)
            g /= steps;
        return sum / 2 / steps;
    }
}
