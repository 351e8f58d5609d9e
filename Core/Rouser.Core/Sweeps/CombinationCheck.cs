using Rouser.Core.Parameters;
using Rouser.Core.Snn;
using Rouser.Core.Snn.Membranes;
using Rouser.Core.Snn.Thresholds;

namespace Rouser.Core.Sweeps;

/// <summary>Finds values that are each allowed, but not together.</summary>
internal static class CombinationCheck
{
    /// <summary>What <see cref="Of"/> looks at: other parameters that a study varies make its settings many, and no difference here.</summary>
    private static readonly HashSet<string> Looked =
    [
        "threshold.rule", "threshold.init", "threshold.final", "threshold.bound", "neuron.membrane", "neuron.voltage_decay", "neuron.reset", "regularizer.kind",
        "network.hidden", "quantize", "batch_size", ParameterSchema.Engine,
    ];

    /// <summary>Checks every setting of every study and arm. A mistake stands where the value that it names was given, or at its arm or study.</summary>
    public static void Run(ParameterSet complete, IReadOnlyList<PlacedValue> baseValues, IReadOnlyList<PlacedArm> arms, IReadOnlyList<PlacedStudy> studies, Place top, MistakeList mistakes)
    {
        foreach (PlacedStudy study in studies)
        {
            List<StudySetting> settings = [.. StudyGrid.Settings(study.Study with { Over = [.. study.Study.Over.Where(varied => Looked.Contains(varied.Key))] })];
            foreach (PlacedArm arm in arms.Where(arm => study.Study.Arms.Contains(arm.Name)))
            {
                ParameterSet armSet = complete.With(study.Study.Base).With(ParameterReader.ToSet(arm.Values));
                foreach (StudySetting setting in settings)
                {
                    ParameterSet set = armSet.With(setting.Overrides);
                    foreach ((string name, string message) in Of(set))
                        mistakes.Add(PlaceOf(name, set.Find(name)!, study, arm, baseValues) ?? study.Place ?? top, $"{message} (arm '{arm.Name}')");
                }
            }
        }
    }

    /// <summary>What is wrong with these values: the parameter to point at, and why.</summary>
    internal static IEnumerable<(string Name, string Message)> Of(ParameterSet set)
    {
        string rule = set.Find("threshold.rule")!.ToString();
        if (rule == "annealed" && set.Find("threshold.final") is not ParameterValue.Real)
        {
            yield return ("threshold.rule", "threshold.rule annealed has no end to go to; give threshold.final");
            yield break;
        }
        TrialSettings settings = TrialSettings.From(set);
        double init = settings.Threshold.Init;
        if (settings.Threshold is LtmdThreshold ltmd && init >= ltmd.Bound)
            yield return ("threshold.init", $"threshold.init ({set.Find("threshold.init")}) must be below threshold.bound ({set.Find("threshold.bound")}), which the threshold of rule ltmd cannot reach");
        if (settings.Threshold is TrainedThreshold { IsRelative: true } && init <= 0)
            yield return ("threshold.init", $"threshold.init (0) must be positive for threshold.rule {rule}, whose surrogate divides by the threshold");
        if (settings.Threshold is DsAtgoThreshold && settings.BatchSize == 1)
            yield return ("batch_size", "batch_size (1) is too small for threshold.rule ds_atgo, whose thresholds are statistics over a batch; give 2 or more");
        if (settings.Threshold is DietThreshold && set.Find("neuron.membrane")!.ToString() == "plif")
            yield return ("neuron.membrane", "neuron.membrane plif has no place beside threshold.rule diet, which learns the leak itself; use plain");
        if (settings.Neuron.Membrane is PlifMembrane && settings.Neuron.VoltageDecay is 0 or 1)
            yield return ("neuron.voltage_decay", $"neuron.voltage_decay ({set.Find("neuron.voltage_decay")}) must lie between 0 and 1 for neuron.membrane plif, whose sigmoid never gets there");
        if (settings.Regularizer is not null && settings.Hidden.Count == 0)
            yield return ("regularizer.kind", "regularizer.kind activity acts on hidden layers, and network.hidden is []");
        if (settings.Quantization == Quantization.Lava && settings.Neuron.Reset != ResetKind.Hard)
            yield return ("quantize", "quantize: lava needs neuron.reset: hard, the only reset that lava-dl has");
        if (settings.Quantization == Quantization.Lava && settings.Threshold is AdaptiveThreshold or DsAtgoThreshold)
            yield return ("quantize", $"quantize: lava rounds thresholds that stand still during a batch, which those of threshold.rule {rule} do not");
        if (settings.Engine == EngineKind.Torch && TorchLacks(settings, rule) is { } lacks)
            yield return (ParameterSchema.Engine, $"engine torch does not offer {lacks}; use engine fused");
    }

    private static string? TorchLacks(TrialSettings settings, string rule) =>
        settings.Threshold is DsAtgoThreshold or AdaptiveThreshold ? $"threshold.rule {rule}"
        : settings.Neuron.Membrane is TrainedMembrane ? "a trained leak (neuron.membrane plif, threshold.rule diet)"
        : settings.Quantization != Quantization.None ? "quantize: lava"
        : null;

    private static Place? PlaceOf(string name, ParameterValue given, PlacedStudy study, PlacedArm arm, IReadOnlyList<PlacedValue> baseValues)
    {
        if (study.Over.FirstOrDefault(v => v.Parameter.Name == name) is { } varied) return varied.Place;
        foreach (PlacedValue value in study.Points.SelectMany(p => p).Concat(arm.Values).Concat(baseValues))
        {
            if (value.Parameter.Name == name && value.Value == given) return value.Place;
        }
        return null;
    }
}
