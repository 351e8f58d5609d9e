namespace Rouser.Snn.Reference;

/// <summary>
/// A layer's thresholds in double precision: what a rule does within a sample and after a batch. As it is here, a
/// threshold stays; each rule that moves it overrides what it changes, in its own file, beside its equations.
/// </summary>
internal class ReferenceThreshold(ReferenceLayer layer)
{
    /// <summary>A running average over batches, <c>[T]</c>, if the rule keeps one.</summary>
    public virtual double[] Running => [];

    /// <summary>Backward: what ∂L/∂S[t] of a neuron gains through thresholds of later steps.</summary>
    public virtual double ToSpike(int i) => 0;

    /// <summary>The thresholds between batches, before any rounding, <c>[out]</c>.</summary>
    protected double[] Th => layer.Th;

    /// <summary>Forward: a batch begins.</summary>
    public virtual void Start(int samples) { }

    /// <summary>Forward: the potentials of step <paramref name="t"/> are there, in all samples.</summary>
    /// <param name="traces">The samples.</param>
    /// <param name="t">The step.</param>
    /// <param name="isTraining">Whether the batch trains.</param>
    /// <param name="given">See <see cref="ReferenceLayer.Forward"/>.</param>
    public virtual void Step(ReferenceTrace[] traces, int t, bool isTraining, BatchStatistics? given) { }

    /// <summary>Forward: the threshold that neuron <paramref name="i"/> meets at step <paramref name="t"/>.</summary>
    public virtual double At(int sample, int t, int i) => layer.Effective(Th[i]);

    /// <summary>Forward: a neuron did or did not spike at the step.</summary>
    public virtual void Spiked(int sample, int i, double S) { }

    /// <summary>What the surrogate's width is multiplied by at a step.</summary>
    public virtual double WidthAt(ReferenceTrace trace, int t) => 1;

    /// <summary>
    /// Backward: nothing passes back to the steps that follow now; also said before the last step.
    /// </summary>
    public virtual void Cut() { }

    /// <summary>Backward: ∂L/∂Th[t] of a neuron is known.</summary>
    public virtual void Back(int i, double gTh) { }

    /// <summary>∂L/∂p of what the rule trains from ∂L/∂Th; empty where it trains nothing.</summary>
    public virtual double[] Gradient(double[] gTh) => [];

    /// <summary>Moves the layer's thresholds after a batch.</summary>
    /// <param name="gTh">∂L/∂Th of the mean loss, <c>[out]</c>.</param>
    /// <param name="traces">What the layer did on each sample of the batch.</param>
    /// <param name="rateFactor">The schedule's factor of learning rates.</param>
    public virtual void Update(double[] gTh, IReadOnlyList<ReferenceTrace> traces, double rateFactor) { }
}
