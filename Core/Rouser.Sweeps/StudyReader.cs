using Rouser.Core.Parameters;
using Rouser.Sweeps.Samplers;

namespace Rouser.Sweeps;

/// <summary>An arm with the places of its values; <see cref="Values"/> in the file's order.</summary>
internal sealed record PlacedArm(string Name, IReadOnlyList<PlacedValue> Values);

/// <summary>
/// A study with the places of its values. <see cref="Location"/> is null for the study that a file without studies has.
/// </summary>
internal sealed record PlacedStudy(
    Study Study,
    SourceLocation? Location,
    IReadOnlyList<IReadOnlyList<PlacedValue>> Points,
    IReadOnlyList<PlacedValues> Over
);

/// <summary>Reads arms and studies.</summary>
internal sealed class StudyReader(UserErrorList mistakes, ParameterReader parameters, SpecFields fields)
{
    public IReadOnlyList<PlacedArm> Arms(Dictionary<string, SpecEntry> sections)
    {
        if (!sections.TryGetValue("arms", out SpecEntry section))
            return [new PlacedArm("base", [])];
        return
        [
            .. Named(section, "arms", "arm")
                .Select(e => new PlacedArm(e.Key, parameters.Values(fields.Mapping(e, $"arm '{e.Key}'")))),
        ];
    }

    public IReadOnlyList<PlacedStudy> Studies(
        Dictionary<string, SpecEntry> sections,
        string sweepName,
        IReadOnlyList<PlacedArm> arms,
        SeedsOf seeds
    )
    {
        List<string> armNames = [.. arms.Select(a => a.Name)];
        if (sections.TryGetValue("studies", out SpecEntry section))
            return [.. Named(section, "studies", "study").Select(e => Study(e, armNames, seeds))];
        return
        [
            new PlacedStudy(
                new Study(sweepName, armNames, StudyMode.Grid, [ParameterSet.Empty], [], seeds.All) { Budget = seeds.Budget },
                null,
                [
                    [],
                ],
                []
            ),
        ];
    }

    /// <summary>The entries of <c>arms</c> or <c>studies</c>: at least one, each with a name of its own.</summary>
    private List<SpecEntry> Named(SpecEntry section, string what, string one)
    {
        SpecMapping mapping = fields.Mapping(section, what);
        if (mapping.Entries.Count == 0 && section.Value is SpecMapping or { IsNothing: true })
            mistakes.Add(section.Location, $"{what} is empty; give at least one, or leave the key out");
        List<SpecEntry> named = [];
        foreach (SpecEntry entry in mapping.Entries)
        {
            if (!SpecFields.IsSafeName(entry.Key))
                mistakes.Add(
                    entry.Location,
                    $"the {one}'s name '{OneLine.Of(entry.Key)}' is not allowed; use {SpecFields.SafeName}"
                );
            else if (named.FindIndex(n => n.Key == entry.Key) is >= 0 and int first)
                mistakes.Add(
                    entry.Location,
                    $"'{entry.Key}' names a second {one}, the first is at {named[first].Location.Text}; rename one"
                );
            else
                named.Add(entry);
        }
        return named;
    }

    private PlacedStudy Study(SpecEntry entry, List<string> armNames, SeedsOf common)
    {
        string what = $"study '{entry.Key}'";
        Dictionary<string, SpecEntry> keys = Keys(fields.Mapping(entry, what), what);
        string mode = fields.Choice(keys, "mode", "grid", SpecKeys.Modes);
        IReadOnlyList<IReadOnlyList<PlacedValue>> points = keys.TryGetValue("points", out SpecEntry given)
            ? Points(given)
            :
            [
                [],
            ];
        bool isSearch = mode == SpecKeys.SearchMode,
            isSampled = isSearch || Sampler.All.Any(sampler => sampler.Mode == mode),
            hasOver = keys.TryGetValue("over", out SpecEntry varied);
        IReadOnlyList<PlacedValues> over = hasOver && !isSampled ? Over(varied, points) : [];
        DrawnSettings? drawn = null;
        bool hasSampling = keys.TryGetValue("sampling", out SpecEntry sampling);
        if (isSampled && hasOver)
        {
            drawn = new SamplingReader(mistakes, parameters, fields).Settings(mode, varied, sampling, entry.Location);
            RefuseBoth(points, drawn.Settings);
            points =
            [
                .. points.SelectMany(_ => drawn.Settings, (point, setting) => (IReadOnlyList<PlacedValue>)[.. point, .. setting]),
            ];
        }
        if (hasSampling && !isSampled)
            mistakes.Add(
                sampling.Location,
                $"sampling has no place in mode {mode}, which draws nothing; use mode random, sobol or tpe"
            );
        if (isSearch && keys.ContainsKey("points"))
            mistakes.Add(
                given.Location,
                "points has no place in mode tpe, which searches in over; list their parameters there, or make them arms"
            );
        if (mode == "list" && keys.ContainsKey("over"))
            mistakes.Add(
                varied.Location,
                "over has no place in mode list, which takes the points as they are; use mode grid or remove it"
            );
        if (mode == "list" && !keys.ContainsKey("points"))
            mistakes.Add(entry.Location, $"{what} has mode list, but no points; add 'points:'");
        if ((mode == "one_at_a_time" || isSampled) && !hasOver)
            mistakes.Add(entry.Location, $"{what} has mode {mode}, but nothing to vary; add 'over:'");
        SeedsOf seeds = keys.TryGetValue("seeds", out SpecEntry own) ? new SeedsReader(mistakes, fields).Read(own) : common;
        Study study = new(
            entry.Key,
            keys.TryGetValue("arms", out SpecEntry named) ? ArmsOf(named, armNames) : armNames,
            mode switch
            {
                // What a sampler has drawn is a list from here on.
                _ when isSampled => StudyMode.List,
                "list" => StudyMode.List,
                "one_at_a_time" => StudyMode.OneAtATime,
                _ => StudyMode.Grid,
            },
            [.. points.Select(ParameterReader.ToSet)],
            [.. over.Select(o => KeyValuePair.Create(o.Parameter.Name, o.Values))],
            seeds.All
        )
        {
            Budget = seeds.Budget,
            Base = keys.TryGetValue("base", out SpecEntry values)
                ? ParameterReader.ToSet(parameters.Values(fields.Mapping(values, $"base of {what}")))
                : ParameterSet.Empty,
            Priority = fields.Int32(keys, "priority", 0, SpecKeys.Priorities),
            Varied =
            [
                .. points.SelectMany(p => p).Select(p => p.Parameter.Name).Concat(over.Select(o => o.Parameter.Name)).Distinct(),
            ],
        };
        if (drawn?.Search is { } search)
            study = study with { Search = search with { Pool = Named(search.Pool, study) } };
        return new PlacedStudy(study, entry.Location, points, over);
    }

    /// <summary>The candidates of a search with the names that the settings of its study have.</summary>
    private static IReadOnlyList<SearchCandidate> Named(IReadOnlyList<SearchCandidate> pool, Study study) =>
        [.. pool.Zip(StudyGrid.Settings(study), (candidate, setting) => candidate with { Setting = setting.Text })];

    private Dictionary<string, SpecEntry> Keys(SpecMapping mapping, string what)
    {
        Dictionary<string, SpecEntry> keys = new(StringComparer.Ordinal);
        foreach (SpecEntry entry in mapping.Entries)
        {
            if (!SpecKeys.Study.Contains(entry.Key))
            {
                string suggestion =
                    ParameterSchema.Find(entry.Key) is null && !ParameterSchema.Groups.Contains(entry.Key)
                        ? Spelling.Suggestion(entry.Key, SpecKeys.Study)
                        : "; parameters stand under 'base', 'points' or 'over'";
                mistakes.Add(entry.Location, $"unknown key '{OneLine.Of(entry.Key)}' in {what}{suggestion}");
            }
            else if (!keys.TryAdd(entry.Key, entry))
                mistakes.Add(
                    entry.Location,
                    $"the key '{entry.Key}' stands twice in {what}, first at {keys[entry.Key].Location.Text}; merge the two"
                );
        }
        return keys;
    }

    private List<string> ArmsOf(SpecEntry entry, List<string> armNames)
    {
        List<string> arms = [];
        if (entry.Value is not SpecSequence list)
        {
            mistakes.Add(entry.Location, $"arms expects a list of arms, got {entry.Value.Display}");
            return arms;
        }
        if (list.Items.Count == 0)
            mistakes.Add(entry.Location, "arms is empty; give at least one, or leave the key out for all");
        foreach (SpecNode item in list.Items)
        {
            SourceLocation place = item.IsNothing ? entry.Location : item.Location;
            if (item is not SpecScalar { Text: var name } || !armNames.Contains(name))
                mistakes.Add(place, $"no arm is named {item.Display}{SettingsReader.ArmSuggestion(item, armNames)}");
            else if (arms.Contains(name))
                mistakes.Add(place, $"arms lists '{name}' twice; each may stand once");
            else
                arms.Add(name);
        }
        return arms;
    }

    private List<IReadOnlyList<PlacedValue>> Points(SpecEntry entry)
    {
        List<IReadOnlyList<PlacedValue>> points = [];
        if (entry.Value is not SpecSequence list)
        {
            mistakes.Add(
                entry.Location,
                $"points expects a list such as [{{threshold.init: 1.25, surrogate.tau: 3.75}}], got {entry.Value.Display}"
            );
            return points;
        }
        if (list.Items.Count == 0)
            mistakes.Add(entry.Location, "points is empty, which makes an empty grid; give at least one, or leave the key out");
        HashSet<string> seen = new(StringComparer.Ordinal);
        foreach (SpecNode item in list.Items)
        {
            SourceLocation place = item.IsNothing ? entry.Location : item.Location;
            if (item is not SpecMapping mapping)
            {
                mistakes.Add(place, $"a point expects parameters and values, got {item.Display}");
                continue;
            }
            int before = mistakes.Count;
            List<PlacedValue> point = parameters.Values(mapping);
            string text = string.Join(' ', ParameterReader.ToSet(point).Values);
            if (mistakes.Count == before && !seen.Add(text))
                mistakes.Add(place, "this point stands twice; each may stand once");
            points.Add(point);
        }
        return points;
    }

    private void RefuseBoth(IReadOnlyList<IReadOnlyList<PlacedValue>> points, IReadOnlyList<IReadOnlyList<PlacedValue>> drawn)
    {
        HashSet<string> inPoints = [.. points.SelectMany(p => p).Select(p => p.Parameter.Name)];
        foreach (PlacedValue varied in drawn.SelectMany(d => d).DistinctBy(v => v.Parameter.Name))
        {
            if (inPoints.Contains(varied.Parameter.Name))
                mistakes.Add(
                    varied.Location,
                    $"{varied.Parameter.Name} stands in points and in over; it can vary in one of them"
                );
        }
    }

    private List<PlacedValues> Over(SpecEntry entry, IReadOnlyList<IReadOnlyList<PlacedValue>> points)
    {
        if (entry.Value is SpecMapping { Entries.Count: 0 } or { IsNothing: true })
            mistakes.Add(entry.Location, "over is empty; name a parameter to vary, or leave the key out");
        List<PlacedValues> over = parameters.Lists(fields.Mapping(entry, "over"));
        HashSet<string> inPoints = [.. points.SelectMany(p => p).Select(p => p.Parameter.Name)];
        foreach (PlacedValues varied in over.Where(o => inPoints.Contains(o.Parameter.Name)))
            mistakes.Add(varied.Location, $"{varied.Parameter.Name} stands in points and in over; it can vary in one of them");
        return over;
    }
}
