namespace Rouser.Core.Snn.Thresholds;

/// <summary>Neurons that fire more than the others of their layer get a higher threshold, the rest a lower one (Lee, Delbruck and Pfeiffer 2016, Frontiers in Neuroscience 10:508, threshold regularisation).</summary>
/// <remarks>
/// The paper, at each input spike upon which N_w of the layer's N neurons fire: the winners Th_i += ρN, then all Th_i −= ρN_w. Summed over the steps of a sample and
/// averaged over a batch of B, because here a threshold stands still during a batch:
/// <code>
/// Th_i += (ρ/B) Σ_b (N n_i^b − Σ_j n_j^b)      n_i^b: spikes of neuron i in sample b
/// </code>
/// The mean threshold of a layer does not change, unless a threshold would fall below 0, where a neuron would fire at rest: it stays at 0. The paper trains its thresholds
/// by their gradient besides; that is rule learned, and left out here.
/// </remarks>
/// <param name="Init">Th_init.</param>
/// <param name="Rho">ρ.</param>
public sealed record LeeThreshold(double Init, double Rho) : ThresholdRule(Init);
