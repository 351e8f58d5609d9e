namespace Rouser.Core.Sweeps;

/// <summary>The value of a parameter: a number, a word, a truth value or a list of whole numbers.</summary>
public abstract record ParameterValue
{
    /// <summary>A whole number.</summary>
    public sealed record Integer(long Value) : ParameterValue
    {
        /// <inheritdoc/>
        public override string ToString() => Value.ToString(System.Globalization.CultureInfo.InvariantCulture);
    }

    /// <summary>A real number, finite.</summary>
    public sealed record Real(double Value) : ParameterValue
    {
        /// <inheritdoc/>
        public override string ToString() => Value.ToString("R", System.Globalization.CultureInfo.InvariantCulture);
    }

    /// <summary>A word or path.</summary>
    public sealed record Word(string Value) : ParameterValue
    {
        /// <inheritdoc/>
        public override string ToString() => Value;
    }

    /// <summary>True or false.</summary>
    public sealed record Truth(bool Value) : ParameterValue
    {
        /// <inheritdoc/>
        public override string ToString() => Value ? "true" : "false";
    }

    /// <summary>A list of whole numbers, such as the hidden layers' sizes.</summary>
    public sealed record Integers(IReadOnlyList<long> Values) : ParameterValue
    {
        /// <inheritdoc/>
        public override string ToString() => $"[{string.Join(", ", Values)}]";

        /// <inheritdoc/>
        public bool Equals(Integers? other) => other is not null && Values.SequenceEqual(other.Values);

        /// <inheritdoc/>
        public override int GetHashCode() => Values.Aggregate(17, HashCode.Combine);
    }
}

/// <summary>Values by parameter name (<c>threshold.init</c>), ordered by name. Immutable.</summary>
public sealed class ParameterSet
{
    private readonly string[] _names;
    private readonly KeyValuePair<string, ParameterValue>[] _values;

    /// <summary>Copies the pairs; of a name that stands twice the last value counts.</summary>
    public ParameterSet(IEnumerable<KeyValuePair<string, ParameterValue>> values)
    {
        SortedDictionary<string, ParameterValue> sorted = new(StringComparer.Ordinal);
        foreach ((string name, ParameterValue value) in values) sorted[name] = value;
        _values = [.. sorted];
        _names = [.. sorted.Keys];
    }

    private ParameterSet(KeyValuePair<string, ParameterValue>[] sorted)
    {
        _values = sorted;
        _names = Array.ConvertAll(sorted, pair => pair.Key);
    }

    /// <summary>No values.</summary>
    public static ParameterSet Empty { get; } = new([]);

    /// <summary>The pairs, by name.</summary>
    public IReadOnlyCollection<KeyValuePair<string, ParameterValue>> Values => _values;

    /// <summary>The value of that name, or null.</summary>
    public ParameterValue? Find(string name) =>
        Array.BinarySearch(_names, name, StringComparer.Ordinal) is >= 0 and int place ? _values[place].Value : null;

    /// <summary>These values with those of <paramref name="overrides"/> put over them.</summary>
    public ParameterSet With(ParameterSet overrides)
    {
        if (overrides._values.Length == 0) return this;
        List<KeyValuePair<string, ParameterValue>> merged = new(_values.Length + overrides._values.Length);
        int i = 0, j = 0;
        while (i < _values.Length || j < overrides._values.Length)
        {
            int order = i == _values.Length ? 1 : j == overrides._values.Length ? -1 : string.CompareOrdinal(_names[i], overrides._names[j]);
            merged.Add(order < 0 ? _values[i] : overrides._values[j]);
            if (order <= 0) i++;
            if (order >= 0) j++;
        }
        return new ParameterSet(merged.ToArray());
    }

    /// <summary>Takes pairs that are already in order, without a copy.</summary>
    internal static ParameterSet FromSorted(KeyValuePair<string, ParameterValue>[] sorted) => new(sorted);
}
