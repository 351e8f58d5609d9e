namespace Rouser.Core.Sweeps;

/// <summary>When a method uses a parameter: the value of another one decides.</summary>
/// <param name="Selector">The other one, <c>threshold.rule</c>.</param>
/// <param name="Words">Its values for which the parameter is used.</param>
public sealed record UsedIf(string Selector, params IReadOnlyList<string> Words)
{
    /// <summary>Another case in which it is used; null for none.</summary>
    public UsedIf? Or { get; init; }

    /// <summary>Whether it is, for these values.</summary>
    public bool Holds(ParameterSet complete) =>
        (ParameterSchema.ValueOf(complete, Selector) is ParameterValue.Word word && Words.Contains(word.Value)) || Or?.Holds(complete) == true;

    /// <summary><c>threshold.rule is learned</c>.</summary>
    public override string ToString() => $"{Selector} is {Spelling.Either(Words)}{(Or is null ? "" : $", or {Or}")}";
}

/// <summary>One parameter of a trial.</summary>
/// <param name="Name">Dotted: <c>surrogate.tau</c>.</param>
/// <param name="Type">The values it may take.</param>
/// <param name="Default">Its value where the file is silent.</param>
/// <param name="Doc">What it is, with symbol and unit.</param>
/// <param name="Condition">When it is used; null for always.</param>
/// <param name="SilentDefault">
/// Whether its default stands for nothing and is left out of what a method uses: so for parameters that came after trials were first named, which keep their names.
/// </param>
public sealed record Parameter(
    string Name, ParameterType Type, ParameterValue Default, string Doc, UsedIf? Condition = null, bool SilentDefault = false)
{
    /// <summary>Its type in a table.</summary>
    public ParameterKind Kind => Type.Kind;

    /// <summary>
    /// Whether it belongs to a trial's identity as it stands. A folder does not: the digest of the data in it does. Nor does the engine: its name with its
    /// version does.
    /// </summary>
    public bool IsIdentity => Type is not ParameterType.Path && Name != ParameterSchema.Engine;

    /// <summary>Whether a method with these values uses it.</summary>
    public bool IsUsedBy(ParameterSet complete) => Condition?.Holds(complete) != false;
}
