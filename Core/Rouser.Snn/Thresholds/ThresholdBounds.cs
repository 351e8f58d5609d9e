using Rouser.Core.Parameters;

namespace Rouser.Snn.Thresholds;

/// <summary>The range that thresholds are kept in as they move.</summary>
/// <remarks>
/// After each update a threshold that left the range is put back on its edge, and the trained parameter behind it with
/// it; the optimiser's moments stay as they are. Where thresholds start is not moved before the first update.
/// <para>
/// <c>auto</c> is the range in which no step back through a soft reset makes the full gradient larger
/// (<see cref="GradientGrowth"/>), a hundredth away from its upper edge; and, because a threshold of 0 fires at rest, the
/// same hundredth above 0:
/// <code>
/// ceiling = 0.99 (1 + b)/h      floor = 0.01 (1 + b)/h      h: the surrogate's height, s/τ
/// </code>
/// Where the gradient does not pass through a soft reset to the spike, nothing grows, and there is no ceiling.
/// </para>
/// </remarks>
/// <param name="Floor">The lowest threshold; null for no bound.</param>
/// <param name="Ceiling">The highest; null for none.</param>
public readonly record struct ThresholdBounds(double? Floor, double? Ceiling)
{
    private const double Margin = 0.01;

    /// <summary>The lowest threshold.</summary>
    public static Parameter FloorParameter { get; } =
        new(
            "threshold.floor",
            new ParameterType.Real(0, OrNone: true, OrAuto: true),
            ParameterType.None,
            "Lowest threshold: one that an update takes below it is put back. `auto`: 0.01·(1 + b)·τ/s with b "
                + "the `neuron.voltage_factor`; docs/reference/methods.md#bounds says where it comes from."
        )
        {
            Auto = set => Margin * Edge(set),
            Neutral = new ParameterValue.Text(ParameterType.None),
            SilentDefault = true,
        };

    /// <summary>The highest threshold.</summary>
    public static Parameter CeilingParameter { get; } =
        new(
            "threshold.ceiling",
            new ParameterType.Real(0, Above: true, OrNone: true, OrAuto: true),
            ParameterType.None,
            "Highest threshold, likewise. `auto`: 0.99·(1 + b)·τ/s, above which the gradient through a soft reset "
                + "grows from step to step; no bound for other resets and gradients."
        )
        {
            Auto = set => NeuronSettings.From(set).FollowsSoftReset ? (1 - Margin) * Edge(set) : null,
            Neutral = new ParameterValue.Text(ParameterType.None),
            SilentDefault = true,
        };

    /// <summary>Both parameters, for the rules that move thresholds.</summary>
    public static IReadOnlyList<Parameter> Parameters => [FloorParameter, CeilingParameter];

    /// <summary>Whether there is a bound.</summary>
    public bool Any => Floor is not null || Ceiling is not null;

    /// <summary>From a trial's values.</summary>
    public static ThresholdBounds From(ParameterSet set) => new(Read(set, FloorParameter), Read(set, CeilingParameter));

    /// <summary>A threshold within the bounds.</summary>
    public double Apply(double threshold) =>
        Math.Max(Math.Min(threshold, Ceiling ?? threshold), Floor ?? double.NegativeInfinity);

    /// <summary>What a rule asks that has bounds: that they leave a range, and are numbers where <c>auto</c> is none.</summary>
    public static IReadOnlyList<Requirement> Requirements { get; } =
    [
        new(FloorParameter.Name, set => NoAuto(set, FloorParameter)),
        new(CeilingParameter.Name, set => NoAuto(set, CeilingParameter)),
        new(
            FloorParameter.Name,
            set =>
                From(set) is { Floor: { } floor, Ceiling: { } ceiling } && floor >= ceiling
                    ? $"threshold.floor ({new ParameterValue.Real(floor)}) must be below threshold.ceiling "
                        + $"({new ParameterValue.Real(ceiling)})"
                    : null
        )
        {
            Also =
            [
                CeilingParameter,
                NeuronSettings.VoltageFactorParameter,
                Surrogates.Surrogate.TauParameter,
                Surrogates.Surrogate.ScaleParameter,
            ],
        },
    ];

    private static double? Read(ParameterSet set, Parameter parameter) =>
        set.FindReal(parameter) ?? (set.FindText(parameter) == ParameterType.Auto ? parameter.Auto!(set) : null);

    private static double Edge(ParameterSet set) =>
        GradientGrowth.HighestThreshold(set.Real(NeuronSettings.VoltageFactorParameter), Surrogates.Surrogate.Family.Build(set));

    private static string? NoAuto(ParameterSet set, Parameter parameter) =>
        set.FindText(parameter) == ParameterType.Auto && ThresholdRule.Family.Build(set).IsRelative
            ? $"{parameter.Name} cannot be auto for threshold.rule {set.ValueOf(ThresholdRule.Family.Selector)}, whose surrogate's "
                + "width follows the threshold, so that no bound on thresholds bounds the gradient; give a number or none"
            : null;
}
