using Rouser.Core;
using Rouser.Core.Data;
using Rouser.Core.Sweeps;

namespace Rouser.Orchestrator.Sessions;

/// <summary><c>--data synthetic</c>: a sweep on the generated set that is shaped like its recorded one.</summary>
internal static class SyntheticData
{
    private const string Word = "synthetic";

    /// <summary>
    /// Reads a sweep file. If <paramref name="dataFolder"/> is the word, the sweep gets the generated set and a name of its own, as if by <c>--set</c>, so that its run folder says so and
    /// <c>resume</c> needs to know nothing; the folder is then none.
    /// </summary>
    public static Result<SweepFile> Read(string path, IReadOnlyList<string> overrides, ref string? dataFolder)
    {
        Result<SweepFile> file = SweepFile.Read(path, overrides);
        if (dataFolder != Word || !file.IsOk) return file;
        dataFolder = null;
        string set = TrialSettings.From(file.Value.Spec.Base).Dataset.Name;
        if (DatasetCatalog.Find(set) is { Synthetic: true }) return file;
        if (DatasetCatalog.StandInFor(set) is not { } standIn) return new Mistake("--data", $"there is no generated set shaped like {set}; name a folder");
        // First, so that what the user sets goes before.
        return SweepFile.Read(path, [$"name={file.Value.Spec.Name}-{Word}", $"base.dataset.name={standIn.Name}", .. overrides]);
    }
}
