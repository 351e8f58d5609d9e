using Rouser.Core.Parameters;

namespace Rouser.Sweeps;

/// <summary>
/// Parameters that were renamed. Sweep files, <c>--set</c>, plans and tables with the former names are still read, and
/// become the names of today where they are read. Identities and fingerprints keep the former ones.
/// </summary>
public static class FormerNames
{
    /// <summary>The name of today for a name of any time.</summary>
    public static string Current(string name) => ParameterSchema.Find(name)?.Name ?? name;

    /// <summary>The text of a setting, <c>surrogate.tau=3 epochs=2</c>, in the names of today.</summary>
    public static string InSetting(string setting) =>
        ParameterSchema.Renamed.Aggregate(setting, (text, p) => Replace(text, p.FormerName!, p.Name));

    /// <summary>The text of a setting as a plan's fingerprint has it.</summary>
    internal static string ForFingerprint(string setting) =>
        ParameterSchema.Renamed.Aggregate(setting, (text, p) => Replace(text, p.Name, p.FormerName!));

    /// <summary>Gives the keys of a sweep file the names of today, in place.</summary>
    /// <param name="mapping">The file, or the value of <c>--set</c>.</param>
    /// <param name="path">Where it stands, with a dot at its end; empty for the file.</param>
    /// <param name="notes">Takes a line for each former name that is met.</param>
    internal static void Replace(SpecMapping mapping, string path, UserErrorList notes)
    {
        for (int i = 0; i < mapping.Entries.Count; i++)
        {
            SpecEntry entry = mapping.Entries[i];
            if (entry.Value is SpecMapping inner)
                Replace(inner, $"{path}{entry.Key}.", notes);
            else if (Replace(path + entry.Key, entry.Location, notes) is var renamed && renamed != path + entry.Key)
                mapping.Entries[i] = entry with { Key = renamed[path.Length..] };
            foreach (SpecMapping item in (entry.Value as SpecSequence)?.Items.OfType<SpecMapping>() ?? [])
                Replace(item, $"{path}{entry.Key}.", notes);
        }
    }

    /// <summary>A dotted path that ends with a parameter, <c>base.epochs</c>, in the names of today.</summary>
    internal static string Replace(string path, SourceLocation location, UserErrorList notes)
    {
        foreach (Parameter parameter in ParameterSchema.Renamed)
        {
            string former = parameter.FormerName!;
            if (path != former && !path.EndsWith("." + former, StringComparison.Ordinal))
                continue;
            notes.Add(
                location,
                $"{former} is now called {parameter.Name}; its values mean the same, and the old name is still read"
            );
            return path[..^former.Length] + parameter.Name;
        }
        return path;
    }

    private static string Replace(string setting, string from, string to) =>
        setting.Contains(from, StringComparison.Ordinal)
            ? $" {setting}".Replace($" {from}=", $" {to}=", StringComparison.Ordinal)[1..]
            : setting;
}
