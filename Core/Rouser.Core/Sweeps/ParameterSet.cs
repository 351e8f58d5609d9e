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
    private readonly SortedDictionary<string, ParameterValue> _values;

    /// <summary>Copies the pairs; of a name that stands twice the last value counts.</summary>
    public ParameterSet(IEnumerable<KeyValuePair<string, ParameterValue>> values)
    {
        _values = new SortedDictionary<string, ParameterValue>(StringComparer.Ordinal);
        foreach ((string name, ParameterValue value) in values) _values[name] = value;
    }

    /// <summary>No values.</summary>
    public static ParameterSet Empty { get; } = new([]);

    /// <summary>The pairs, by name.</summary>
    public IReadOnlyCollection<KeyValuePair<string, ParameterValue>> Values => _values;

    /// <summary>The value of that name, or null.</summary>
    public ParameterValue? Find(string name) => _values.GetValueOrDefault(name);

    /// <summary>These values with those of <paramref name="overrides"/> put over them.</summary>
    public ParameterSet With(ParameterSet overrides) => new(_values.Concat(overrides._values));
}
