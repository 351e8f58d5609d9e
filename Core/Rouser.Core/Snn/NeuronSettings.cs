namespace Rouser.Core.Snn;

/// <summary>What happens to the membrane potential after a spike.</summary>
public enum ResetKind
{
    /// <summary>The threshold is subtracted (paper, equation 2).</summary>
    Soft,

    /// <summary>The carried potential is set to 0 (SLAYER 2.0).</summary>
    Hard,
}

/// <summary>When a layer sees the spikes of the one below and a neuron its own current.</summary>
public enum CouplingKind
{
    /// <summary>Current one step after the spike, potential one step after the current: two steps a layer (paper, equations 1 and 2).</summary>
    Delayed,

    /// <summary>Current and potential in the step of the input spike, the output handed on one step later (SLAYER 2.0).</summary>
    SameStep,
}

/// <summary>Which paths through the reset the gradient follows. <c>Reference/ReferenceLayer.cs</c> states the equations for both resets.</summary>
public enum ResetGradientKind
{
    /// <summary>None: the reset is a constant (SLAYER 2.0).</summary>
    None,

    /// <summary>
    /// To the threshold, but not to the spike that caused the reset. A hard reset has no threshold in it: there the gradient follows the potential
    /// that the reset sets to 0, so that none passes back over a spike.
    /// </summary>
    Threshold,

    /// <summary>To the threshold and to the spike that caused the reset.</summary>
    Full,
}

/// <summary>The CUBA-LIF neuron (paper 1.1).</summary>
/// <param name="CurrentDecay">1/τ_i, the multiplier of the current per step.</param>
/// <param name="VoltageDecay">1/τ_v, the multiplier of the membrane potential per step.</param>
/// <param name="Reset">What happens to the potential after a spike.</param>
/// <param name="Coupling">When input and current take effect.</param>
/// <param name="ResetGradient">Which paths through the reset the gradient follows.</param>
public sealed record NeuronSettings(double CurrentDecay, double VoltageDecay, ResetKind Reset, CouplingKind Coupling, ResetGradientKind ResetGradient)
{
    /// <summary>Whether <see cref="VoltageDecay"/> is where b stays, or where its training starts.</summary>
    public MembraneSettings Membrane { get; init; } = MembraneSettings.Plain;
}
