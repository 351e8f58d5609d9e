using Rouser.Core.Parameters;
using Rouser.Snn.Currents;
using Rouser.Snn.Heterogeneities;
using Rouser.Snn.Membranes;

namespace Rouser.Snn;

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
    /// <summary>
    /// Current one step after the spike, potential one step after the current: two steps a layer (paper, equations 1
    /// and 2).
    /// </summary>
    Delayed,

    /// <summary>
    /// Current and potential in the step of the input spike, the output handed on one step later (SLAYER 2.0).
    /// </summary>
    SameStep,
}

/// <summary>
/// Which paths through the reset the gradient follows. <c>Reference/ReferenceLayer.cs</c> states the equations for
/// both resets.
/// </summary>
public enum ResetGradientKind
{
    /// <summary>None: the reset is a constant (SLAYER 2.0).</summary>
    None,

    /// <summary>
    /// To the threshold, but not to the spike that caused the reset. A hard reset has no threshold in it: there the
    /// gradient follows the potential that the reset sets to 0, so that none passes back over a spike.
    /// </summary>
    Threshold,

    /// <summary>To the threshold and to the spike that caused the reset.</summary>
    Full,

    /// <summary>The same, but the path to the spike is cut short where a step would make the gradient larger.</summary>
    Clipped,
}

/// <summary>The CUBA-LIF neuron (paper 1.1).</summary>
/// <param name="CurrentFactor">1/τ_i, the multiplier of the current per step.</param>
/// <param name="VoltageFactor">1/τ_v, the multiplier of the membrane potential per step.</param>
/// <param name="Reset">What happens to the potential after a spike.</param>
/// <param name="Coupling">When input and current take effect.</param>
/// <param name="ResetGradient">Which paths through the reset the gradient follows.</param>
public sealed record NeuronSettings(
    double CurrentFactor,
    double VoltageFactor,
    ResetKind Reset,
    CouplingKind Coupling,
    ResetGradientKind ResetGradient
)
{
    /// <summary>What happens after a spike, which some methods look at.</summary>
    internal static Parameter ResetParameter { get; } =
        new(
            "neuron.reset",
            ParameterType.EnumChoice<ResetKind>(),
            "soft",
            "What happens to the potential after a spike.\n`soft`: the threshold is subtracted (paper, equation "
                + "2).\n`hard`: it is set to 0 (SLAYER 2.0)."
        );

    private static readonly Parameter CouplingParameter = new(
        "neuron.coupling",
        ParameterType.EnumChoice<CouplingKind>(),
        "delayed",
        "When an input spike takes effect.\n`delayed`: the current changes one step after the spike, and the "
            + "potential one step after the current (paper, equations 1 and 2).\n`same_step`: both change at once, "
            + "and the output spike leaves one step later (SLAYER 2.0)."
    );

    private static readonly Parameter ResetGradientParameter = new(
        "neuron.reset_gradient",
        ParameterType.EnumChoice<ResetGradientKind>(),
        "full",
        "Paths through the reset that the gradient follows.\n`none`: none of them (SLAYER "
            + "2.0).\n`threshold`: the path to the threshold.\n`full`: the paths to the threshold and to the spike.\n"
            + "`clipped`: both, the latter only so far that no step back makes the gradient by the potential larger."
    );

    /// <summary>The parameters of a sweep file, those of the membranes included.</summary>
    public static IEnumerable<Parameter> Parameters =>
        [
            CurrentFactorParameter,
            VoltageFactorParameter,
            ResetParameter,
            CouplingParameter,
            ResetGradientParameter,
            .. Membrane.Family.Parameters,
            .. Current.Family.Parameters,
            .. Heterogeneity.Family.Parameters,
        ];

    /// <summary>Whether <see cref="VoltageFactor"/> is where b stays, or where its training starts.</summary>
    public Membrane Membrane { get; init; } = new PlainMembrane();

    /// <summary>Whether <see cref="CurrentFactor"/> is where a stays, or where its training starts.</summary>
    public Current Current { get; init; } = new PlainCurrent();

    /// <summary>How neurons differ in their decays before training; null where they do not.</summary>
    public Heterogeneity? Heterogeneity { get; init; }

    /// <summary>1/τ_i, which some methods look at.</summary>
    internal static Parameter CurrentFactorParameter { get; } =
        new(
            "neuron.current_factor",
            ParameterType.Share,
            0.75,
            "Factor that multiplies a neuron's current at each step, 1/τ_i in the paper. lava-dl's "
                + "`current_decay` is 1 minus this value."
        )
        {
            FormerName = "neuron.current_decay",
        };

    /// <summary>1/τ_v, which some methods look at.</summary>
    internal static Parameter VoltageFactorParameter { get; } =
        new(
            "neuron.voltage_factor",
            ParameterType.Share,
            0.97,
            "Factor that multiplies the membrane potential at each step, 1/τ_v in the paper. lava-dl's "
                + "`voltage_decay` is 1 minus this value."
        )
        {
            FormerName = "neuron.voltage_decay",
        };

    /// <summary>Whether the gradient passes through a soft reset back to the spike.</summary>
    internal bool FollowsSoftReset => Reset == ResetKind.Soft && ResetGradient == ResetGradientKind.Full;

    /// <summary>From a trial's values.</summary>
    public static NeuronSettings From(ParameterSet set) =>
        new(
            set.Real(CurrentFactorParameter),
            set.Real(VoltageFactorParameter),
            set.Choice<ResetKind>(ResetParameter),
            set.Choice<CouplingKind>(CouplingParameter),
            set.Choice<ResetGradientKind>(ResetGradientParameter)
        )
        {
            Membrane = Membrane.Family.Build(set),
            Current = Current.Family.Build(set),
            Heterogeneity = Heterogeneity.Family.Build(set),
        };
}
