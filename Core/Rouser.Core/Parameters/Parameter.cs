namespace Rouser.Core.Parameters;

/// <summary>When a method uses a parameter: the value of another one decides.</summary>
/// <param name="Selector">The other one, <c>threshold.rule</c>.</param>
/// <param name="Values">Its values for which the parameter is used.</param>
public sealed record UsedIf(string Selector, params IReadOnlyList<string> Values)
{
    /// <summary>Another case in which it is used; null for none.</summary>
    public UsedIf? Or { get; init; }

    /// <summary>These cases, and another one.</summary>
    public UsedIf OrElse(UsedIf other) => this with { Or = Or?.OrElse(other) ?? other };

    /// <summary>Whether it is used.</summary>
    /// <param name="valueOf">The value of a parameter, by its name.</param>
    public bool Holds(Func<string, ParameterValue> valueOf) =>
        (valueOf(Selector) is ParameterValue.Text word && Values.Contains(word.Value)) || Or?.Holds(valueOf) == true;

    /// <summary><c>threshold.rule is learned</c>.</summary>
    public override string ToString() => $"{Selector} is {Spelling.Either(Values)}{(Or is null ? "" : $", or {Or}")}";
}

/// <summary>One parameter of a trial.</summary>
/// <param name="Name">Dotted: <c>surrogate.tau</c>.</param>
/// <param name="Type">The values it may take.</param>
/// <param name="Default">Its value where the file is silent.</param>
/// <param name="Doc">What it is, with symbol and unit.</param>
/// <param name="Condition">When it is used; null for always.</param>
/// <param name="SilentDefault"> Whether its default stands for nothing and is left out of what a method uses: so for
/// parameters that came after trials were first named, which keep their names.
/// </param>
public sealed record Parameter(
    string Name,
    ParameterType Type,
    ParameterValue Default,
    string Doc,
    UsedIf? Condition = null,
    bool SilentDefault = false
)
{
    /// <summary>A number.</summary>
    public Parameter(string name, ParameterType.Real type, double value, string doc)
        : this(name, type, new ParameterValue.Real(value), doc) { }

    /// <summary>A whole number.</summary>
    public Parameter(string name, ParameterType.Integer type, int value, string doc)
        : this(name, type, new ParameterValue.Integer(value), doc) { }

    /// <summary>A word.</summary>
    public Parameter(string name, ParameterType type, string value, string doc)
        : this(name, type, new ParameterValue.Text(value), doc) { }

    /// <summary>True or false.</summary>
    public Parameter(string name, ParameterType.Boolean type, bool value, string doc)
        : this(name, type, new ParameterValue.Boolean(value), doc) { }

    /// <summary>
    /// A value that says what holds anyway where the parameter is not used, and may be given there: a threshold
    /// learning rate of 0 where thresholds are fixed. Null for none.
    /// </summary>
    public ParameterValue? Neutral { get; init; }

    /// <summary>
    /// What the word <c>auto</c> stands for beside other values, null where they ask for no such number. A trial is
    /// the number: it is what identities, plans and tables have.
    /// </summary>
    public Func<ParameterSet, double?>? Auto { get; init; }

    /// <summary>
    /// Whether it belongs to a trial's identity as it stands. A folder does not: the digest of the data in it does.
    /// Nor does the engine: its name with its version does.
    /// </summary>
    public bool IsIdentity { get; init; } = Type is not ParameterType.FolderPath;

    /// <summary>
    /// The name that it had before; null if it had no other. It is still read wherever a parameter is named.
    /// </summary>
    public string? FormerName { get; init; }

    /// <summary>
    /// Its name in the identity of a trial: the first one that it had, so that a renamed parameter leaves every trial
    /// the trial that it was.
    /// </summary>
    public string IdentityName => FormerName ?? Name;
}
