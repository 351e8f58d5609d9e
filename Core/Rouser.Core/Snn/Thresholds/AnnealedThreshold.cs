namespace Rouser.Core.Snn.Thresholds;

/// <summary>Thresholds go from where they start to where they should end, whatever happens (Eshraghian and Lu, arXiv 2201.11915, equation 4).</summary>
/// <remarks>
/// After each batch:
/// <code>
/// Th += α (Th_final − Th)
/// </code>
/// The authors' code searches α between 1.4·10⁻⁵ and 0.17, and both ends of the way per layer; here all layers go the same way.
/// </remarks>
/// <param name="Init">Th_init.</param>
/// <param name="Final">Th_final.</param>
/// <param name="Rate">α, from 0 to 1.</param>
public sealed record AnnealedThreshold(double Init, double Final, double Rate) : ThresholdRule(Init);
