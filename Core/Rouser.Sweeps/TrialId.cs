namespace Rouser.Sweeps;

/// <summary>
/// A trial's identity: the first 128 bits of the SHA-256 of its content (parameters that its method uses, seed, data
/// digest, engine version), as 32 lower-case hex digits. Trials with the same content are the same trial, whatever
/// study or arm asks for them.
/// </summary>
/// <param name="Value">32 lower-case hex digits.</param>
public readonly record struct TrialId(string Value) : IComparable<TrialId>
{
    /// <summary>The first eight digits, for the console.</summary>
    public string Short => Value[..8];

    /// <inheritdoc/>
    public int CompareTo(TrialId other) => string.CompareOrdinal(Value, other.Value);

    /// <inheritdoc/>
    public override string ToString() => Value;
}
