using Rouser.Core.Parameters;

namespace Rouser.Snn.Thresholds;

/// <summary>
/// Neurons that fire more than the others of their layer get a higher threshold, the rest a lower one (Lee, Delbruck
/// and Pfeiffer 2016, Frontiers in Neuroscience 10:508, threshold regularisation).
/// </summary>
/// <remarks>
/// The paper, at each input spike upon which N_w of the layer's N neurons fire: the winners Th_i += ρN, then all Th_i
/// −= ρN_w. Summed over the steps of a sample and averaged over a batch of B, because here a threshold stands still
/// during a batch:
/// <code>
/// Th_i += (ρ/B) Σ_b (N n_i^b − Σ_j n_j^b)      n_i^b: spikes of neuron i in sample b
/// </code>
/// The mean threshold of a layer does not change, unless a threshold would fall below 0, where a neuron would fire at
/// rest: it stays at 0. The paper trains its thresholds by their gradient besides; that is rule learned, and left out
/// here.
/// </remarks>
/// <param name="Init">Th_init.</param>
/// <param name="Rho">ρ.</param>
public sealed record LeeThreshold(double Init, double Rho) : BatchwiseThreshold(Init)
{
    private static readonly Parameter RhoParameter = new(
        "threshold.regularization",
        ParameterType.NotNegative,
        1e-5,
        "Step size ρ. After each batch, a threshold moves by ρ·N for each spike that the neuron fires more "
            + "than the mean of its layer of N neurons, averaged over the batch."
    );

    /// <summary>Its entry in the sweep file.</summary>
    public static Method<ThresholdRule> Method { get; } =
        new(
            "lee_regularized",
            "neurons that fire more than the mean of their layer get a higher threshold, the others a lower one (Lee 2016).",
            [RhoParameter, .. ThresholdBounds.Parameters],
            set => new LeeThreshold(set.Real(InitParameter), set.Real(RhoParameter)) { Bounds = ThresholdBounds.From(set) }
        )
        {
            Requirements = ThresholdBounds.Requirements,
        };

    /// <inheritdoc/>
    public override double Next(double th, double spikes, double layerSpikes, int neurons, int samples) =>
        Math.Max(th + (Rho / samples * ((neurons * spikes) - layerSpikes)), 0);
}
