namespace Rouser.Core.Snn.Thresholds;

/// <summary>
/// A threshold per layer and step that follows the potentials of the batch, and a surrogate as wide as they spread (DS-ATGO; arXiv 2511.13050 and its authors' code).
/// </summary>
/// <remarks>
/// In each layer and at each step, with the mean m[t] and the standard deviation σ[t] (divisor n − 1) of the n = B·N potentials V[t] of the batch and the layer. Both are
/// constants to the gradient:
/// <code>
/// training      Th[t] = f (m[t] + σ[t])      run[t] ← μ run[t] + (1 − μ) Th[t], from Th_init
/// evaluation    Th[t] = run[t]
/// surrogate     its width τ becomes κ[t] τ, its scale s stays: (s/(κτ)) g((V − Th)/(κτ)),      κ[t] = 1 + tanh(σ[t] − 1)
/// </code>
/// Where σ[t] is 0, all potentials are the same and there is nothing to adapt to, as in the steps before the first input arrives: there Th[t] = run[t], run[t] stays, and
/// κ[t] = 1 + tanh(−1). Otherwise every neuron of a resting layer, V = 0 ≥ Th = 0, would fire.
/// <para>
/// The paper has f = 1, μ = 0.9, run from 1, a hard reset and the rectangle of τ = 1 and s = 1, so of width κ and height 1/κ. A threshold is reported as the mean of run
/// over the steps. run is part of the layer's state as the tensor <c>thresholds.running</c>, <c>[T]</c>.
/// </para>
/// </remarks>
/// <param name="Init">Th_init, where run starts.</param>
/// <param name="Factor">f.</param>
/// <param name="Momentum">μ.</param>
public sealed record DsAtgoThreshold(double Init, double Factor, double Momentum) : ThresholdRule(Init)
{
    /// <summary>κ for the standard deviation σ.</summary>
    public static double Width(double deviation)
    {
        double e = PortableMath.Exp(-2 * Math.Abs(deviation - 1));
        return 1 + Math.CopySign((1 - e) / (1 + e), deviation - 1);
    }
}
