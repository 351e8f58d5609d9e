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
    private readonly KeyValuePair<string, ParameterValue>[] _values;

    /// <summary>Copies the pairs; of a name that stands twice the last value counts.</summary>
    public ParameterSet(IEnumerable<KeyValuePair<string, ParameterValue>> values)
    {
        SortedDictionary<string, ParameterValue> sorted = new(StringComparer.Ordinal);
        foreach ((string name, ParameterValue value) in values) sorted[name] = value;
        _values = [.. sorted];
    }

    private ParameterSet(KeyValuePair<string, ParameterValue>[] sorted) => _values = sorted;

    /// <summary>No values.</summary>
    public static ParameterSet Empty { get; } = new([]);

    /// <summary>The pairs, by name.</summary>
    public IReadOnlyCollection<KeyValuePair<string, ParameterValue>> Values => _values;

    /// <summary>The same as a span.</summary>
    internal ReadOnlySpan<KeyValuePair<string, ParameterValue>> Sorted => _values;

    /// <summary>The value of that name, or null.</summary>
    public ParameterValue? Find(string name)
    {
        int low = 0, high = _values.Length - 1;
        while (low <= high)
        {
            int middle = (low + high) / 2;
            int order = string.CompareOrdinal(_values[middle].Key, name);
            if (order == 0) return _values[middle].Value;
            if (order < 0) low = middle + 1;
            else high = middle - 1;
        }
        return null;
    }

    /// <summary>These values with those of <paramref name="overrides"/> put over them.</summary>
    public ParameterSet With(ParameterSet overrides)
    {
        ReadOnlySpan<KeyValuePair<string, ParameterValue>> under = _values, over = overrides._values;
        if (over.IsEmpty) return this;
        List<KeyValuePair<string, ParameterValue>> merged = new(under.Length + over.Length);
        while (!under.IsEmpty || !over.IsEmpty)
        {
            int order = under.IsEmpty ? 1 : over.IsEmpty ? -1 : string.CompareOrdinal(under[0].Key, over[0].Key);
            merged.Add(order < 0 ? under[0] : over[0]);
            if (order <= 0) under = under[1..];
            if (order >= 0) over = over[1..];
        }
        return new ParameterSet(merged.ToArray());
    }

    /// <summary>Takes pairs that are already in order, without a copy.</summary>
    internal static ParameterSet FromSorted(KeyValuePair<string, ParameterValue>[] sorted) => new(sorted);
}
