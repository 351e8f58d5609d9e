using System.Globalization;

namespace Rouser.Orchestrator.Exports;

/// <summary>A folder for each trial, named so that a person finds it: <c>rouser-seed0-1f0c9a2b</c>.</summary>
internal sealed class FolderNames
{
    private const int ShortId = 8;

    // Some file systems take two names for one that differ in upper and lower case alone.
    private readonly HashSet<string> _taken = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>The trial's; no other trial gets it.</summary>
    public string Of(ExportedTrial trial)
    {
        string name = string.Create(
            CultureInfo.InvariantCulture,
            $"{SafeName.Of($"{trial.Arm} {trial.Setting}")}-seed{trial.Seed}-"
        );
        string shorter = name + trial.Id[..ShortId];
        if (_taken.Add(shorter))
            return shorter;
        string whole = name + trial.Id;
        _taken.Add(whole);
        return whole;
    }
}
