using System.Text.RegularExpressions;
using Rouser.Core.Parameters;
using Rouser.Snn;

namespace Rouser.Sweeps;

/// <summary>
/// Reads a sweep file. Every mistake in it is reported at once, each with its line and remedy: <c>x.yaml:12:
/// surrogate.tau (-1) must be positive</c>.
/// </summary>
public sealed partial class SpecReader
{
    private readonly UserErrorList _mistakes,
        _notes;
    private readonly CombinationCheck _combinations;
    private readonly SpecMapping _root;
    private readonly SourceLocation _top;
    private readonly ParameterReader _parameters;
    private readonly SpecFields _fields;

    private SpecReader(
        SpecMapping root,
        SourceLocation top,
        CombinationCheck combinations,
        UserErrorList mistakes,
        UserErrorList notes
    )
    {
        _notes = notes;
        _combinations = combinations;
        _mistakes = mistakes;
        _root = root;
        _top = top;
        _parameters = new ParameterReader(mistakes);
        _fields = new SpecFields(mistakes);
    }

    /// <summary>Reads and checks a sweep file. Never throws for a text, however wrong.</summary>
    /// <param name="fileName">The file's name, for mistakes.</param>
    /// <param name="yaml">Its text.</param>
    /// <param name="overrides">What <c>--set</c> was given: <c>base.epochs=3</c>; a mistake in one has the place
    /// <c>--set base.epochs=3</c>.</param>
    /// <param name="engineLacks"> What an engine does not offer of a trial, as
    /// <see cref="ITrainingEngineFactory.Lacks"/> says it; where it is not given, only the fused engine is asked.
    /// </param>
    public static Result<SweepSpec> Read(
        string fileName,
        string yaml,
        IReadOnlyList<string> overrides,
        Func<TrainingSettings, string?>? engineLacks = null
    )
    {
        UserErrorList mistakes = new();
        SourceLocation top = new(fileName, 0);
        SpecNode? node = YamlTree.Read(yaml, line => new SourceLocation($"{fileName}:{line}", line), mistakes);
        if (mistakes.Count > 0)
            return Result<SweepSpec>.Failed(mistakes.InOrder());
        if (node is null or { IsNothing: true })
            return new UserError(fileName, $"is empty; a sweep file starts with 'schema: {SpecKeys.Schema}'");
        if (node is not SpecMapping root)
            return new UserError(node.Location.Text, $"expects keys and values, such as 'name: my-sweep', got {node.Display}");
        if (SchemaError(root, top) is { } wrongSchema)
            return wrongSchema;
        UserErrorList notes = new();
        FormerNames.Replace(root, "", notes);
        SpecOverrides.Apply(root, overrides, mistakes, notes);
        CombinationCheck combinations = new(
            engineLacks ?? (settings => settings.Engine == EngineKind.Fused ? FusedEngine.Lacks(settings) : null)
        );
        SweepSpec spec = new SpecReader(root, top, combinations, mistakes, notes).Sweep();
        return mistakes.Count == 0
            ? spec with
            {
                Notes = [.. notes.InOrder().DistinctBy(note => note.Message)],
            }
            : Result<SweepSpec>.Failed(mistakes.InOrder());
    }

    /// <summary>
    /// A file for another version is not read any further: what else it says may mean something else.
    /// </summary>
    private static UserError? SchemaError(SpecMapping root, SourceLocation top)
    {
        SpecEntry entry = root.Entries.Find(e => e.Key == "schema");
        if (entry.Value is null)
            return new UserError(top.Text, $"has no schema; its first line should be 'schema: {SpecKeys.Schema}'");
        if (entry.Value is SpecScalar { Text: SpecKeys.Schema })
            return null;
        string remedy =
            entry.Value is SpecScalar scalar && NewerSchema().IsMatch(scalar.Text)
                ? "it was written for a newer version of rouser"
                : "change the line";
        return new UserError(
            entry.Location.Text,
            $"this program reads 'schema: {SpecKeys.Schema}', got {entry.Value.Display}; {remedy}"
        );
    }

    private SweepSpec Sweep()
    {
        Dictionary<string, SpecEntry> sections = Sections();
        string name = Name(sections);
        List<PlacedValue> baseValues = sections.TryGetValue("base", out SpecEntry given)
            ? _parameters.Values(_fields.Mapping(given, "base"))
            : [];
        ParameterSet complete = ParameterSchema.Defaults.With(ParameterReader.ToSet(baseValues));
        StudyReader studies = new(_mistakes, _parameters, _fields);
        IReadOnlyList<PlacedArm> arms = studies.Arms(sections);
        SeedsOf seeds = sections.TryGetValue("seeds", out SpecEntry list)
            ? new SeedsReader(_mistakes, _fields).Read(list)
            : new SeedsOf([0]);
        IReadOnlyList<PlacedStudy> placed = studies.Studies(sections, name, arms, seeds);
        SettingsReader settings = new(_fields, _mistakes);
        MetricSettings metric = settings.Metric(sections);
        RunSettings run = settings.Run(sections, metric);
        ReportSettings report = settings.Report(sections, [.. arms.Select(a => a.Name)]);
        SweepSpec spec = new(
            name,
            metric,
            complete,
            [.. arms.Select(a => new Arm(a.Name, ParameterReader.ToSet(a.Values)))],
            seeds.All,
            [.. placed.Select(s => s.Study)],
            run with
            {
                Budgets = SeedsReader.OfSweep(placed, metric, report, run, _top, _mistakes),
                Searches = SamplingReader.SearchesOf(placed, metric, _top, _mistakes),
                Priorities = placed.Any(s => s.Study.Priority != 0)
                    ? [.. placed.Select(s => new StudyPriority(s.Study.Name, s.Study.Priority))]
                    : [],
            },
            report
        );
        if (_mistakes.Count == 0)
        {
            CheckSize(spec, placed);
            EffectCheck.Run(complete, baseValues, arms, placed, _mistakes, _notes);
            if (metric.Choice is not null)
                ValidationCheck.Run(metric, complete, arms, placed, sections["metric"].Location, _mistakes);
            _combinations.Run(complete, baseValues, arms, placed, _top, _mistakes);
            // It types the values, which those that do not go together have no types for.
            if (_mistakes.Count == 0)
                AugmentationCheck.Run(complete, baseValues, arms, placed, _mistakes);
            if (_mistakes.Count == 0)
                GradientCheck.Run(complete, arms, placed, _top, _notes);
        }
        return spec;
    }

    /// <summary>
    /// The top-level keys, each once. <c>base.epochs: 3</c> at the top is <c>epochs: 3</c> in <c>base</c>.
    /// </summary>
    private Dictionary<string, SpecEntry> Sections()
    {
        Dictionary<string, SpecEntry> sections = new(StringComparer.Ordinal);
        foreach (SpecEntry entry in _root.Entries.Where(e => SpecKeys.Root.Contains(e.Key)))
        {
            if (!sections.TryAdd(entry.Key, entry))
                _mistakes.Add(
                    entry.Location,
                    $"the key '{entry.Key}' stands twice, first at {sections[entry.Key].Location.Text}; merge the two"
                );
        }
        foreach (SpecEntry entry in _root.Entries.Where(e => !SpecKeys.Root.Contains(e.Key)))
        {
            if (
                entry.Key.Split('.', 2)
                is not [("base" or "run" or "report" or "metric") and string section, { Length: > 0 } rest]
            )
            {
                _mistakes.Add(entry.Location, $"unknown key '{OneLine.Of(entry.Key)}'{RootSuggestion(entry.Key)}");
                continue;
            }
            if (!sections.TryGetValue(section, out SpecEntry body) || body.Value.IsNothing)
                sections[section] = body = new SpecEntry(section, entry.Location, new SpecMapping(entry.Location, []));
            (body.Value as SpecMapping)?.Entries.Add(new SpecEntry(rest, entry.Location, entry.Value));
        }
        return sections;
    }

    private static string RootSuggestion(string key) =>
        ParameterSchema.Find(key) is not null || ParameterSchema.Groups.Contains(key)
            ? $"; did you mean 'base.{key}'?"
            : Spelling.Suggestion(key, SpecKeys.Root);

    private string Name(Dictionary<string, SpecEntry> sections)
    {
        if (!sections.TryGetValue("name", out SpecEntry entry))
        {
            _mistakes.Add(_top, "has no name; add a line such as 'name: my-sweep', which names the run's folder");
            return "";
        }
        if (entry.Value is SpecScalar { Text: var name } && !entry.Value.IsNothing && SpecFields.IsSafeName(name))
            return name;
        _mistakes.Add(
            entry.Location,
            $"name expects {SpecFields.SafeName}, because it names a folder; got {entry.Value.Display}"
        );
        return "";
    }

    private void CheckSize(SweepSpec spec, IReadOnlyList<PlacedStudy> studies)
    {
        double total = 0;
        foreach (PlacedStudy study in studies)
        {
            double cells = StudyGrid.CellCount(study.Study);
            total += cells;
            if (cells > Planner.MaxCells)
                _mistakes.Add(
                    study.Location ?? _top,
                    $"study '{study.Study.Name}' asks for {cells:#,0} trainings; {Planner.MaxCells:#,0} are the most"
                );
        }
        if (_mistakes.Count == 0 && total > Planner.MaxCells)
            _mistakes.Add(
                _top,
                $"the {spec.Studies.Count} studies ask for {total:#,0} trainings; {Planner.MaxCells:#,0} are the most"
            );
    }

    [GeneratedRegex(@"^rouser/sweep/v([2-9]|[1-9][0-9]{1,8})\z", RegexOptions.CultureInvariant)]
    private static partial Regex NewerSchema();
}
