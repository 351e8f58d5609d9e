using Rouser.Core.Parameters;
using Rouser.Data;
using Rouser.Snn;
using Rouser.Snn.Layers;

namespace Rouser.Sweeps;

/// <summary>
/// The one table of every parameter. Validation, "did you mean", <c>--set</c>, trial identity, table columns,
/// <see cref="TrialSettings"/> and docs/reference/sweep-file.md all come from it.
/// </summary>
public static class ParameterSchema
{
    /// <summary>The parameter that names the training engine.</summary>
    public const string Engine = "engine";

    /// <summary>Every parameter, in the order of the documentation.</summary>
    public static IReadOnlyList<Parameter> Parameters { get; } =
        Merged([
            .. DatasetCatalog.Family.Parameters,
            .. Augmentation.Parameters,
            TrialSettings.HiddenParameter,
            NetworkLayers.Parameter,
            .. MethodSettings.Parameters,
            TrialSettings.EpochsParameter,
            TrialSettings.NoopEpochParameter,
        ]);

    /// <summary>Every parameter with its default.</summary>
    public static ParameterSet Defaults { get; } = new(Parameters.Select(p => KeyValuePair.Create(p.Name, p.Default)));

    private static readonly Dictionary<string, Parameter> ByName = Parameters
        .SelectMany(p => new[] { p.Name, p.IdentityName }.Distinct(), (parameter, name) => (parameter, name))
        .ToDictionary(p => p.name, p => p.parameter, StringComparer.Ordinal);
    private static readonly Parameter[] Sorted = [.. Parameters.OrderBy(p => p.Name, StringComparer.Ordinal)];
    private static readonly HashSet<string> GroupNames =
    [
        .. Parameters.Where(p => p.Name.Contains('.', StringComparison.Ordinal)).Select(p => p.Name[..p.Name.LastIndexOf('.')]),
    ];

    /// <summary>The parameters that were renamed.</summary>
    internal static IReadOnlyList<Parameter> Renamed { get; } = [.. Parameters.Where(p => p.FormerName is not null)];

    /// <summary>The parameters of a trial's identity, in the order of their names there.</summary>
    internal static IReadOnlyList<Parameter> InIdentity { get; } =
    [.. Parameters.Where(p => p.IsIdentity).OrderBy(p => p.IdentityName, StringComparer.Ordinal)];

    /// <summary>The parameter of that name, or of that former name; null if there is none.</summary>
    public static Parameter? Find(string name) => ByName.GetValueOrDefault(name);

    /// <summary>The parameter of that name, for code that names one which is there.</summary>
    /// <exception cref="ArgumentException">There is none: it was renamed, and the code was not.</exception>
    public static Parameter Declared(string name) =>
        Find(name) ?? throw new ArgumentException($"No parameter is called {name}.", nameof(name));

    /// <summary>
    /// What two trainings differ in, by name. What is no part of a trial's identity, such as a folder, is left out.
    /// </summary>
    public static IEnumerable<string> IdentityDifferences(ParameterSet a, ParameterSet b) =>
        a.NamesOfDifferences(b).Where(name => Find(name) is not { IsIdentity: false });

    /// <summary>Groups of parameters: <c>surrogate</c>.</summary>
    internal static IReadOnlySet<string> Groups => GroupNames;

    /// <summary>Whether a method with these values uses the parameter.</summary>
    internal static bool IsUsedBy(this Parameter parameter, ParameterSet set) =>
        parameter.Condition?.Holds(name => ValueOf(set, name)) != false;

    /// <summary>The value in the set, or the default.</summary>
    internal static ParameterValue ValueOf(ParameterSet set, string name) => set.Find(name) ?? ByName[name].Default;

    /// <summary>
    /// What the method uses of these values, with defaults for what is missing. Two sets that mean the same training
    /// give the same values: <c>all</c> samples of a generated set become their number, those of a recorded one are
    /// left out, as are <c>all</c> steps.
    /// </summary>
    public static ParameterSet Used(ParameterSet set)
    {
        bool isGenerated = DatasetOf(set) is { NeedsFolder: false };
        List<KeyValuePair<string, ParameterValue>> used = new(Sorted.Length);
        ReadOnlySpan<KeyValuePair<string, ParameterValue>> given = set.AsSpan();
        foreach (Parameter parameter in Sorted)
        {
            // Both are in order, so one walk over them finds every value.
            while (!given.IsEmpty && string.CompareOrdinal(given[0].Key, parameter.Name) < 0)
                given = given[1..];
            if (!parameter.IsUsedBy(set))
                continue;
            ParameterValue value = !given.IsEmpty && given[0].Key == parameter.Name ? given[0].Value : parameter.Default;
            if (parameter.Type is ParameterType.Integer && value is ParameterValue.Text)
            {
                if (!isGenerated || parameter.Name == "bptt.window")
                    continue;
                value = new ParameterValue.Integer(
                    parameter.Name == "dataset.train_samples"
                        ? DatasetSettings.GeneratedTrainSamples
                        : DatasetSettings.GeneratedTestSamples
                );
            }
            if (parameter.Type is ParameterType.Real && value is ParameterValue.Text word)
            {
                if (word.Value != ParameterType.Auto || parameter.Auto?.Invoke(set) is not { } number)
                    continue;
                value = new ParameterValue.Real(number);
            }
            if (parameter.SilentDefault && value == parameter.Default)
                continue;
            used.Add(KeyValuePair.Create(parameter.Name, value));
        }
        return ParameterSet.FromSorted([.. used]);
    }

    /// <summary>Whether the set's data was made by a program.</summary>
    internal static bool IsSynthetic(ParameterSet set) => DatasetOf(set) is { Synthetic: true };

    private static DatasetDescription? DatasetOf(ParameterSet set) => DatasetCatalog.Family.Find(set)?.Build(set);

    /// <summary>
    /// Of a parameter that several methods use the first stands for all, under the conditions of all.
    /// </summary>
    private static List<Parameter> Merged(IEnumerable<Parameter> parameters) =>
        [
            .. parameters
                .GroupBy(p => p.Name)
                .Select(same =>
                    same.Aggregate((first, next) => first with { Condition = first.Condition!.OrElse(next.Condition!) })
                ),
        ];
}
