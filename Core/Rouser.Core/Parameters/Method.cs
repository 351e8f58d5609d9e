namespace Rouser.Core.Parameters;

/// <summary>
/// One of several ways to do the same thing, as a sweep file names it: a surrogate, a threshold rule, a loss. It
/// stands in the file of the type that it builds, as a static property <c>Method</c>; that file is the method's home.
/// </summary>
/// <typeparam name="T">What it builds; immutable.</typeparam>
/// <param name="Name">Its word in a sweep file: <c>gaussian</c>.</param>
/// <param name="Doc">What it is, in the list of its family's words.</param>
/// <param name="Parameters">The parameters that it uses besides those that all methods of its family have.</param>
/// <param name="Build">Makes it from a trial's values.</param>
public sealed record Method<T>(string Name, string Doc, IReadOnlyList<Parameter> Parameters, Func<ParameterSet, T> Build)
{
    /// <summary>What it asks of values beside its own.</summary>
    public IReadOnlyList<Requirement> Requirements { get; init; } = [];
}

/// <summary>What a method asks of a trial's values, beyond what each parameter allows by itself.</summary>
/// <param name="Parameter">The name of the parameter to point at where it is not met.</param>
/// <param name="Complaint">What is wrong with the values, as one sentence with the remedy; null if nothing is.</param>
public sealed record Requirement(string Parameter, Func<ParameterSet, string?> Complaint)
{
    /// <summary>
    /// Numbers that the complaint looks at besides <see cref="Parameter"/>. It may look at any parameter that is no
    /// real number.
    /// </summary>
    public IReadOnlyList<Parameter> Also { get; init; } = [];
}
