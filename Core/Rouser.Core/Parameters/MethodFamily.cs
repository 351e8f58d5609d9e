namespace Rouser.Core.Parameters;

/// <summary>A family of methods, whatever they build.</summary>
public interface IMethodFamily
{
    /// <summary>The name of the parameter that chooses: <c>surrogate.kind</c>.</summary>
    string Name { get; }

    /// <summary>The selector, what all methods have, and what some of them use, each with its condition.</summary>
    IEnumerable<Parameter> Parameters { get; }

    /// <summary>
    /// The methods of the program itself, and parameters that every method has. May be asked before plug-ins are
    /// registered.
    /// </summary>
    (IReadOnlyList<IMethod> Methods, IReadOnlyList<Parameter> Common) Own { get; }

    /// <summary>The methods that a plug-in brings for this family. May be asked before it is registered.</summary>
    /// <exception cref="System.Reflection.TargetInvocationException">One of them cannot be made.</exception>
    IReadOnlyList<IMethod> MethodsOf(Plugin plugin);

    /// <summary>The plug-in that brings the method that these values choose; null for the program's own.</summary>
    Plugin? PluginOf(ParameterSet set);

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
    private Contents? _contents;

    /// <inheritdoc/>
    public string Name => selector;

    /// <summary>Parameters that every method has.</summary>
    public IReadOnlyList<Parameter> Common { get; init; } = [];

    /// <summary>
    /// Whether plug-ins may add to it; not where a method is more than what it shows, as a membrane is to the kernels.
    /// </summary>
    public bool IsOpen { get; init; } = true;

    /// <summary>
    /// Whether the selector came after trials were first named, see <see cref="Parameter.SilentDefault"/>.
    /// </summary>
    public bool SilentDefault { get; init; }

    /// <summary>The parameter that chooses.</summary>
    public Parameter Selector => Known.Selector with { SilentDefault = SilentDefault };

    /// <summary>The methods, in the order of the documentation; those of plug-ins last.</summary>
    public IReadOnlyList<Method<T>> Methods => Known.Methods;

    /// <inheritdoc/>
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

    /// <inheritdoc/>
    public (IReadOnlyList<IMethod> Methods, IReadOnlyList<Parameter> Common) Own => (methods(), Common);

    /// <inheritdoc/>
    public IReadOnlyList<IMethod> MethodsOf(Plugin plugin) => IsOpen ? [.. plugin.MethodsOf<T>()] : [];

    /// <inheritdoc/>
    public Plugin? PluginOf(ParameterSet set) => Find(set)?.Plugin;

    /// <summary>The method that these values choose, made from them.</summary>
    /// <exception cref="ArgumentException">They choose none.</exception>
    public T Build(ParameterSet set) =>
        Find(set) is { } method
            ? method.Build(set)
            : throw new ArgumentException($"{selector} cannot be {set.ValueOf(Known.Selector)}.", nameof(set));

    /// <summary>The method that these values choose; null where its word is none of the family's.</summary>
    public Method<T>? Find(ParameterSet set)
    {
        ArgumentNullException.ThrowIfNull(set);
        return Known.ByName.GetValueOrDefault(set.Text(Known.Selector));
    }

    // Two threads may make it twice, and get the same.
    private Contents Known =>
        _contents ??= new Contents(
            selector,
            standard,
            doc,
            [.. methods(), .. IsOpen ? Plugins.Registered.SelectMany(plugin => plugin.MethodsOf<T>()) : []],
            IsOpen ? "; a word of a plug-in needs that plug-in here, see rouser doctor" : ""
        );

    /// <inheritdoc/>
    public IReadOnlyList<Requirement> RequirementsOf(ParameterSet set) => Find(set)?.Requirements ?? [];

    private sealed class Contents(string selector, string standard, string doc, IReadOnlyList<Method<T>> methods, string hint)
    {
        public IReadOnlyList<Method<T>> Methods { get; } = methods;

        public Dictionary<string, Method<T>> ByName { get; } = methods.ToDictionary(m => m.Name, StringComparer.Ordinal);

        public Parameter Selector { get; } =
            new(
                selector,
                new ParameterType.Choice([.. methods.Select(m => m.Name)]) { Hint = hint },
                standard,
                doc.Replace("{0}", string.Join('\n', methods.Select(m => $"`{m.Name}`: {m.Doc}")), StringComparison.Ordinal)
            );
    }
}
