using Rouser.Core.Parameters;

namespace Rouser.Sweeps;

/// <summary>A value that a sweep file gives a parameter: as such, or implied by <see cref="Compatibility"/>.</summary>
internal readonly record struct PlacedValue(
    Parameter Parameter,
    ParameterValue Value,
    SourceLocation Location,
    bool IsImplied = false
);

/// <summary>Values that a study varies.</summary>
internal sealed record PlacedValues(Parameter Parameter, IReadOnlyList<ParameterValue> Values, SourceLocation Location);

/// <summary>
/// Reads mappings of parameters, whose keys may be dotted (<c>surrogate.tau: 3</c>) or nested (<c>surrogate: {tau:
/// 3}</c>).
/// </summary>
internal sealed class ParameterReader(UserErrorList mistakes)
{
    /// <summary>Reads one value for each parameter, in the file's order.</summary>
    public List<PlacedValue> Values(SpecMapping mapping)
    {
        List<PlacedValue> values = [];
        foreach ((Parameter parameter, SourceLocation place, SpecNode node) in Leaves(mapping))
        {
            if (Value(parameter, place, node) is { } value)
                values.Add(new PlacedValue(parameter, value, place));
        }
        foreach (SpecEntry entry in mapping.Entries.Where(e => e.Key == Compatibility.Key))
            Compatibility.Expand(entry.Value, entry.Location, values, mistakes);
        return values;
    }

    /// <summary>Reads a list of values for each parameter, in the file's order.</summary>
    public List<PlacedValues> Lists(SpecMapping mapping)
    {
        List<PlacedValues> lists = [];
        foreach (SpecEntry entry in mapping.Entries.Where(e => e.Key == Compatibility.Key))
            mistakes.Add(
                entry.Location,
                $"{Compatibility.Key} stands for several parameters and cannot vary under 'over'; give it in arms or points"
            );
        foreach ((Parameter parameter, SourceLocation place, SpecNode node) in Leaves(mapping))
        {
            if (node is SpecMapping { Entries: var keys } && keys.Exists(key => key.Key is "min" or "max"))
            {
                mistakes.Add(
                    place,
                    $"{parameter.Name} has a range, from which modes random, sobol and tpe draw; set the mode, or list the values"
                );
                continue;
            }
            List<ParameterValue> values = List(parameter, place, node);
            if (values.Count > 0)
                lists.Add(new PlacedValues(parameter, values, place));
        }
        return lists;
    }

    /// <summary>Reads a list of values of a parameter, each once.</summary>
    public List<ParameterValue> List(Parameter parameter, SourceLocation place, SpecNode node)
    {
        if (node is not SpecSequence list)
        {
            mistakes.Add(place, $"{parameter.Name} expects a list of values to vary, got {node.Display}");
            return [];
        }
        if (list.Items.Count == 0)
            mistakes.Add(place, $"{parameter.Name} has no value to vary; an empty list makes an empty grid");
        List<ParameterValue> values = [];
        HashSet<ParameterValue> seen = [];
        foreach (SpecNode item in list.Items)
        {
            if (Value(parameter, item.IsNothing ? place : item.Location, item) is not { } value)
                continue;
            if (seen.Add(value))
                values.Add(value);
            else
                mistakes.Add(item.Location, $"{parameter.Name} lists {value} twice; each value may stand once");
        }
        return values;
    }

    public static ParameterSet ToSet(IEnumerable<PlacedValue> values) =>
        new(values.Select(v => KeyValuePair.Create(v.Parameter.Name, v.Value)));

    private ParameterValue? Value(Parameter parameter, SourceLocation place, SpecNode node)
    {
        (ParameterValue? value, string complaint) = parameter.Type.Read(node);
        if (value is null)
            mistakes.Add(place, $"{parameter.Name} {complaint}");
        return value;
    }

    /// <summary>The parameters that a mapping names, each once, with what stands there, in the file's order.</summary>
    public List<(Parameter, SourceLocation, SpecNode)> Leaves(SpecMapping mapping)
    {
        List<(Parameter, SourceLocation, SpecNode)> leaves = [];
        Collect(mapping, "", new Dictionary<string, SourceLocation>(StringComparer.Ordinal), leaves);
        return leaves;
    }

    private void Collect(
        SpecMapping mapping,
        string prefix,
        Dictionary<string, SourceLocation> seen,
        List<(Parameter, SourceLocation, SpecNode)> leaves
    )
    {
        HashSet<string> keys = new(StringComparer.Ordinal);
        foreach (SpecEntry entry in mapping.Entries)
        {
            string name = prefix + entry.Key;
            if (!keys.Add(name) && !seen.ContainsKey(name))
                mistakes.Add(entry.Location, $"the key '{OneLine.Of(name)}' stands twice here; merge the two");
            else if (name == Compatibility.Key)
                continue;
            else if (ParameterSchema.Find(name) is { } parameter)
            {
                if (seen.TryAdd(name, entry.Location))
                    leaves.Add((parameter, entry.Location, entry.Value));
                else
                    mistakes.Add(entry.Location, $"{name} is given twice, first at {seen[name].Text}; keep one");
            }
            else if (!ParameterSchema.Groups.Contains(name))
                mistakes.Add(entry.Location, Unknown(name));
            else if (entry.Value is SpecMapping group)
                Collect(group, name + ".", seen, leaves);
            else if (!entry.Value.IsNothing)
                mistakes.Add(
                    entry.Location,
                    $"{name} is a group of parameters, not a value; give {Spelling.Either(Members(name))}"
                );
        }
    }

    private static string Unknown(string name)
    {
        IEnumerable<string> known = ParameterSchema
            .Groups.Concat(ParameterSchema.Parameters.Select(p => p.Name))
            .Append(Compatibility.Key);
        return $"unknown parameter '{OneLine.Of(name)}'{Spelling.Suggestion(name, known)}";
    }

    private static List<string> Members(string group) =>
        [.. ParameterSchema.Parameters.Select(p => p.Name).Where(n => n.StartsWith(group + ".", StringComparison.Ordinal))];
}
