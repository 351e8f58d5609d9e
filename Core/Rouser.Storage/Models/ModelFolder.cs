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
/// <param name="classNames">The names of the classes of a trial's data set; null where they are not known.</param>
public sealed class ModelFolder(string folder, Func<PlannedTrial, IReadOnlyList<string>>? classNames = null)
{
    private readonly TrialFiles _files = new(folder, ".model");

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
        string[] classes = [.. (classNames?.Invoke(trial) ?? []).Select(name => OneLine.Of(name))];
        bool fit = classes.Length == checkpoint.State.Layers[^1].NeuronCount;
        TrainedModel model = new(trial.WithoutPlace(), checkpoint.History[^1].TestAccuracy, checkpoint.State, fit ? classes : []);
        _files.Write(trial.Id, stream => ModelFile.Write(stream, model));
        return null;
    }

    /// <inheritdoc cref="TrialFiles.ContentOf"/>
    public IReadOnlyList<(string Name, byte[] Content)> FilesOf(TrialId trial) => _files.ContentOf(trial);

    /// <inheritdoc cref="TrialFiles.Import"/>
    public bool Import(TrialId trial, string name, ReadOnlyMemory<byte> content) => _files.Import(trial, name, content);

    /// <summary>Whether the network of a trial is kept.</summary>
    public bool Has(TrialId trial) => _files.Find(trial) is not null;

    /// <summary>The files of models, in order of their names.</summary>
    public Result<IReadOnlyList<string>> Files() => _files.All();
}
