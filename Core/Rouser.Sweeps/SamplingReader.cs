using Rouser.Core.Parameters;
using Rouser.Sweeps.Samplers;

namespace Rouser.Sweeps;

/// <summary>A parameter that a sampler varies, with what it is drawn from and when it is.</summary>
/// <param name="When">Parameters that are drawn before it, each with the values for which this one is drawn.</param>
internal sealed record PlacedRange(
    Parameter Parameter,
    SearchRange Range,
    IReadOnlyList<(Parameter Parameter, IReadOnlyList<ParameterValue> Values)> When,
    SourceLocation Location
);

/// <summary>What a sampler has drawn for a study: points as if the file listed them.</summary>
/// <param name="Settings">None after a mistake.</param>
/// <param name="Search">Which of them are trained, but for their names; null if all are.</param>
internal sealed record DrawnSettings(IReadOnlyList<IReadOnlyList<PlacedValue>> Settings, SettingSearch? Search = null);

/// <summary>
/// Reads what a study with <c>mode: random</c>, <c>sobol</c> or <c>tpe</c> varies, and draws its settings, so that nothing
/// after it knows of samplers.
/// </summary>
internal sealed class SamplingReader(UserErrorList mistakes, ParameterReader parameters, SpecFields fields)
{
    /// <summary>How many draws may repeat a setting, for each that is wanted, before the ranges count as exhausted.</summary>
    private const int MaxDrawsPerSetting = 100;

    private static readonly string[] SamplingKeys = ["count", "seed"],
        SearchKeys = [.. SamplingKeys, "candidates", "startup", "parallel"],
        RangeKeys = ["min", "max", "scale", "values", "when"];

    /// <summary>
    /// The searches of a sweep; null if it has none. One without a metric of validation samples, or with seeds that are a
    /// budget, is a mistake.
    /// </summary>
    /// <param name="top">Where the study of a file without studies is said to be wrong.</param>
    public static SettingSearches? SearchesOf(
        IReadOnlyList<PlacedStudy> studies,
        MetricSettings metric,
        SourceLocation top,
        UserErrorList mistakes
    )
    {
        Dictionary<string, SettingSearch> searches = new(StringComparer.Ordinal);
        foreach (PlacedStudy study in studies)
        {
            if (study.Study.Search is not { } search)
                continue;
            searches.Add(study.Study.Name, search);
            string? fault =
                study.Study.Budget is not null
                    ? $"mode tpe trains all seeds of a setting that it proposes; give study '{study.Study.Name}' a list of seeds"
                : metric.Choice is null
                    ? $"study '{study.Study.Name}' would search for settings by {metric.Name}; {SettingsReader.ValidationRemedy}"
                : null;
            if (fault is not null)
                mistakes.Add(study.Location ?? top, fault);
        }
        return searches.Count > 0 && metric.Choice is { } choice ? new SettingSearches(choice, metric.Select, searches) : null;
    }

    /// <summary>Reads a study's sampling and draws.</summary>
    /// <param name="mode">The study's mode.</param>
    /// <param name="over">What varies.</param>
    /// <param name="sampling">The entry <c>sampling</c>.</param>
    /// <param name="place">The study.</param>
    public DrawnSettings Settings(string mode, SpecEntry over, SpecEntry sampling, SourceLocation place)
    {
        int before = mistakes.Count;
        List<PlacedRange> ranges = Ranges(fields.Mapping(over, "over"));
        Dictionary<string, SpecEntry> keys = Sampling(mode, sampling, place);
        int count = fields.Int32(keys, "count", 0, SpecKeys.SampledSettings);
        long seed = fields.Read(keys, "seed", SpecKeys.SamplerSeeds) is ParameterValue.Integer whole ? whole.Value : 0;
        bool isSearch = mode == SpecKeys.SearchMode;
        int wanted = isSearch ? fields.Int32(keys, "candidates", SpecKeys.DefaultCandidates, SpecKeys.SampledSettings) : count;
        int startup = fields.Int32(keys, "startup", SpecKeys.DefaultStartup, SpecKeys.SearchSteps),
            parallel = fields.Int32(keys, "parallel", SpecKeys.DefaultParallel, SpecKeys.SearchSteps);
        if (mistakes.Count > before)
            return new DrawnSettings([]);
        // A search starts from settings drawn at random, and so is its pool.
        Sampler sampler = isSearch ? new RandomSampler(seed) : Sampler.All.Single(known => known.Mode == mode).Create(seed);
        if (ranges.Count > sampler.MaxDimensions)
        {
            mistakes.Add(
                over.Location,
                $"over varies {ranges.Count} parameters; mode {mode} takes {sampler.MaxDimensions} at most, mode random any number"
            );
            return new DrawnSettings([]);
        }
        // Of a grid of lists the pool is the grid.
        double all = isSearch ? ranges.Aggregate(1.0, (product, range) => product * range.Range.Size) : double.PositiveInfinity;
        List<List<PlacedValue>> settings = Draw(sampler, ranges, (int)Math.Min(all, Math.Max(wanted, count)));
        if (settings.Count < count)
        {
            mistakes.Add(
                sampling.Location,
                $"sampling.count ({count}) is more than what over has to draw from, {settings.Count} settings; lower it, or use mode grid"
            );
            return new DrawnSettings([]);
        }
        return new DrawnSettings(settings, isSearch ? Search(ranges, settings, count, startup, parallel) : null);
    }

    /// <summary>The pool of a search, without the names of its settings.</summary>
    private static SettingSearch Search(
        List<PlacedRange> ranges,
        List<List<PlacedValue>> settings,
        int count,
        int startup,
        int parallel
    ) =>
        new(
            count,
            startup,
            parallel,
            [.. ranges.Select(range => range.Range.Dimension)],
            [
                .. settings.Select(setting => new SearchCandidate(
                    "",
                    [
                        .. ranges.Select(range =>
                            setting.FindIndex(drawn => drawn.Parameter.Name == range.Parameter.Name) is >= 0 and int i
                                ? range.Range.CoordinateOf(setting[i].Value)
                                : double.NaN
                        ),
                    ]
                )),
            ]
        );

    private static List<List<PlacedValue>> Draw(Sampler sampler, List<PlacedRange> ranges, int count)
    {
        List<List<PlacedValue>> settings = [];
        HashSet<string> seen = new(StringComparer.Ordinal);
        foreach (double[] point in sampler.Points(ranges.Count).Take(count * MaxDrawsPerSetting))
        {
            List<PlacedValue> setting = Draw(ranges, point);
            if (seen.Add(string.Join(' ', ParameterReader.ToSet(setting).Values)))
                settings.Add(setting);
            if (settings.Count == count)
                break;
        }
        return settings;
    }

    private static List<PlacedValue> Draw(List<PlacedRange> ranges, double[] point)
    {
        List<PlacedValue> setting = [];
        for (int d = 0; d < ranges.Count; d++)
        {
            PlacedRange range = ranges[d];
            if (
                range.When.All(when =>
                    setting.Any(drawn => drawn.Parameter.Name == when.Parameter.Name && when.Values.Contains(drawn.Value))
                )
            )
                setting.Add(new PlacedValue(range.Parameter, range.Range.At(point[d]), range.Location));
        }
        return setting;
    }

    private Dictionary<string, SpecEntry> Sampling(string mode, SpecEntry sampling, SourceLocation place)
    {
        if (sampling.Value is null)
        {
            mistakes.Add(place, $"has mode {mode}, but not how many settings to draw; add 'sampling: {{count: 40}}'");
            return [];
        }
        Dictionary<string, SpecEntry> keys = Keys(
            fields.Mapping(sampling, "sampling"),
            mode == SpecKeys.SearchMode ? SearchKeys : SamplingKeys,
            "sampling",
            key => $"sampling.{key}"
        );
        if (!keys.ContainsKey("count"))
            mistakes.Add(sampling.Location, "sampling has no count; say how many settings to draw, such as 'count: 40'");
        return keys;
    }

    private List<PlacedRange> Ranges(SpecMapping over)
    {
        List<PlacedRange> ranges = [];
        foreach ((Parameter parameter, SourceLocation place, SpecNode node) in parameters.Leaves(over))
        {
            if (node is SpecSequence)
            {
                if (Values(parameter, place, node) is { } values)
                    ranges.Add(new PlacedRange(parameter, values, [], place));
                continue;
            }
            if (node is not SpecMapping mapping)
            {
                mistakes.Add(
                    place,
                    $"{parameter.Name} expects values or a range such as {{min: 0.1, max: 1}}, got {node.Display}"
                );
                continue;
            }
            Dictionary<string, SpecEntry> keys = Keys(
                mapping,
                RangeKeys,
                $"the range of {parameter.Name}",
                key => $"{key} of {parameter.Name}"
            );
            SearchRange? range = keys.TryGetValue("values", out SpecEntry listed)
                ? Values(parameter, listed.Location, listed.Value)
                : Numbers(parameter, place, keys);
            if (range is not null)
                ranges.Add(new PlacedRange(parameter, range, When(parameter, keys, ranges), place));
        }
        if (ranges.Count == 0 && mistakes.Count == 0)
            mistakes.Add(over.Location, "over is empty; name a parameter to vary, each with values or a range");
        return ranges;
    }

    /// <summary>The entries of a mapping by their keys, each once and none unknown.</summary>
    /// <param name="where">The mapping in a sentence.</param>
    /// <param name="name">A key of it in a sentence.</param>
    private Dictionary<string, SpecEntry> Keys(SpecMapping mapping, string[] known, string where, Func<string, string> name)
    {
        Dictionary<string, SpecEntry> keys = new(StringComparer.Ordinal);
        foreach (SpecEntry entry in mapping.Entries)
        {
            if (!known.Contains(entry.Key))
                mistakes.Add(
                    entry.Location,
                    $"unknown key '{OneLine.Of(entry.Key)}' in {where}{Spelling.Suggestion(entry.Key, known)}"
                );
            else if (!keys.TryAdd(entry.Key, entry))
                mistakes.Add(entry.Location, $"{name(entry.Key)} stands twice; keep one");
        }
        return keys;
    }

    private SearchRange.Values? Values(Parameter parameter, SourceLocation place, SpecNode node)
    {
        List<ParameterValue> values = parameters.List(parameter, place, node);
        return values.Count > 0 ? new SearchRange.Values(values) : null;
    }

    private SearchRange? Numbers(Parameter parameter, SourceLocation place, Dictionary<string, SpecEntry> keys)
    {
        if (parameter.Type is not (ParameterType.Real or ParameterType.Integer))
        {
            mistakes.Add(place, $"{parameter.Name} is no number; give a list of its values");
            return null;
        }
        if (!keys.TryGetValue("min", out SpecEntry lowest) || !keys.ContainsKey("max"))
        {
            mistakes.Add(place, $"{parameter.Name} needs min and max, such as {{min: 0.1, max: 1}}, or a list of values");
            return null;
        }
        ParameterValue? low = fields.Read(keys, "min", parameter.Type),
            high = fields.Read(keys, "max", parameter.Type);
        bool isLog = fields.Choice(keys, "scale", "linear", SpecKeys.Scales) == "log";
        (double min, double max) = (Number(low), Number(high));
        if (double.IsNaN(min) || double.IsNaN(max))
        {
            if (low is not null && high is not null)
                mistakes.Add(place, $"{parameter.Name} needs numbers as min and max");
            return null;
        }
        if (min >= max)
            mistakes.Add(lowest.Location, $"{parameter.Name}: min ({low}) must be below max ({high})");
        else if (isLog && min <= 0)
            mistakes.Add(lowest.Location, $"{parameter.Name}: min ({low}) must be positive on a scale of logarithms");
        else
            return parameter.Type is ParameterType.Real
                ? new SearchRange.Numbers(min, max, isLog)
                : new SearchRange.WholeNumbers((long)min, (long)max, isLog);
        return null;

        static double Number(ParameterValue? value) =>
            value switch
            {
                ParameterValue.Real real => real.Value,
                ParameterValue.Integer whole => whole.Value,
                _ => double.NaN,
            };
    }

    private List<(Parameter, IReadOnlyList<ParameterValue>)> When(
        Parameter parameter,
        Dictionary<string, SpecEntry> keys,
        List<PlacedRange> before
    )
    {
        if (!keys.TryGetValue("when", out SpecEntry entry))
            return [];
        List<(Parameter, IReadOnlyList<ParameterValue>)> conditions = [];
        foreach ((Parameter other, SourceLocation place, SpecNode node) in parameters.Leaves(fields.Mapping(entry, "when")))
        {
            if (before.All(range => range.Parameter.Name != other.Name))
                mistakes.Add(
                    place,
                    $"{parameter.Name} depends on {other.Name}, which over does not vary before it; put {other.Name} above it"
                );
            // One value may stand without brackets.
            SpecNode list = node is SpecScalar ? new SpecSequence(node.Location, [node]) : node;
            conditions.Add((other, parameters.List(other, place, list)));
        }
        return conditions;
    }
}
