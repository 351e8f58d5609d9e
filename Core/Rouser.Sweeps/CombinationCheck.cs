using Rouser.Core.Parameters;
using Rouser.Data;
using Rouser.Snn;
using Rouser.Snn.Layers;
using Rouser.Snn.Thresholds;

namespace Rouser.Sweeps;

/// <summary>
/// Finds values that are each allowed, but not together: what a method asks of others, and what the engine does not
/// offer.
/// </summary>
/// <param name="engineLacks">
/// What an engine does not offer of a trial, in words that go on "the engine does not offer"; null if it offers all.
/// </param>
internal sealed class CombinationCheck(Func<TrainingSettings, string?> engineLacks)
{
    private static readonly HashSet<string> Numbers =
    [
        .. MethodSettings.Requirements.SelectMany(r => r.Also.Select(p => p.Name).Append(r.Parameter)),
    ];

    /// <summary>
    /// Checks every setting of every study and arm. A mistake stands where the value that it names was given, or at
    /// its arm or study. Real numbers that a study varies make its settings many, and no difference here, unless a
    /// method says that it looks at them.
    /// </summary>
    public void Run(
        ParameterSet complete,
        IReadOnlyList<PlacedValue> baseValues,
        IReadOnlyList<PlacedArm> arms,
        IReadOnlyList<PlacedStudy> studies,
        SourceLocation top,
        UserErrorList mistakes
    )
    {
        foreach (PlacedStudy study in studies)
        {
            List<StudySetting> settings =
            [
                .. StudyGrid.Settings(study.Study with { Over = [.. study.Study.Over.Where(varied => IsLookedAt(varied.Key))] }),
            ];
            foreach (PlacedArm arm in arms.Where(arm => study.Study.Arms.Contains(arm.Name)))
            {
                ParameterSet armSet = complete.With(study.Study.Base).With(ParameterReader.ToSet(arm.Values));
                foreach (StudySetting setting in settings)
                {
                    ParameterSet set = armSet.With(setting.Overrides);
                    foreach ((string name, string message) in Of(set))
                        mistakes.Add(
                            PlaceOf(name, set.Find(name)!, study, arm, baseValues)
                                ?? study.Location
                                ?? arm.Values.Select(value => (SourceLocation?)value.Location).FirstOrDefault()
                                ?? top,
                            $"{message} (arm '{arm.Name}')"
                        );
                }
            }
        }
    }

    /// <summary>What is wrong with these values: the parameter to point at, and why.</summary>
    internal IReadOnlyList<(string Name, string Message)> Of(ParameterSet set)
    {
        List<(string, string)> complaints = [];
        foreach (Requirement requirement in NetworkLayers.Requirements.Concat(MethodSettings.RequirementsOf(set)))
        {
            if (requirement.Complaint(set) is { } complaint)
                complaints.Add((requirement.Parameter, complaint));
            // A rule that cannot be made says nothing to those that ask what it does.
            if (complaints.Count > 0 && complaints[^1].Item1 == ThresholdRule.Family.Name)
                break;
        }
        // Only values that go together have the types that an engine is asked with.
        if (complaints.Count == 0 && Lacks(TrialSettings.From(set)) is { } lacks)
            complaints.Add((ParameterSchema.Engine, $"engine {set.Find(ParameterSchema.Engine)} does not offer {lacks}"));
        return complaints;
    }

    private static bool IsLookedAt(string name) =>
        ParameterSchema.Find(name)!.Type is not ParameterType.Real || Numbers.Contains(name);

    private string? Lacks(TrialSettings settings)
    {
        // What a data set's files alone say, such as the classes of one's own recordings, is taken as small as can be.
        DatasetDescription? data = DatasetCatalog.Find(settings.Dataset.Name);
        return engineLacks(
            settings.ForData(
                Math.Max(1, data?.InputCount ?? 1),
                Math.Max(1, data?.ClassCount ?? 1),
                settings.Dataset.Steps,
                samples: 1,
                seed: 0
            )
        );
    }

    private static SourceLocation? PlaceOf(
        string name,
        ParameterValue given,
        PlacedStudy study,
        PlacedArm arm,
        IReadOnlyList<PlacedValue> baseValues
    )
    {
        if (study.Over.FirstOrDefault(v => v.Parameter.Name == name) is { } varied)
            return varied.Location;
        foreach (PlacedValue value in study.Points.SelectMany(p => p).Concat(arm.Values).Concat(baseValues))
        {
            if (value.Parameter.Name == name && value.Value == given)
                return value.Location;
        }
        return null;
    }
}
