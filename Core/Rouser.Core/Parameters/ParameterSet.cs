namespace Rouser.Core.Parameters;

/// <summary>Values by parameter name (<c>threshold.init</c>), ordered by name. Immutable.</summary>
public sealed class ParameterSet
{
    private readonly KeyValuePair<string, ParameterValue>[] _values;

    /// <summary>Copies the pairs; of a name that stands twice the last value counts.</summary>
    public ParameterSet(IEnumerable<KeyValuePair<string, ParameterValue>> values)
    {
        SortedDictionary<string, ParameterValue> sorted = new(StringComparer.Ordinal);
        foreach ((string name, ParameterValue value) in values)
            sorted[name] = value;
        _values = [.. sorted];
    }

    private ParameterSet(KeyValuePair<string, ParameterValue>[] sorted) => _values = sorted;

    /// <summary>No values.</summary>
    public static ParameterSet Empty { get; } = new([]);

    /// <summary>The pairs, by name.</summary>
    public IReadOnlyCollection<KeyValuePair<string, ParameterValue>> Values => _values;

    /// <summary>The same as a span.</summary>
    public ReadOnlySpan<KeyValuePair<string, ParameterValue>> AsSpan() => _values;

    /// <summary>The value of that name, or null.</summary>
    public ParameterValue? Find(string name)
    {
        int low = 0,
            high = _values.Length - 1;
        while (low <= high)
        {
            int middle = (low + high) / 2;
            int order = string.CompareOrdinal(_values[middle].Key, name);
            if (order == 0)
                return _values[middle].Value;
            if (order < 0)
                low = middle + 1;
            else
                high = middle - 1;
        }
        return null;
    }

    /// <summary>The value of that parameter, or null: trials that were recorded have no value of what they do not use.</summary>
    public ParameterValue? Find(Parameter parameter) => Find(parameter.Name);

    /// <summary>A parameter that is a number, or null where the set has no number of it.</summary>
    public double? FindReal(Parameter parameter) =>
        Find(parameter) switch
        {
            ParameterValue.Real number => number.Value,
            ParameterValue.Integer number => number.Value,
            _ => null,
        };

    /// <summary>A parameter that is a word, or null where the set has no word of it.</summary>
    public string? FindText(Parameter parameter) => (Find(parameter) as ParameterValue.Text)?.Value;

    /// <summary>The value of that parameter, or its default.</summary>
    public ParameterValue ValueOf(Parameter parameter) => Find(parameter.Name) ?? parameter.Default;

    /// <summary>A parameter that is a number.</summary>
    /// <exception cref="ArgumentException">It has another type.</exception>
    public double Real(Parameter parameter) =>
        ValueOf(parameter) switch
        {
            ParameterValue.Real number => number.Value,
            ParameterValue.Integer number => number.Value,
            ParameterValue other => throw TypeError(parameter, other),
        };

    /// <summary>A parameter that is a whole number.</summary>
    /// <exception cref="ArgumentException">It has another type.</exception>
    public long Int64(Parameter parameter) =>
        ValueOf(parameter) switch
        {
            ParameterValue.Integer number => number.Value,
            ParameterValue other => throw TypeError(parameter, other),
        };

    /// <summary>The same, of 32 bits.</summary>
    /// <exception cref="OverflowException">It is larger.</exception>
    public int Int32(Parameter parameter) => checked((int)Int64(parameter));

    /// <summary>A parameter that is a whole number, or null where it is the word <c>all</c>.</summary>
    public int? Int32OrAll(Parameter parameter) => ValueOf(parameter) is ParameterValue.Text ? null : Int32(parameter);

    /// <summary>A parameter that is a word or a folder.</summary>
    /// <exception cref="ArgumentException">It has another type.</exception>
    public string Text(Parameter parameter) =>
        ValueOf(parameter) switch
        {
            ParameterValue.Text word => word.Value,
            ParameterValue other => throw TypeError(parameter, other),
        };

    /// <summary>A parameter that is true or false.</summary>
    /// <exception cref="ArgumentException">It has another type.</exception>
    public bool Boolean(Parameter parameter) =>
        ValueOf(parameter) switch
        {
            ParameterValue.Boolean truth => truth.Value,
            ParameterValue other => throw TypeError(parameter, other),
        };

    /// <summary>A parameter that is a list of whole numbers.</summary>
    /// <exception cref="ArgumentException">It has another type.</exception>
    public IReadOnlyList<int> Int32s(Parameter parameter) =>
        ValueOf(parameter) switch
        {
            ParameterValue.Integers numbers => [.. numbers.Values.Select(n => checked((int)n))],
            ParameterValue other => throw TypeError(parameter, other),
        };

    /// <summary>
    /// A parameter whose words are the names of an enumeration (<see cref="ParameterType.EnumChoice{TEnum}"/>).
    /// </summary>
    /// <exception cref="ArgumentException">It has another word or type.</exception>
    public TEnum Choice<TEnum>(Parameter parameter)
        where TEnum : struct, Enum =>
        EnumNames<TEnum>.Values.TryGetValue(Text(parameter), out TEnum value)
            ? value
            : throw TypeError(parameter, ValueOf(parameter));

    /// <summary>The parameters of which two sets have other values, or only one of them has one; by name.</summary>
    public IEnumerable<string> NamesOfDifferences(ParameterSet other)
    {
        int own = 0,
            theirs = 0;
        while (own < _values.Length || theirs < other._values.Length)
        {
            int order =
                own == _values.Length ? 1
                : theirs == other._values.Length ? -1
                : string.CompareOrdinal(_values[own].Key, other._values[theirs].Key);
            if (order != 0)
                yield return order < 0 ? _values[own].Key : other._values[theirs].Key;
            else if (_values[own].Value != other._values[theirs].Value)
                yield return _values[own].Key;
            if (order <= 0)
                own++;
            if (order >= 0)
                theirs++;
        }
    }

    /// <summary>These values with those of <paramref name="overrides"/> put over them.</summary>
    public ParameterSet With(ParameterSet overrides)
    {
        ReadOnlySpan<KeyValuePair<string, ParameterValue>> under = _values,
            over = overrides._values;
        if (over.IsEmpty)
            return this;
        List<KeyValuePair<string, ParameterValue>> merged = new(under.Length + over.Length);
        while (!under.IsEmpty || !over.IsEmpty)
        {
            int order =
                under.IsEmpty ? 1
                : over.IsEmpty ? -1
                : string.CompareOrdinal(under[0].Key, over[0].Key);
            merged.Add(order < 0 ? under[0] : over[0]);
            if (order <= 0)
                under = under[1..];
            if (order >= 0)
                over = over[1..];
        }
        return new ParameterSet(merged.ToArray());
    }

    /// <summary>Takes pairs that are already in order, without a copy.</summary>
    public static ParameterSet FromSorted(KeyValuePair<string, ParameterValue>[] sorted) => new(sorted);

    private static ArgumentException TypeError(Parameter parameter, ParameterValue value) =>
        new($"{parameter.Name} cannot be {value}.", nameof(parameter));
}
