using Rouser.Core.Parameters;

namespace Rouser.Sweeps;

/// <summary>
/// Finds values that change nothing: an arm, a point or <c>over</c> that sets a parameter which the method in
/// question does not use. <c>base</c>, the sweep's or a study's, may hold what only some arms use; what none uses in
/// the sweep's is told, not refused, because another arm may be about to come. What says what holds anyway
/// (<see cref="Parameter.Neutral"/>), as a threshold learning rate of 0 for a fixed threshold does, is allowed.
/// </summary>
internal static class EffectCheck
{
    private static readonly HashSet<string> Selectors =
    [
        .. ParameterSchema
            .Parameters.SelectMany(p => new[] { p.Condition?.Selector, p.Condition?.Or?.Selector })
            .OfType<string>(),
    ];

    public static void Run(
        ParameterSet complete,
        IReadOnlyList<PlacedValue> baseValues,
        IReadOnlyList<PlacedArm> arms,
        IReadOnlyList<PlacedStudy> studies,
        UserErrorList mistakes,
        UserErrorList notes
    )
    {
        List<PlacedValue> unused = Conditional(baseValues);
        foreach (PlacedArm arm in arms)
        {
            ParameterSet own = ParameterReader.ToSet(arm.Values);
            List<PlacedValue> idle = Conditional(arm.Values);
            bool takesPart = false;
            foreach (PlacedStudy study in studies.Where(s => s.Study.Arms.Contains(arm.Name)))
            {
                takesPart = true;
                ParameterSet armSet = complete.With(study.Study.Base).With(own);
                for (int i = 0; i < study.Points.Count; i++)
                {
                    ParameterSet pointSet = armSet.With(study.Study.Points[i]);
                    foreach ((ParameterSet method, IEnumerable<PlacedValues> varied) in Methods(study, pointSet))
                    {
                        foreach (
                            PlacedValue value in study
                                .Points[i]
                                .Where(v => !v.IsImplied && !v.Parameter.IsUsedBy(method) && !IsNeutral(v.Parameter, v.Value))
                        )
                            mistakes.Add(value.Location, NoEffect(value.Parameter, arm.Name));
                        foreach (
                            PlacedValues value in varied.Where(v =>
                                !v.Parameter.IsUsedBy(method) && !v.Values.All(x => IsNeutral(v.Parameter, x))
                            )
                        )
                            mistakes.Add(value.Location, NoEffect(value.Parameter, arm.Name));
                        idle.RemoveAll(v => v.Parameter.IsUsedBy(method));
                        unused.RemoveAll(v => v.Parameter.IsUsedBy(method));
                    }
                }
            }
            if (!takesPart)
                continue;
            foreach (PlacedValue value in idle)
                mistakes.Add(value.Location, NoEffect(value.Parameter, arm.Name));
        }
        foreach (PlacedValue value in unused)
            notes.Add(
                value.Location,
                $"{value.Parameter.Name} has no effect on any arm of a study: it is used only if {value.Parameter.Condition}"
            );
    }

    private static List<PlacedValue> Conditional(IReadOnlyList<PlacedValue> values) =>
        [.. values.Where(v => v.Parameter.Condition is not null && !v.IsImplied && !IsNeutral(v.Parameter, v.Value))];

    /// <summary>
    /// The distinct methods among a point's cells, each with what <c>over</c> varies in them: only selectors such as
    /// <c>threshold.rule</c> matter.
    /// </summary>
    private static IEnumerable<(ParameterSet Method, IEnumerable<PlacedValues> Varied)> Methods(
        PlacedStudy study,
        ParameterSet point
    )
    {
        if (study.Study.Mode == StudyMode.OneAtATime)
        {
            yield return (point, []);
            foreach (PlacedValues varied in study.Over)
            {
                foreach (
                    ParameterValue value in Selectors.Contains(varied.Parameter.Name) ? varied.Values : varied.Values.Take(1)
                )
                    yield return (point.With(new ParameterSet([KeyValuePair.Create(varied.Parameter.Name, value)])), [varied]);
            }
            yield break;
        }
        List<ParameterSet> methods = [point];
        foreach (PlacedValues varied in study.Over.Where(o => Selectors.Contains(o.Parameter.Name)))
        {
            methods =
            [
                .. methods.SelectMany(
                    _ => varied.Values,
                    (m, value) => m.With(new ParameterSet([KeyValuePair.Create(varied.Parameter.Name, value)]))
                ),
            ];
        }
        foreach (ParameterSet method in methods)
            yield return (method, study.Over);
    }

    private static bool IsNeutral(Parameter parameter, ParameterValue value) => value == parameter.Neutral;

    private static string NoEffect(Parameter parameter, string arm) =>
        $"{parameter.Name} has no effect on arm '{arm}': it is used only if {parameter.Condition}";
}
