using System.Globalization;
using Rouser.Core.Parameters;

namespace Rouser.Sweeps;

/// <summary>What a sweep asks for that a run's folder was not made for, in words and with the way there is.</summary>
public static class PlanDifference
{
    private const int MostParameters = 3,
        MostValues = 4;

    /// <summary>Why the folder cannot take the sweep, and what to do: half a sentence.</summary>
    /// <param name="folder">The folder, as the user named it and would write it on a command line.</param>
    /// <param name="kept">The plan that it was made for.</param>
    /// <param name="asked">The plan of the sweep, another one.</param>
    public static string Describe(string folder, Plan kept, Plan asked)
    {
        HashSet<TrialId> known = [.. kept.Trials.Select(t => t.Id)];
        PlannedTrial[] added = [.. asked.Trials.Where(t => !known.Contains(t.Id))];
        if (added.Length == 0)
            return string.Create(
                CultureInfo.InvariantCulture,
                $"the folder was made for {kept.Trials.Count:N0} trials or other studies, this sweep asks for {asked.Trials.Count:N0} of them; "
                    + $"run it in another folder with --out"
            );
        HashSet<long> seeds = [.. kept.Trials.Select(t => t.Seed)];
        long[] newSeeds = [.. added.Select(t => t.Seed).Distinct().Order()];
        if (added.Length + known.Count == asked.Trials.Count && !newSeeds.Any(seeds.Contains))
            return string.Create(
                CultureInfo.InvariantCulture,
                $"the folder's run has the seeds {List(seeds.Order())}, this sweep asks for {List(newSeeds)} as well; train those alone in another "
                    + $"folder with --set \"seeds=[{string.Join(", ", newSeeds)}]\" --out OTHER, "
                    + $"then report both with rouser report {folder} OTHER --out FOLDER"
            );
        return string.Create(
            CultureInfo.InvariantCulture,
            $"the folder's run is of another sweep: {added.Length:N0} of this one's {asked.Trials.Count:N0} trials are not in it"
                + $"{Parameters(kept, asked)}; choose another folder with --out"
        );
    }

    private static string Parameters(Plan kept, Plan asked)
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
        return differing.Length == 0
            ? ""
            : $" ({string.Join("; ", differing.Take(MostParameters))}"
                + $"{(differing.Length > MostParameters ? $"; {differing.Length - MostParameters} more parameters" : "")})";

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
