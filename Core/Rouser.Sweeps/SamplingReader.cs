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

/// <summary>
/// Reads what a study with <c>mode: random</c> or <c>sobol</c> varies, and draws its settings: points as if the file
/// listed them, so that nothing after it knows of samplers.
/// </summary>
internal sealed class SamplingReader(UserErrorList mistakes, ParameterReader parameters, SpecFields fields)
{
    /// <summary>How many draws may repeat a setting, for each that is wanted, before the ranges count as exhausted.</summary>
    private const int MaxDrawsPerSetting = 100;

    private static readonly string[] SamplingKeys = ["count", "seed"],
        RangeKeys = ["min", "max", "scale", "values", "when"];

    /// <summary>The settings, each a point; none after a mistake.</summary>
    /// <param name="mode">The study's mode.</param>
    /// <param name="over">What varies.</param>
    /// <param name="sampling">The entry <c>sampling</c>.</param>
    /// <param name="place">The study.</param>
    public IReadOnlyList<IReadOnlyList<PlacedValue>> Settings(
        string mode,
        SpecEntry over,
        SpecEntry sampling,
        SourceLocation place
    )
    {
        int before = mistakes.Count;
        List<PlacedRange> ranges = Ranges(fields.Mapping(over, "over"));
        (int count, long seed) = Sampling(mode, sampling, place);
        if (mistakes.Count > before)
            return [];
        Sampler sampler = Sampler.All.Single(known => known.Mode == mode).Create(seed);
        if (ranges.Count > sampler.MaxDimensions)
        {
            mistakes.Add(
                over.Location,
                $"over varies {ranges.Count} parameters; mode {mode} takes {sampler.MaxDimensions} at most, mode random any number"
            );
            return [];
        }
        List<IReadOnlyList<PlacedValue>> settings = [];
        HashSet<string> seen = new(StringComparer.Ordinal);
        foreach (double[] point in sampler.Points(ranges.Count).Take(count * MaxDrawsPerSetting))
        {
            List<PlacedValue> setting = Draw(ranges, point);
            if (seen.Add(string.Join(' ', ParameterReader.ToSet(setting).Values)))
                settings.Add(setting);
            if (settings.Count == count)
                return settings;
        }
        mistakes.Add(
            sampling.Location,
            $"sampling.count ({count}) is more than what over has to draw from, {settings.Count} settings; lower it, or use mode grid"
        );
        return [];
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

    private (int Count, long Seed) Sampling(string mode, SpecEntry sampling, SourceLocation place)
    {
        if (sampling.Value is null)
        {
            mistakes.Add(place, $"has mode {mode}, but not how many settings to draw; add 'sampling: {{count: 40}}'");
            return default;
        }
        Dictionary<string, SpecEntry> keys = Keys(
            fields.Mapping(sampling, "sampling"),
            SamplingKeys,
            "sampling",
            key => $"sampling.{key}"
        );
        if (!keys.ContainsKey("count"))
            mistakes.Add(sampling.Location, "sampling has no count; say how many settings to draw, such as 'count: 40'");
        return (
            fields.Int32(keys, "count", 0, SpecKeys.SampledSettings),
            fields.Read(keys, "seed", SpecKeys.SamplerSeeds) is ParameterValue.Integer seed ? seed.Value : 0
        );
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
