namespace Rouser.Core.Snn.Thresholds;

/// <summary>Thresholds go from where they start to where they should end, whatever happens (Eshraghian and Lu, arXiv 2201.11915, equation 5).</summary>
/// <remarks>
/// After each batch:
/// <code>
/// Th += α (Th_final − Th)
/// </code>
/// </remarks>
/// <param name="Init">Th_init.</param>
/// <param name="Final">Th_final.</param>
/// <param name="Rate">α, from 0 to 1.</param>
public sealed record AnnealedThreshold(double Init, double Final, double Rate) : ThresholdRule(Init);
