namespace Rouser.Core.Parameters;

/// <summary>A family of methods, whatever they build.</summary>
public interface IMethodFamily
{
    /// <summary>What its methods ask of values beside their own, all of them.</summary>
    IEnumerable<Requirement> Requirements { get; }

    /// <summary>What the method that these values choose asks of them.</summary>
    IReadOnlyList<Requirement> RequirementsOf(ParameterSet set);
}

/// <summary>
/// All methods that do the same thing, and the parameter that chooses among them: everything that the sweep file, the
/// documentation and trials know of them comes from here.
/// </summary>
/// <remarks>
/// The methods are asked for when they are first needed, because a family and its methods stand in each other's
/// types, of which either may be initialised first.
/// </remarks>
/// <typeparam name="T">What its methods build.</typeparam>
/// <param name="selector">The parameter's name: <c>surrogate.kind</c>.</param>
/// <param name="standard">The word where a sweep file is silent.</param>
/// <param name="doc">The parameter's documentation, in which <c>{0}</c> stands for the list of the methods.</param>
/// <param name="methods">The methods, in the order of the documentation.</param>
public sealed class MethodFamily<T>(string selector, string standard, string doc, Func<IReadOnlyList<Method<T>>> methods)
    : IMethodFamily
{
    private readonly Lazy<Contents> _contents = new(() => new Contents(selector, standard, doc, methods()));

    /// <summary>The name of the parameter that chooses.</summary>
    public string Name => selector;

    /// <summary>Parameters that every method has.</summary>
    public IReadOnlyList<Parameter> Common { get; init; } = [];

    /// <summary>
    /// Whether the selector came after trials were first named, see <see cref="Parameter.SilentDefault"/>.
    /// </summary>
    public bool SilentDefault { get; init; }

    /// <summary>The parameter that chooses.</summary>
    public Parameter Selector => _contents.Value.Selector with { SilentDefault = SilentDefault };

    /// <summary>The methods, in the order of the documentation.</summary>
    public IReadOnlyList<Method<T>> Methods => _contents.Value.Methods;

    /// <summary>The selector, what all methods have, and what some of them use, each with its condition.</summary>
    public IEnumerable<Parameter> Parameters =>
        [
            Selector,
            .. Common,
            .. Methods
                .SelectMany(m => m.Parameters)
                .Distinct()
                .Select(parameter =>
                    parameter with
                    {
                        Condition = new UsedIf(
                            selector,
                            [.. Methods.Where(m => m.Parameters.Contains(parameter)).Select(m => m.Name)]
                        ),
                    }
                ),
        ];

    /// <inheritdoc/>
    public IEnumerable<Requirement> Requirements => Methods.SelectMany(m => m.Requirements);

    /// <summary>The method that these values choose, made from them.</summary>
    /// <exception cref="ArgumentException">They choose none.</exception>
    public T Build(ParameterSet set) =>
        Find(set) is { } method
            ? method.Build(set)
            : throw new ArgumentException($"{selector} cannot be {set.ValueOf(_contents.Value.Selector)}.", nameof(set));

    /// <summary>The method that these values choose; null where its word is none of the family's.</summary>
    public Method<T>? Find(ParameterSet set)
    {
        ArgumentNullException.ThrowIfNull(set);
        return _contents.Value.ByName.GetValueOrDefault(set.Text(_contents.Value.Selector));
    }

    /// <inheritdoc/>
    public IReadOnlyList<Requirement> RequirementsOf(ParameterSet set) => Find(set)?.Requirements ?? [];

    private sealed class Contents(string selector, string standard, string doc, IReadOnlyList<Method<T>> methods)
    {
        public IReadOnlyList<Method<T>> Methods { get; } = methods;

        public Dictionary<string, Method<T>> ByName { get; } = methods.ToDictionary(m => m.Name, StringComparer.Ordinal);

        public Parameter Selector { get; } =
            new(
                selector,
                new ParameterType.Choice([.. methods.Select(m => m.Name)]),
                standard,
                doc.Replace("{0}", string.Join('\n', methods.Select(m => $"`{m.Name}`: {m.Doc}")), StringComparison.Ordinal)
            );
    }
}
