using Rouser.Core.Parameters;

namespace Rouser.Snn.Losses;

/// <summary>The negative log-likelihood under a softmax, which several losses share.</summary>
/// <remarks>
/// <code>
/// L = −Σ_i q_i log p_i,   p = softmax(z),   q_i = (1 − ε) [i = label] + ε/N        ∂L/∂z_i = p_i − q_i
/// </code>
/// With ε = 0, L = −log p_label. Label smoothing by ε > 0 is that of Szegedy et al. 2016.
/// </remarks>
internal static class Softmax
{
    /// <summary>ε, a parameter of every loss that ends in a softmax.</summary>
    public static Parameter SmoothingParameter { get; } =
        new(
            "loss.label_smoothing",
            new ParameterType.Real(0, 1, Below: true),
            0.0,
            "Share ε of the target that is spread over all classes (Szegedy et al. 2016)."
        )
        {
            SilentDefault = true,
        };

    /// <summary>L; the logits are overwritten by ∂L/∂z. Allocates nothing.</summary>
    /// <param name="z">The logits, <c>[N]</c>.</param>
    /// <param name="label">The right class.</param>
    /// <param name="smoothing">ε.</param>
    public static double NegativeLogLikelihood(Span<double> z, int label, double smoothing)
    {
        double max = double.NegativeInfinity,
            total = 0;
        foreach (double logit in z)
            max = Math.Max(max, logit);
        foreach (double logit in z)
            total += PortableMath.Exp(logit - max);
        // −Σ q_i (z_i − max − log total), and Σ q_i = 1.
        double spread = smoothing / z.Length,
            loss = PortableMath.Log(total) - ((1 - smoothing) * (z[label] - max));
        if (spread > 0)
        {
            foreach (double logit in z)
                loss -= spread * (logit - max);
        }
        for (int i = 0; i < z.Length; i++)
        {
            double p = PortableMath.Exp(z[i] - max) / total;
            z[i] = p - spread - (i == label ? 1 - smoothing : 0);
        }
        return loss;
    }
}
