using Rouser.Core.Parameters;

namespace Rouser.Sweeps;

/// <summary>
/// <c>compat</c>: one key that stands for several parameters, so that a whole set of conventions has a name. It is
/// read as if its parameters stood in its place, so it means the same in <c>base</c>, an arm or a point, and what
/// comes later (an arm after the base) may change each of them alone.
/// </summary>
public static class Compatibility
{
    /// <summary>The key.</summary>
    public const string Key = "compat";

    /// <summary>
    /// What lava-dl's SLAYER 2.0 does: <c>neuron/cuba.py</c>, <c>dynamics/leaky_integrator.py</c>,
    /// <c>spike/spike.py</c>, <c>block/base.py</c>, <c>loss.py</c>.
    /// </summary>
    private const string Slayer2 = "lava-dl-slayer2";

    /// <summary>The words, each with the parameters that it stands for.</summary>
    public static IReadOnlyDictionary<string, IReadOnlyList<KeyValuePair<string, ParameterValue>>> Sets { get; } =
        new Dictionary<string, IReadOnlyList<KeyValuePair<string, ParameterValue>>>(StringComparer.Ordinal)
        {
            [Slayer2] =
            [
                KeyValuePair.Create<string, ParameterValue>("neuron.reset", new ParameterValue.Text("hard")),
                KeyValuePair.Create<string, ParameterValue>("neuron.coupling", new ParameterValue.Text("same_step")),
                KeyValuePair.Create<string, ParameterValue>("neuron.reset_gradient", new ParameterValue.Text("none")),
                KeyValuePair.Create<string, ParameterValue>("surrogate.kind", new ParameterValue.Text("exponential")),
                KeyValuePair.Create<string, ParameterValue>("surrogate.convention", new ParameterValue.Text("lava")),
                KeyValuePair.Create<string, ParameterValue>("loss.time_reduction", new ParameterValue.Text("sum")),
                KeyValuePair.Create<string, ParameterValue>("loss.output_delayed", new ParameterValue.Boolean(true)),
                KeyValuePair.Create<string, ParameterValue>("quantize", new ParameterValue.Text("lava")),
            ],
        };

    /// <summary>Whether a parameter has the value that some word stands for.</summary>
    public static bool Has(string parameter, ParameterValue value) =>
        Sets.Values.Any(set => set.Any(p => p.Key == parameter && p.Value == value));

    /// <summary>
    /// Adds what <c>compat</c> stands for to the values that stand beside it; one that contradicts it is a mistake.
    /// </summary>
    internal static void Expand(SpecNode node, SourceLocation place, List<PlacedValue> values, UserErrorList mistakes)
    {
        if (
            node is not SpecScalar scalar
            || !Sets.TryGetValue(scalar.Text, out IReadOnlyList<KeyValuePair<string, ParameterValue>>? set)
        )
        {
            string suggestion = node is SpecScalar { Text: var text } ? Spelling.Suggestion(text, Sets.Keys) : "";
            mistakes.Add(place, $"{Key} expects {Spelling.Either([.. Sets.Keys])}, got {node.Display}{suggestion}");
            return;
        }
        foreach ((string name, ParameterValue value) in set)
        {
            int beside = values.FindIndex(v => v.Parameter.Name == name);
            if (beside < 0)
                values.Add(new PlacedValue(ParameterSchema.Find(name)!, value, place, IsImplied: true));
            else if (values[beside].Value != value)
            {
                mistakes.Add(
                    values[beside].Location,
                    $"{name} ({values[beside].Value}) contradicts {Key}: {scalar.Text} beside it, which sets {value}; "
                        + $"remove one, or set {name} in an arm or a point over it"
                );
            }
        }
    }
}
