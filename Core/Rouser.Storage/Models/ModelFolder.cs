using Rouser.Core;
using Rouser.Storage.Checkpoints;
using Rouser.Storage.Files;
using Rouser.Sweeps;

namespace Rouser.Storage.Models;

/// <summary>
/// The models of a run, <c>TRIAL-SHA256.model</c>: the name says whose it is and what is in it, so the same model has
/// the same name, and a file that was changed does not have its own.
/// </summary>
/// <param name="folder">The run's <c>models</c> folder, which is made when it is needed.</param>
public sealed class ModelFolder(string folder)
{
    private const string Ending = ".model";

    // Listed once: a sweep of thousands of trials asks after each of them.
    private HashSet<string>? _trials;

    /// <summary>
    /// Keeps the network of a completed trial. What is there already stays: the first result of a trial is the one
    /// that its run has.
    /// </summary>
    /// <param name="trial">The trial, whose result is on record.</param>
    /// <param name="checkpoint">Its last one, which may come from a worker.</param>
    /// <returns>Why there is none, in words for the log; null if it is kept.</returns>
    /// <exception cref="IOException">The disk is full, read-only or failing.</exception>
    public string? Keep(PlannedTrial trial, Checkpoint checkpoint)
    {
        if (Has(trial.Id))
            return null;
        if (
            checkpoint.Trial != trial.Id
            || checkpoint.History.Count != trial.Settings.Epochs
            || checkpoint.History[^1].Epoch != trial.Settings.Epochs
        )
            return "its checkpoint is not of its last epoch";
        if (ModelFile.Fault(trial, checkpoint.State) is { } fault)
            return $"its checkpoint cannot be one of it: {fault}";
        TrainedModel model = new(trial, checkpoint.History[^1].TestAccuracy, checkpoint.State);
        // The name first, from a pass that writes nothing; the file then appears whole and under its name.
        string digest = Convert.ToHexStringLower(ModelFile.Write(Stream.Null, model));
        Directory.CreateDirectory(folder);
        DurableFile.Write(Path.Combine(folder, $"{trial.Id}-{digest}{Ending}"), stream => ModelFile.Write(stream, model));
        _trials?.Add(trial.Id.Value);
        return null;
    }

    /// <summary>The files that are kept of a trial, as they are.</summary>
    /// <exception cref="IOException">The disk refuses.</exception>
    public IReadOnlyList<(string Name, byte[] Content)> FilesOf(TrialId trial) =>
        Directory.Exists(folder)
            ?
            [
                .. Directory
                    .EnumerateFiles(folder, $"{trial}-*{Ending}")
                    .Order(StringComparer.Ordinal)
                    .Select(file => (Path.GetFileName(file), File.ReadAllBytes(file))),
            ]
            : [];

    /// <summary>Keeps a file that another run has kept of the trial, under its name.</summary>
    /// <returns>Whether it is kept; a name that is none of the trial's is not.</returns>
    /// <exception cref="IOException">The disk refuses.</exception>
    public bool Import(TrialId trial, string name, ReadOnlySpan<byte> content)
    {
        if (
            !name.StartsWith($"{trial}-", StringComparison.Ordinal)
            || !name.EndsWith(Ending, StringComparison.Ordinal)
            || !name[..^Ending.Length].All(c => char.IsAsciiLetterOrDigit(c) || c == '-')
        )
            return false;
        Directory.CreateDirectory(folder);
        byte[] bytes = content.ToArray();
        DurableFile.Write(Path.Combine(folder, name), stream => stream.Write(bytes));
        _trials?.Add(trial.Value);
        return true;
    }

    /// <summary>Whether the network of a trial is kept.</summary>
    public bool Has(TrialId trial) => (_trials ??= Listed()).Contains(trial.Value);

    /// <summary>The files of models, in order of their names.</summary>
    public Result<IReadOnlyList<string>> Files()
    {
        try
        {
            return Directory.Exists(folder)
                ? Directory.EnumerateFiles(folder, "*" + Ending).Order(StringComparer.Ordinal).ToArray()
                : [];
        }
        catch (Exception e) when (DiskProblem.IsOne(e))
        {
            return DiskProblem.ToUserError(folder, e);
        }
    }

    private HashSet<string> Listed() =>
        Directory.Exists(folder)
            ? [.. Directory.EnumerateFiles(folder, $"*-*{Ending}").Select(file => Path.GetFileName(file).Split('-')[0])]
            : [];
}
