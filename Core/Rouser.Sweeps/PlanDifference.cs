using System.Globalization;
using Rouser.Core.Parameters;

namespace Rouser.Sweeps;

/// <summary>What two plans of a sweep differ in, in words.</summary>
public static class PlanDifference
{
    private const int MostParameters = 3,
        MostValues = 4;

    /// <summary>
    /// The parameters, seeds, data and engines: <c>epochs 12 instead of 8; seed 0, 1, 2 instead of 0, 1</c>. Empty if
    /// both take the same values.
    /// </summary>
    /// <param name="kept">The plan of before.</param>
    /// <param name="asked">The plan of now.</param>
    public static string Describe(Plan kept, Plan asked)
    {
        Dictionary<string, SortedSet<string>> before = ValuesOf(kept),
            now = ValuesOf(asked);
        string[] differing =
        [
            .. now
                .Keys.Union(before.Keys)
                .Order(StringComparer.Ordinal)
                .Where(name => !Of(before, name).SetEquals(Of(now, name)))
                .Select(name => $"{name} {List(Of(now, name))} instead of {List(Of(before, name))}"),
        ];
        return string.Join("; ", differing.Take(MostParameters))
            + (differing.Length > MostParameters ? $"; {differing.Length - MostParameters} more parameters" : "");

        static SortedSet<string> Of(Dictionary<string, SortedSet<string>> values, string name) =>
            values.GetValueOrDefault(name) ?? ["its default"];
    }

    /// <summary>The values that each parameter takes in a plan, and its seeds, data and engines as such.</summary>
    private static Dictionary<string, SortedSet<string>> ValuesOf(Plan plan)
    {
        Dictionary<string, SortedSet<string>> values = [];
        foreach (PlannedTrial trial in plan.Trials)
        {
            Add("seed", trial.Seed.ToString(CultureInfo.InvariantCulture));
            Add("data", trial.DataDigest[..Math.Min(8, trial.DataDigest.Length)]);
            Add("engine version", trial.Engine);
            foreach ((string name, ParameterValue value) in trial.Parameters.Values)
                Add(name, $"{value}");
        }
        return values;

        void Add(string name, string value)
        {
            if (!values.TryGetValue(name, out SortedSet<string>? seen))
                values[name] = seen = new(StringComparer.Ordinal);
            seen.Add(value);
        }
    }

    private static string List<T>(IEnumerable<T> values)
    {
        string[] texts = [.. values.Select(v => string.Create(CultureInfo.InvariantCulture, $"{v}"))];
        return string.Join(", ", texts.Take(MostValues)) + (texts.Length > MostValues ? ", …" : "");
    }
}
