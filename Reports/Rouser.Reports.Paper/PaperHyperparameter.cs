using Rouser.Core.Parameters;
using Rouser.Snn.Optimizers;
using Rouser.Snn.Surrogates;
using Rouser.Snn.Thresholds;
using Rouser.Sweeps;

namespace Rouser.Reports.Paper;

/// <summary>A hyperparameter that the paper states, in its Table 2 or its text.</summary>
/// <param name="Meaning">What it is; empty for what Table 2 does not list.</param>
/// <param name="Symbol">The paper's symbol; empty for none.</param>
/// <param name="Parameter">The parameter here.</param>
/// <param name="Values">What the paper has for it, any of these.</param>
internal sealed record PaperHyperparameter(
    string Meaning,
    string Symbol,
    Parameter Parameter,
    IReadOnlyList<ParameterValue> Values
)
{
    /// <summary>What a table prints for the paper.</summary>
    public string Printed { get; private init; } = string.Join(" · ", Values);

    /// <summary>Where thresholds start; on DVS128 Gesture there are more.</summary>
    public static PaperHyperparameter InitialThreshold { get; } =
        new("initial threshold", "Th_init", ThresholdRule.InitParameter, Reals(1.25, 0.25))
        {
            Printed = $"1.25 · 0.25 (DVS128 also {string.Join(" · ", PaperDataset.Dvs128.OtherThresholds)})",
        };

    /// <summary>All of them, in the order of Table 2; then what the text adds.</summary>
    public static IReadOnlyList<PaperHyperparameter> All { get; } =
    [
        InitialThreshold,
        new("current decay per step", "1/τ_i", Declared("neuron.current_factor"), Reals(0.75)),
        new("voltage decay per step", "1/τ_v", Declared("neuron.voltage_factor"), Reals(0.97)),
        new("width of the surrogate", "τ", Surrogate.TauParameter, Reals(3.75, 3)),
        new("scale of the surrogate", "s", Surrogate.ScaleParameter, Reals(1.5, 3)),
        new("learning rate", "lr", Optimizer.LearningRateParameter, Reals(0.001)),
        new("threshold learning rate", "lr_Th", TrainedThreshold.LearningRateParameter, Reals(0, 0.001, 0.01)),
        new("optimiser", "", Declared("optimizer.kind"), Words("adam")),
        // Kaiming is all that the paper says, and both of ours are that.
        new("weight initialisation", "", Declared("weights.init"), Words("kaiming_uniform", "kaiming_normal"))
        {
            Printed = "Kaiming",
        },
        new("reset", "", Declared("neuron.reset"), Words("soft")),
        new("coupling", "", Declared("neuron.coupling"), Words("delayed")),
        new("surrogate", "", Declared("surrogate.kind"), Words("exponential")),
        new("loss", "", Declared("loss.kind"), Words("van_rossum")),
        new("", "", ThresholdRule.Family.Selector, Words("fixed", "learned")),
    ];

    /// <summary>What the paper states of a parameter; null if it says nothing of it.</summary>
    public static PaperHyperparameter? Find(string parameter) => All.FirstOrDefault(h => h.Parameter.Name == parameter);

    private static Parameter Declared(string name) => ParameterSchema.Declared(name);

    private static ParameterValue[] Reals(params double[] values) => [.. values.Select(v => new ParameterValue.Real(v))];

    private static ParameterValue[] Words(params string[] values) => [.. values.Select(v => new ParameterValue.Text(v))];
}
