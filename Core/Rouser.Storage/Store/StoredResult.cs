using System.Text;
using System.Text.Json;
using Rouser.Coordination;
using Rouser.Sweeps;

namespace Rouser.Storage.Store;

/// <summary>The result of a completed trial, as a results store keeps it.</summary>
/// <param name="Trial">Whose it is.</param>
/// <param name="TrialJson">The trial as <see cref="PlanJson"/> writes it.</param>
/// <param name="Machine">The kind of machine that it is of; null if it is the same on any.</param>
/// <param name="Keep">Which networks the run kept that trained it.</param>
/// <param name="Origin">Where it was trained.</param>
/// <param name="Events">All that the run's journal says of what it measured.</param>
/// <param name="Files">The networks and predictions that were kept.</param>
public sealed record StoredResult(
    TrialId Trial,
    string TrialJson,
    string? Machine,
    KeptModels Keep,
    ResultOrigin Origin,
    IReadOnlyList<IResultEvent> Events,
    IReadOnlyList<StoredFile> Files
)
{
    /// <summary>Whether a run that keeps these networks finds all of them here.</summary>
    public bool Serves(KeptModels keep) => keep.IsPartOf(Keep);

    /// <summary>A trial as it stands in a result.</summary>
    public static string JsonOf(PlannedTrial trial)
    {
        using MemoryStream json = new();
        using (Utf8JsonWriter writer = new(json))
            PlanJson.WriteTrial(writer, trial);
        return Encoding.UTF8.GetString(json.ToArray());
    }

    /// <summary>The trial with its parameters.</summary>
    /// <exception cref="PluginMissingException">It uses a plug-in that is not here.</exception>
    /// <exception cref="JsonException">It is none that this program can read.</exception>
    /// <exception cref="InvalidDataException">The same.</exception>
    public PlannedTrial ReadTrial()
    {
        using JsonDocument trial = JsonDocument.Parse(TrialJson);
        return PlanJson.ReadTrial(trial.RootElement);
    }
}

/// <summary>A file that belongs to a result.</summary>
/// <param name="Name">Its name, without a folder.</param>
public sealed record StoredFile(string Name, ReadOnlyMemory<byte> Content);

/// <summary>Where a result was trained.</summary>
/// <param name="Host">The machine of the run.</param>
/// <param name="Folder">The folder of the run.</param>
/// <param name="Version">The version of the program.</param>
/// <param name="Worker">Who trained it.</param>
/// <param name="WorkingFolder">What relative data-set folders of the run refer to.</param>
/// <param name="DataFolder">The folder given with <c>--data</c>; null without.</param>
public sealed record ResultOrigin(
    string Host,
    string Folder,
    string Version,
    string Worker,
    string WorkingFolder,
    string? DataFolder
)
{
    /// <summary>The run, as tables and reports name it.</summary>
    public string Run => $"{Host}:{Folder}";
}
