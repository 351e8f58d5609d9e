using System.Globalization;
using Rouser.Core.Parameters;
using Rouser.Snn;
using Rouser.Snn.Surrogates;
using Rouser.Snn.Thresholds;

namespace Rouser.Sweeps;

/// <summary>
/// Finds settings that are allowed and probably fail: whose gradient grows from step to step at the thresholds that
/// they start with (<see cref="GradientGrowth"/>), those that start outside their own bounds, and a threshold of 0, which
/// every neuron at rest meets. They are told, not refused: a sweep may be about them.
/// </summary>
internal static class GradientCheck
{
    /// <summary>Growth over all steps from which a setting is told of. Below it training goes on as if nothing were.</summary>
    private const double Notable = 1000;

    /// <summary>Settings that are looked at in each study and arm; a line for the first of them says enough.</summary>
    private const int MostSettings = 1000;

    private static readonly string[] LookedAt =
    [
        ThresholdRule.Family.Name,
        .. ThresholdRule.Family.Common.Concat(ThresholdBounds.Parameters).Select(p => p.Name),
        .. Surrogate.Family.Parameters.Concat(NeuronSettings.Parameters).Select(p => p.Name),
        "bptt.window",
        "dataset.steps",
        ParameterSchema.Engine,
    ];

    public static void Run(
        ParameterSet complete,
        IReadOnlyList<PlacedArm> arms,
        IReadOnlyList<PlacedStudy> studies,
        SourceLocation top,
        UserErrorList notes
    )
    {
        foreach (PlacedStudy study in studies)
        {
            Study looked = study.Study with { Over = [.. study.Study.Over.Where(varied => LookedAt.Contains(varied.Key))] };
            var findings = arms.Where(arm => study.Study.Arms.Contains(arm.Name))
                .SelectMany(arm =>
                {
                    ParameterSet armSet = complete.With(study.Study.Base).With(ParameterReader.ToSet(arm.Values));
                    return StudyGrid
                        .Settings(looked)
                        .Take(MostSettings)
                        .SelectMany(setting => Findings(armSet.With(setting.Overrides)))
                        .Select(finding => (arm.Name, finding.Kind, finding.Text));
                })
                .GroupBy(finding => finding.Kind);
            foreach (var kind in findings)
            {
                string[] names = [.. kind.Select(finding => finding.Name).Distinct()],
                    texts = [.. kind.Select(finding => finding.Text).Distinct()];
                string told = texts.Length > 1 ? Invariant($" (the first of {texts.Length} such settings)") : "";
                notes.Add(
                    study.Location ?? top,
                    $"{(names.Length == 1 ? "arm" : "arms")} {string.Join(", ", names)}: {texts[0]}{told}"
                );
            }
        }
    }

    private static IEnumerable<(string Kind, string Text)> Findings(ParameterSet set)
    {
        TrialSettings settings = TrialSettings.From(set);
        if (settings.Engine == EngineKind.Noop)
            yield break;
        (double init, ThresholdBounds bounds) = (settings.Threshold.Init, settings.Threshold.Bounds);
        if (bounds.Apply(init) is var within && within != init)
        {
            string bound = within < init ? "above threshold.ceiling" : "below threshold.floor";
            yield return (
                bound,
                Invariant($"threshold.init ({Shown(init)}) lies {bound} ({Shown(within)}), where the first update takes it")
            );
        }
        if (init == 0 && settings.Quantization == Quantization.None && !settings.Threshold.NeedsWholeBatch)
        {
            yield return (
                "at rest",
                "threshold.init is 0, where V ≥ Th makes neurons at rest fire at every step; lava-dl's fire only above 0 "
                    + "(docs/explanation/conventions.md)"
            );
        }
        double factor = GradientGrowth.LargestFactor(settings);
        int steps = Math.Min(settings.Dataset.Steps, settings.GradientWindow ?? int.MaxValue);
        if (PortableMath.Log(factor) * steps < PortableMath.Log(Notable))
            yield break;
        string growth = Invariant(
            $"each step back through the reset can make the gradient {factor:0.##} times larger, over {steps} steps"
        );
        if (settings.Neuron.Reset == ResetKind.Hard)
        {
            yield return (
                "hard reset",
                $"a hard reset with the full gradient: {growth}; training may leave the finite numbers. Set "
                    + "neuron.reset_gradient: none, as SLAYER 2.0 has it"
            );
        }
        else
        {
            // The edge is where the factor is 1, whatever units the rule takes its surrogate in.
            double edge = init * (1 + settings.Neuron.VoltageFactor) / (factor + settings.Neuron.VoltageFactor);
            yield return (
                "soft reset",
                Invariant(
                    $"threshold.init {Shown(init)} is above {edge:0.###}, the bound of this surrogate: {growth}; training may "
                ) + "leave the finite numbers. Lower it, or set neuron.reset_gradient: threshold"
            );
        }
    }

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);

    private static string Shown(double number) => new ParameterValue.Real(number).ToString();
}
