using Rouser.Core.Parameters;
using Rouser.Snn.Currents;
using Rouser.Snn.Membranes;
using Rouser.Snn.Thresholds;

namespace Rouser.Snn.Heterogeneities;

/// <summary>Which decays neurons differ in.</summary>
public enum HeterogeneousDecays
{
    /// <summary>Of the current and of the potential, drawn independently.</summary>
    Both,

    /// <summary>b alone.</summary>
    Voltage,

    /// <summary>a alone.</summary>
    Current,
}

/// <summary>
/// How neurons differ in their decays before training (Perez-Nieves et al. 2021, Nature Communications 12, 5791). What is
/// drawn is where a trained decay starts, and where another stays.
/// </summary>
/// <param name="Of">Which decays.</param>
public abstract record Heterogeneity(HeterogeneousDecays Of)
{
    /// <summary>What a decay that is drawn never leaves.</summary>
    public const double Smallest = 0.0001,
        Largest = 0.9999;

    /// <summary>Which decays are drawn.</summary>
    private protected static Parameter OfParameter { get; } =
        new(
            "neuron.heterogeneity_of",
            ParameterType.EnumChoice<HeterogeneousDecays>(),
            "both",
            "Which decays are drawn.\n`both`: of the current and of the potential, independently.\n`voltage`, `current`: one of them."
        );

    /// <summary>All draws, and none: a new one is its file and a line here.</summary>
    public static MethodFamily<Heterogeneity?> Family { get; } =
        new(
            "neuron.heterogeneity",
            ParameterType.None,
            "How neurons differ in their decays before training. Draws follow the trial's seed.\n{0}",
            () =>
                [
                    new(ParameterType.None, "all start from the same decays.", [], _ => null),
                    UniformHeterogeneity.Method,
                    GammaHeterogeneity.Method,
                ]
        )
        {
            IsOpen = false,
            SilentDefault = true,
        };

    /// <summary>The decays of a layer's potentials before training, <c>[N]</c>.</summary>
    public static double[] VoltageFactors(TrainingSettings settings, int layer) =>
        Factors(settings, layer, settings.Neuron.VoltageFactor, HeterogeneousDecays.Voltage);

    /// <summary>The decays of its currents.</summary>
    public static double[] CurrentFactors(TrainingSettings settings, int layer) =>
        Factors(settings, layer, settings.Neuron.CurrentFactor, HeterogeneousDecays.Current);

    /// <summary>Whether decays of a kind are drawn.</summary>
    public bool Draws(HeterogeneousDecays kind) => Of == HeterogeneousDecays.Both || Of == kind;

    /// <summary>Draws the decay of a neuron around <paramref name="middle"/>.</summary>
    protected abstract double Draw(RandomStream random, double middle);

    /// <summary>What all draws ask of the other values.</summary>
    private protected static IReadOnlyList<Requirement> Requirements { get; } =
    [
        Lies(NeuronSettings.VoltageFactorParameter, HeterogeneousDecays.Voltage),
        Lies(NeuronSettings.CurrentFactorParameter, HeterogeneousDecays.Current),
        new(
            Membrane.Family.Name,
            set =>
                IsDrawn(set, HeterogeneousDecays.Voltage)
                && ThresholdRule.Family.Build(set).MembraneFor(set) is TrainedMembrane { PerNeuron: false }
                    ? "neuron.heterogeneity draws a leak for each neuron, but one that is trained per layer is shared; "
                        + "give neuron.membrane_per neuron, heterogeneity_of current, or a rule other than diet"
                    : null
        ),
        new(
            Current.Family.Name,
            set =>
                IsDrawn(set, HeterogeneousDecays.Current) && Current.Family.Build(set) is TrainedCurrent { PerNeuron: false }
                    ? "neuron.heterogeneity draws a decay of the current for each neuron, but one that is trained per layer is "
                        + "shared; give neuron.current_per neuron, or heterogeneity_of voltage"
                    : null
        ),
    ];

    private static bool IsDrawn(ParameterSet set, HeterogeneousDecays kind) => Family.Build(set)?.Draws(kind) == true;

    private static Requirement Lies(Parameter factor, HeterogeneousDecays kind) =>
        new(
            factor.Name,
            set =>
                IsDrawn(set, kind) && set.Real(factor) is < Smallest or > Largest
                    ? $"{factor.Name} ({set.ValueOf(factor)}) must lie between 0.0001 and 0.9999 where neuron.heterogeneity draws around it"
                    : null
        );

    private static double[] Factors(TrainingSettings settings, int layer, double middle, HeterogeneousDecays kind)
    {
        double[] factors = new double[settings.LayerSizes[layer - 1]];
        Array.Fill(factors, middle);
        if (settings.Neuron.Heterogeneity is not { } heterogeneity || !heterogeneity.Draws(kind))
            return factors;
        string word = kind == HeterogeneousDecays.Voltage ? "voltage" : "current";
        RandomStream random = new(settings.Seed, $"decays/{word}/{layer}");
        foreach (ref double factor in factors.AsSpan())
            factor = Math.Clamp(heterogeneity.Draw(random, middle), Smallest, Largest);
        return factors;
    }
}
