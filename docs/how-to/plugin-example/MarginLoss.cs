using Rouser.Core.Parameters;
using Rouser.Snn.Losses;

namespace ExamplePlugin;

/// <summary>The right class should fire more than each other class by a margin.</summary>
/// <remarks>
/// <code>
/// L = Σ_{i ≠ label} max(0, m − (r_label − r_i)),   r_i = (1/T) Σ_t S_i[t]
/// ∂L/∂S_i[t] = 1/T for each i that misses the margin, and −k/T for the label, k being their number
/// </code>
/// </remarks>
/// <param name="Margin">m, spikes per step.</param>
public sealed record MarginLoss(double Margin) : Loss
{
    private static readonly Parameter MarginParameter = new(
        "loss.margin",
        ParameterType.Share,
        0.1,
        "Margin m between the rate of the correct class and each other rate, in spikes per step."
    );

    /// <summary>Its entry in the sweep file.</summary>
    public static Method<Loss> Method { get; } =
        Named(
            "margin",
            "the correct class fires more than each other class by a margin.",
            [MarginParameter],
            set => new MarginLoss(set.Real(MarginParameter))
        );

    /// <inheritdoc/>
    protected override double Measure(ReadOnlySpan<double> S, int neurons, int label, Span<double> gS)
    {
        int steps = S.Length / neurons;
        double loss = 0;
        Span<double> g = gS[..neurons];
        g.Clear();
        double right = Rate(S, neurons, label);
        for (int i = 0; i < neurons; i++)
        {
            double missing = Margin - (right - Rate(S, neurons, i));
            if (i == label || missing <= 0)
                continue;
            loss += missing;
            g[i] += 1.0 / steps;
            g[label] -= 1.0 / steps;
        }
        for (int t = 1; t < steps; t++)
            g.CopyTo(gS[(t * neurons)..]);
        return loss;
    }

    private static double Rate(ReadOnlySpan<double> S, int neurons, int i)
    {
        double count = 0;
        for (int k = i; k < S.Length; k += neurons)
            count += S[k];
        return count / (S.Length / neurons);
    }
}
