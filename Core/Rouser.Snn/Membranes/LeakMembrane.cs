namespace Rouser.Snn.Membranes;

/// <summary>
/// b is trained as it is (DIET-SNN). An update that takes it out of [0, 1] ends at the border; DIET-SNN's code has
/// the upper bound alone.
/// </summary>
/// <remarks>
/// <code>
/// b = w      ∂L/∂w = gb      after the update, w ← min(max(w, 0), 1)
/// </code>
/// No word names it: rule <c>diet</c> brings it along.
/// </remarks>
/// <param name="PerNeuron">Whether each neuron has a w of its own; else one per layer.</param>
/// <param name="LearningRate">The learning rate of w.</param>
public sealed record LeakMembrane(bool PerNeuron, double LearningRate) : TrainedMembrane(PerNeuron, LearningRate)
{
    /// <inheritdoc/>
    public override double Decay(double w) => w;

    /// <inheritdoc/>
    public override double Slope(double decay) => 1;

    /// <inheritdoc/>
    public override double Parameter(double decay) => decay;

    /// <inheritdoc/>
    public override double Bounded(double w) => Math.Clamp(w, 0, 1);
}
