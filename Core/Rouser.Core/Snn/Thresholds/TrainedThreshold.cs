namespace Rouser.Core.Snn.Thresholds;

/// <summary>A threshold that follows its gradient: a function of a parameter p that Adam moves.</summary>
/// <remarks>
/// With g_i = ∂L/∂Th_i of neuron i, summed over steps and averaged over the batch:
/// <code>
/// Th_i = f(p)      ∂L/∂p = f′(p) · g_i          if every neuron has a p of its own
///                  ∂L/∂p = f′(p) · Σ_i g_i      if the layer shares one
/// </code>
/// The norm that an epoch reports is that of ∂L/∂p.
/// </remarks>
/// <param name="Init">Th_init; p starts at f⁻¹(Th_init).</param>
/// <param name="LearningRate">lr_Th, Adam's learning rate for p.</param>
public abstract record TrainedThreshold(double Init, double LearningRate) : ThresholdRule(Init)
{
    /// <summary>Whether the neurons of a layer share one p.</summary>
    public abstract bool PerLayer { get; }

    /// <summary>
    /// Whether the surrogate sees V/Th − 1 in place of V − Th, see <see cref="Surrogates.Surrogate"/>: its width then follows the threshold, which has to stay positive.
    /// </summary>
    public virtual bool IsRelative => false;

    /// <summary>Whether p is the threshold itself, f(p) = p: then no tensor keeps p beside the thresholds.</summary>
    public virtual bool IsDirect => true;

    /// <summary>f(p), the threshold.</summary>
    public virtual double Threshold(double p) => p;

    /// <summary>f′(p).</summary>
    public virtual double Slope(double p) => 1;

    /// <summary>f⁻¹(Th).</summary>
    public virtual double Parameter(double threshold) => threshold;
}
