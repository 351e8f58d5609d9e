namespace Rouser.Core.Snn.Thresholds;

/// <summary>
/// How a layer's firing thresholds come about and change. Each rule's file states its equations, once; <see cref="Reference.ReferenceLayer"/> follows them in
/// double precision, and every engine is held against that.
/// </summary>
/// <param name="Init">Th_init, every neuron's threshold before training.</param>
public abstract record ThresholdRule(double Init);
