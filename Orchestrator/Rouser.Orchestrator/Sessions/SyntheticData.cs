using Rouser.Core;
using Rouser.Core.Parameters;
using Rouser.Data;
using Rouser.Sweeps;

namespace Rouser.Orchestrator.Sessions;

/// <summary><c>--data synthetic</c>: a sweep on the generated set that is shaped like its recorded one.</summary>
internal static class SyntheticData
{
    private const string DatasetName = "dataset.name";

    private const string Word = "synthetic";

    /// <summary>
    /// Takes a sweep file as it is, or, if <paramref name="dataFolder"/> is the word, gives the sweep the generated
    /// set and a name of its own, as if by <c>--set</c>, so that its run folder says so and <c>resume</c> needs to
    /// know nothing; the folder is then none.
    /// </summary>
    public static Result<SweepFile> Choose(string place, Result<SweepFile> file, ref string? dataFolder)
    {
        if (dataFolder != Word || !file.IsOk)
            return file;
        dataFolder = null;
        List<string> changes = [];
        foreach ((string at, string? set) in Sets(file.Value.Spec))
        {
            if (set is null || DatasetCatalog.Find(set) is { NeedsFolder: false })
                continue;
            if (DatasetCatalog.StandInFor(set) is not { } standIn)
                return new UserError("--data", $"there is no generated set shaped like {set}; name a folder");
            changes.Add($"{at}.dataset.name={standIn.Name}");
        }
        // First, so that what the user sets goes before.
        return changes.Count == 0
            ? file
            : SweepFile.Parse(
                place,
                file.Value.Text,
                [$"name={file.Value.Spec.Name}-{Word}", .. changes, .. file.Value.Overrides]
            );
    }

    // The name alone: what arms and studies add to a base may be what makes it fit.
    private static string? NameIn(ParameterSet values) => (values.Find(DatasetName) as ParameterValue.Text)?.Value;

    /// <summary>The data set of the sweep, and those of studies that have one of their own.</summary>
    private static IEnumerable<(string Place, string? Set)> Sets(SweepSpec spec) =>
        [
            ("base", NameIn(spec.Base) ?? ParameterSchema.Declared(DatasetName).Default.ToString()),
            .. spec.Studies.Select(s => ($"studies.{s.Name}.base", NameIn(s.Base))),
        ];
}
