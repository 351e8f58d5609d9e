using System.Text.RegularExpressions;

namespace Rouser.Data.Splits;

/// <summary>
/// Divides recordings into those that are kept and those that are held out. A pure function of the recordings, their
/// classes and the rule, so that every machine divides them in the same way, and no recording is in two parts.
/// </summary>
public static class RecordingSplit
{
    /// <summary>Divides.</summary>
    /// <param name="origins">Where each sample is from.</param>
    /// <param name="labels">The class of each.</param>
    /// <param name="groups">The pattern of <c>dataset.groups</c>; null where the set knows its groups itself.</param>
    /// <param name="rule">What is held out.</param>
    /// <param name="key">The rule's place in the sweep file, <c>dataset.validation</c>. It also keeps the draws of two
    /// rules with one seed apart.</param>
    /// <param name="place">The set, for mistakes.</param>
    /// <returns>For each sample, whether it is held out: at least one is, and at least one is not.</returns>
    public static Result<bool[]> HeldOut(
        IReadOnlyList<SampleOrigin> origins,
        IReadOnlyList<int> labels,
        string? groups,
        SplitRule rule,
        string key,
        string place
    )
    {
        ArgumentNullException.ThrowIfNull(origins);
        ArgumentNullException.ThrowIfNull(labels);
        ArgumentNullException.ThrowIfNull(rule);
        if (rule.By == SplitBy.Files)
            return Named(origins, rule.Files, key, place);
        return (rule.Unit == SplitUnit.Group ? Groups(origins, groups, key, place) : Recordings(origins, labels)).Then(units =>
            Draw(units, rule, key, place)
                .Then<bool[]>(held =>
                {
                    HashSet<string> names = [.. units.Where((_, i) => held[i]).Select(unit => unit.Name)];
                    return UnitsOf(origins, groups, rule.Unit).Select(names.Contains).ToArray();
                })
        );
    }

    /// <summary>
    /// How many of the units of each stratum are held out: of all together the share, rounded, and of each stratum its
    /// own share rounded up or down, those with the largest remainders up (Hamilton's method).
    /// </summary>
    /// <param name="sizes">The units of each stratum.</param>
    /// <param name="share">Above 0 and below 1.</param>
    internal static int[] Quotas(IReadOnlyList<int> sizes, double share)
    {
        int all = sizes.Sum();
        int wanted = Math.Clamp((int)Math.Round(share * all, MidpointRounding.AwayFromZero), 1, Math.Max(1, all - 1));
        int[] quotas = [.. sizes.Select(size => (int)Math.Floor(share * size))];
        foreach (
            int stratum in Enumerable
                .Range(0, sizes.Count)
                .OrderByDescending(s => (share * sizes[s]) - quotas[s])
                .ThenBy(s => s)
                .Take(Math.Max(0, wanted - quotas.Sum()))
        )
            quotas[stratum]++;
        return quotas;
    }

    private static Result<bool[]> Draw(IReadOnlyList<Unit> units, SplitRule rule, string key, string place)
    {
        if (units.Count < (rule.By == SplitBy.Fold ? rule.Folds : 2))
            return new UserError(
                place,
                $"has {units.Count} {(rule.Unit == SplitUnit.Group ? "groups" : "recordings")}, too few for {key} to divide; "
                    + $"{(rule.By == SplitBy.Fold ? $"lower {key}.folds" : "it needs two")}"
            );
        if (rule.By == SplitBy.Fold && rule.Fold > rule.Folds)
            return new UserError($"{key}.fold", $"({rule.Fold}) must be at most {key}.folds ({rule.Folds})");
        int[][] strata =
        [
            .. units.Select((unit, i) => (unit.Stratum, i)).GroupBy(u => u.Stratum, u => u.i).Select(g => g.ToArray()),
        ];
        RandomStream draw = new(rule.Seed, key);
        foreach (int[] stratum in strata)
            draw.Shuffle<int>(stratum);
        bool[] held = new bool[units.Count];
        if (rule.By == SplitBy.Share)
        {
            int[] quotas = Quotas([.. strata.Select(s => s.Length)], rule.Share);
            for (int s = 0; s < strata.Length; s++)
            {
                foreach (int unit in strata[s].Take(quotas[s]))
                    held[unit] = true;
            }
            return held;
        }
        // Dealt like cards, one class after the other, so that neither a part nor a class in it differs by more than one.
        int dealt = 0;
        foreach (int unit in strata.SelectMany(s => s))
            held[unit] = dealt++ % rule.Folds == rule.Fold - 1;
        return held;
    }

    /// <summary>A recording or a group.</summary>
    /// <param name="Stratum">Units of one stratum are alike: recordings of one class.</param>
    private readonly record struct Unit(string Name, int Stratum);

    private static IEnumerable<string> UnitsOf(IReadOnlyList<SampleOrigin> origins, string? groups, SplitUnit unit)
    {
        if (unit == SplitUnit.Recording)
            return origins.Select(o => o.Recording);
        if (groups is null)
            return origins.Select(o => o.Group);
        GroupPattern pattern = new(groups);
        return origins.Select(o => pattern.Find(o.Recording) ?? "");
    }

    private static Result<IReadOnlyList<Unit>> Recordings(IReadOnlyList<SampleOrigin> origins, IReadOnlyList<int> labels)
    {
        ILookup<string, int> byRecording = origins
            .Select((o, i) => (o.Recording, labels[i]))
            .ToLookup(o => o.Recording, o => o.Item2);
        bool isPure = byRecording.All(recording => recording.Distinct().Count() == 1);
        // By class, so that the order of the draws does not hang on which class comes first.
        return byRecording
            .Select(recording => new Unit(recording.Key, isPure ? recording.First() : 0))
            .OrderBy(unit => unit.Stratum)
            .ToArray();
    }

    private static Result<IReadOnlyList<Unit>> Groups(
        IReadOnlyList<SampleOrigin> origins,
        string? groups,
        string key,
        string place
    )
    {
        string[] found = [.. UnitsOf(origins, groups, SplitUnit.Group)];
        if (Array.IndexOf(found, "") is >= 0 and int unknown)
            return new UserError(
                place,
                groups is null
                    ? $"knows no subjects or speakers; set {key}.unit: recording, or dataset.groups to where they stand in the "
                        + $"names, such as '*_<group>_*'"
                    : $"holds {origins[unknown].Recording}, whose name does not fit dataset.groups ({groups}); correct the pattern"
            );
        return found.Distinct().Order(StringComparer.Ordinal).Select(name => new Unit(name, 0)).ToArray();
    }

    private static Result<bool[]> Named(IReadOnlyList<SampleOrigin> origins, string files, string key, string place)
    {
        bool[] held = new bool[origins.Count];
        foreach (string pattern in files.Split(',', StringSplitOptions.RemoveEmptyEntries))
        {
            Regex name = new(
                "^" + Regex.Escape(pattern).Replace("\\*", ".*", StringComparison.Ordinal) + "$",
                RegexOptions.NonBacktracking | RegexOptions.CultureInvariant
            );
            bool fits = false;
            for (int i = 0; i < held.Length; i++)
            {
                if (!name.IsMatch(origins[i].Recording))
                    continue;
                held[i] = fits = true;
            }
            if (!fits)
                return new UserError(
                    place,
                    $"holds no recording for {pattern} of {key}.files; its first one is {origins[0].Recording}"
                );
        }
        return held.Any(h => h) && !held.All(h => h)
            ? held
            : new UserError(
                $"{key}.files",
                held.Any(h => h)
                    ? "names every recording; leave some to train on"
                    : "is missing; name recordings, such as [Train/*/0*]"
            );
    }
}
