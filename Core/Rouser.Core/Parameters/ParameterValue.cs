namespace Rouser.Core.Parameters;

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
    public sealed record Text(string Value) : ParameterValue
    {
        /// <inheritdoc/>
        public override string ToString() => Value;
    }

    /// <summary>True or false.</summary>
    public sealed record Boolean(bool Value) : ParameterValue
    {
        /// <inheritdoc/>
        public override string ToString() => Value ? "true" : "false";
    }

    /// <summary>A list of whole numbers, such as the hidden layers' sizes.</summary>
    public sealed record Integers(IReadOnlyList<long> Values) : ParameterValue
    {
        /// <inheritdoc/>
        public override string ToString() => $"[{string.Join(", ", Values)}]";

        /// <summary>Reads what <see cref="ToString"/> wrote; null if it is none of it.</summary>
        public static Integers? Read(string text)
        {
            if (text is not ['[', .., ']'])
                return null;
            List<long> values = [];
            foreach (
                string part in text[1..^1].Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)
            )
            {
                if (!long.TryParse(part, System.Globalization.CultureInfo.InvariantCulture, out long value))
                    return null;
                values.Add(value);
            }
            return new Integers(values);
        }

        /// <inheritdoc/>
        public bool Equals(Integers? other) => other is not null && Values.SequenceEqual(other.Values);

        /// <inheritdoc/>
        public override int GetHashCode() => Values.Aggregate(17, HashCode.Combine);
    }
}
