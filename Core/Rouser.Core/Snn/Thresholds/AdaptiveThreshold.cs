namespace Rouser.Core.Snn.Thresholds;

/// <summary>Every spike raises its neuron's threshold for a while (LSNN and SFA; Bellec et al. 2018; Yin, Corradi and Bohté 2020).</summary>
/// <remarks>
/// A[t] is 0 before the first step:
/// <code>
/// A[t] = ρ A[t−1] + (1 − ρ) S[t−1]      Th[t] = Th_init + β A[t]      S[t] = 1 if V[t] ≥ Th[t] else 0
/// </code>
/// A soft reset subtracts Th[t], the threshold that was crossed. Backward, with gTh[t] = ∂L/∂Th[t] as <see cref="Reference.ReferenceLayer"/> has it:
/// <code>
/// gA[t] = ρ gA[t+1] + β gTh[t]          ∂L/∂S[t] gains (1 − ρ) gA[t+1], whatever the reset's gradient follows
/// </code>
/// Th_init is not trained, and it is what the thresholds are reported as.
/// </remarks>
/// <param name="Init">Th_init.</param>
/// <param name="Rho">ρ, the decay of the adaptation per step, below 1.</param>
/// <param name="Beta">β, its strength.</param>
public sealed record AdaptiveThreshold(double Init, double Rho, double Beta) : ThresholdRule(Init);
