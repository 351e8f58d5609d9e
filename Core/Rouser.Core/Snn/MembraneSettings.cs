namespace Rouser.Core.Snn;

/// <summary>Whether b, the decay of the membrane potential per step, is trained.</summary>
public enum MembraneKind
{
    /// <summary>It is the same for all neurons and stays.</summary>
    Plain,

    /// <summary>b = 1 − sigmoid(w), so that it stays between 0 and 1 (PLIF; Fang et al. 2021, ICCV, equation 7: 1/τ = sigmoid(w)).</summary>
    Plif,

    /// <summary>b is trained as it is (DIET-SNN). An update that takes it out of [0, 1] ends at the border.</summary>
    Leak,
}

/// <summary>The decay of the membrane potential as a trained parameter.</summary>
/// <remarks>
/// gb_i = ∂L/∂b of neuron i, summed over steps and averaged over the batch, stands in <see cref="Reference.ReferenceLayer"/>. The parameter starts so that b is
/// <see cref="NeuronSettings.VoltageDecay"/>:
/// <code>
/// plif      b = 1 − σ(w)      ∂L/∂w = −b (1 − b) gb      σ(w) = 1/(1 + e^−w)
/// leak      b = w             ∂L/∂w = gb                 after the update, w ← min(max(w, 0), 1); DIET-SNN's code has the upper bound alone
/// </code>
/// A layer that shares one w adds up its neurons' gb. PLIF scales the input by 1/τ as well; that is left out, as with SpikingJelly's <c>decay_input=False</c>, so that a
/// trained decay is the only difference from a plain membrane.
/// </remarks>
/// <param name="Kind">How b comes from w.</param>
/// <param name="PerNeuron">Whether each neuron has a w of its own; else one per layer.</param>
/// <param name="LearningRate">Adam's learning rate for w.</param>
public sealed record MembraneSettings(MembraneKind Kind, bool PerNeuron, double LearningRate)
{
    /// <summary>Not trained.</summary>
    public static MembraneSettings Plain { get; } = new(MembraneKind.Plain, false, 0);

    /// <summary>b for w.</summary>
    public double Decay(double w) => Kind == MembraneKind.Plif ? 1 / (1 + PortableMath.Exp(w)) : w;

    /// <summary>db/dw, where b is known.</summary>
    public double Slope(double decay) => Kind == MembraneKind.Plif ? -decay * (1 - decay) : 1;

    /// <summary>w for b.</summary>
    public double Parameter(double decay) => Kind == MembraneKind.Plif ? PortableMath.Log((1 - decay) / decay) : decay;
}
