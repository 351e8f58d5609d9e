using Rouser.Core.Parameters;

namespace Rouser.Sweeps;

/// <summary>One setting of a study.</summary>
/// <param name="Text">What varies here: <c>threshold.init=0.25 surrogate.tau=3</c>.</param>
/// <param name="Overrides">The same as values, over those of an arm.</param>
internal readonly record struct StudySetting(string Text, ParameterSet Overrides);

/// <summary>The settings that a study's points and <c>over</c> combine to.</summary>
internal static class StudyGrid
{
    /// <summary>
    /// How many cells the study has, found without making them; a double, because it may be astronomical.
    /// </summary>
    public static double CellCount(Study study)
    {
        double perPoint = study.Mode switch
        {
            StudyMode.Grid => study.Over.Aggregate(1.0, (product, varied) => product * varied.Value.Count),
            StudyMode.OneAtATime => 1 + study.Over.Sum(varied => (double)varied.Value.Count),
            _ => 1,
        };
        return perPoint * study.Points.Count * study.Arms.Count * study.Seeds.Count;
    }

    /// <summary>
    /// The settings in order: points as in the file, and in each point the last key of <c>over</c> varying fastest.
    /// </summary>
    public static IEnumerable<StudySetting> Settings(Study study)
    {
        foreach (ParameterSet point in study.Points)
        {
            switch (study.Mode)
            {
                case StudyMode.Grid:
                    foreach (ParameterSet combination in Combinations(study.Over))
                        yield return Setting(study, point.With(combination));
                    break;
                case StudyMode.OneAtATime:
                    yield return Setting(study, point);
                    foreach ((string name, IReadOnlyList<ParameterValue> values) in study.Over)
                    {
                        foreach (ParameterValue value in values)
                            yield return Setting(study, point.With(new ParameterSet([KeyValuePair.Create(name, value)])));
                    }
                    break;
                default:
                    yield return Setting(study, point);
                    break;
            }
        }
    }

    private static IEnumerable<ParameterSet> Combinations(IReadOnlyList<KeyValuePair<string, IReadOnlyList<ParameterValue>>> over)
    {
        // An odometer: one wheel for each key, the last one turning fastest.
        int[] wheels = new int[over.Count];
        while (true)
        {
            yield return new ParameterSet(over.Select((varied, k) => KeyValuePair.Create(varied.Key, varied.Value[wheels[k]])));
            int turning = over.Count - 1;
            while (turning >= 0 && ++wheels[turning] == over[turning].Value.Count)
                wheels[turning--] = 0;
            if (turning < 0)
                yield break;
        }
    }

    private static StudySetting Setting(Study study, ParameterSet overrides) =>
        new(
            string.Join(' ', study.Varied.Where(n => overrides.Find(n) is not null).Select(n => $"{n}={overrides.Find(n)}")),
            overrides
        );
}
