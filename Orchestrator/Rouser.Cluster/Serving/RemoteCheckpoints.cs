using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;
using Rouser.Coordination;
using Rouser.Results;
using Rouser.Snn;
using Rouser.Storage.Checkpoints;
using Rouser.Sweeps;

namespace Rouser.Cluster.Serving;

/// <summary>
/// A worker's checkpoints: on its own disk, and copied to the orchestrator for whoever goes on if the worker is lost.
/// Only once a trial has cost some time, because a lost checkpoint costs nothing else; and as well as can be: where
/// the orchestrator cannot be reached, the worker trains on.
/// </summary>
/// <param name="orchestrator">The way to the orchestrator's files.</param>
/// <param name="folder">The worker's own folder.</param>
/// <param name="time">Tells when a copy is due.</param>
/// <param name="log">Told of what is not used.</param>
public sealed class RemoteCheckpoints(
    WorkerId worker,
    IOrchestratorFiles orchestrator,
    string folder,
    TimeProvider time,
    ILogger log
) : ICheckpointStore
{
    /// <summary>The training that may be lost with a worker, beside the epoch in work.</summary>
    private static readonly TimeSpan CopyInterval = TimeSpan.FromSeconds(10),
        Patience = TimeSpan.FromMinutes(2);

    private readonly CheckpointFiles _files = new(folder);
    private readonly FolderCheckpointStore _own = new(folder, reason => log.LogWarning("{Reason}", reason));
    private readonly ConcurrentDictionary<TrialId, Copies> _copies = new();

    /// <inheritdoc/>
    public void Save(Checkpoint checkpoint)
    {
        _own.Save(checkpoint);
        Copies copies = CopiesOf(checkpoint.Trial);
        copies.HasCheckpoint = true;
        if (time.GetElapsedTime(copies.LastAt) >= CopyInterval)
            Copy(checkpoint.Trial, copies);
    }

    /// <inheritdoc/>
    public Checkpoint? Load(TrialId trial)
    {
        Copies copies = new() { LastAt = time.GetTimestamp() };
        _copies[trial] = copies;
        if (_own.Load(trial) is { } own)
        {
            // Which of them a process of before has copied is not known.
            foreach (int epoch in Enumerable.Range(1, own.History.Count))
            {
                foreach (string file in (string[])[CheckpointFiles.Weights(epoch), CheckpointFiles.Network(epoch)])
                {
                    if (IsThere(trial, file))
                        copies.Owed.Enqueue(file);
                }
            }
            return own;
        }
        if (!Fetch(trial, CheckpointFiles.Checkpoint) || _own.Load(trial) is not { } fetched)
            return null;
        for (int epoch = 1; epoch <= fetched.History.Count; epoch++)
            if (!Fetch(trial, CheckpointFiles.Weights(epoch)))
                return null;
        return fetched;
    }

    /// <inheritdoc/>
    public void SaveWeights(TrialId trial, int epoch, IReadOnlyList<float[]> weights)
    {
        _own.SaveWeights(trial, epoch, weights);
        CopiesOf(trial).Owed.Enqueue(CheckpointFiles.Weights(epoch));
    }

    /// <inheritdoc/>
    public IReadOnlyList<float[]>? LoadWeights(TrialId trial, int epoch) => _own.LoadWeights(trial, epoch);

    /// <inheritdoc/>
    public void SaveNetwork(TrialId trial, int epoch, NetworkState state)
    {
        _own.SaveNetwork(trial, epoch, state);
        CopiesOf(trial).Owed.Enqueue(CheckpointFiles.Network(epoch));
    }

    /// <inheritdoc/>
    public NetworkState? LoadNetwork(TrialId trial, int epoch)
    {
        if (_own.LoadNetwork(trial, epoch) is { } own)
            return own;
        return Fetch(trial, CheckpointFiles.Network(epoch)) ? _own.LoadNetwork(trial, epoch) : null;
    }

    /// <inheritdoc/>
    /// <remarks>Of the worker's own; what of the orchestrator's copies is of no use goes with the last.</remarks>
    public void DeleteNetwork(TrialId trial, int epoch) => _own.DeleteNetwork(trial, epoch);

    /// <inheritdoc/>
    public void SavePredictions(TrialPredictions predictions) => _own.SavePredictions(predictions);

    /// <inheritdoc/>
    public TrialPredictions? LoadPredictions(TrialId trial) => _own.LoadPredictions(trial);

    /// <inheritdoc/>
    public void HandOver(TrialId trial) => Copy(trial, CopiesOf(trial));

    /// <inheritdoc/>
    public void HandOverLast(TrialId trial)
    {
        Copies copies = CopiesOf(trial);
        if (IsThere(trial, CheckpointFiles.Predictions) && !Store(trial, CheckpointFiles.Predictions))
            log.LogWarning(
                "the predictions of {Trial} could not be copied to the orchestrator, which will not keep them",
                trial.Short
            );
        // The weights after each epoch are not needed any more; networks that are kept go before the checkpoint.
        string[] networks = [.. copies.Owed.Where(CheckpointFiles.IsNetwork)];
        copies.Owed.Clear();
        int lost = networks.Count(file => IsThere(trial, file) && !Store(trial, file));
        if (lost > 0)
            log.LogWarning(
                "{Lost} models of {Trial} could not be copied to the orchestrator, which will not keep them",
                lost,
                trial.Short
            );
        if (!copies.HasCheckpoint)
            return;
        if (Store(trial, CheckpointFiles.Checkpoint))
            copies.HasCheckpoint = false;
        else
            log.LogWarning("the model of {Trial} could not be copied to the orchestrator, which will not keep it", trial.Short);
    }

    /// <inheritdoc/>
    /// <remarks>Of the worker's own; the orchestrator deletes its copies when it has the result.</remarks>
    public void Delete(TrialId trial)
    {
        _copies.TryRemove(trial, out _);
        _own.Delete(trial);
    }

    private Copies CopiesOf(TrialId trial) => _copies.GetOrAdd(trial, _ => new Copies { LastAt = time.GetTimestamp() });

    /// <summary>
    /// Copies the weights and networks that are owed and then the checkpoint that needs them; what fails is owed still.
    /// </summary>
    private void Copy(TrialId trial, Copies copies)
    {
        if (!copies.HasCheckpoint)
            return;
        copies.LastAt = time.GetTimestamp();
        while (copies.Owed.TryPeek(out string? file))
        {
            // A network that another one has surpassed is gone.
            if (IsThere(trial, file) && !Store(trial, file))
                return;
            copies.Owed.Dequeue();
        }
        if (Store(trial, CheckpointFiles.Checkpoint))
            copies.HasCheckpoint = false;
    }

    private bool IsThere(TrialId trial, string file) => File.Exists(_files.PathOf(trial, file));

    private bool Store(TrialId trial, string file)
    {
        using var patience = new CancellationTokenSource(Patience, time);
        return Wait(
            orchestrator.StoreAsync(
                SweepFiles.Checkpoint(trial, file),
                worker,
                () => File.OpenRead(_files.PathOf(trial, file)),
                patience.Token
            )
        );
    }

    private bool Fetch(TrialId trial, string file)
    {
        using var patience = new CancellationTokenSource(Patience, time);
        return Wait(
            orchestrator.FetchAsync(
                SweepFiles.Checkpoint(trial, file),
                content => _files.ReplaceAsync(trial, file, to => content.CopyToAsync(to, patience.Token)),
                patience.Token
            )
        );
    }

    /// <summary>A trial's thread waits for its checkpoint as it waits for its disk.</summary>
    private static bool Wait(Task<bool> transfer)
    {
        try
        {
            return transfer.GetAwaiter().GetResult();
        }
        catch (Exception e) when (e is OperationCanceledException or RefusedException)
        {
            return false;
        }
    }

    /// <summary>What of a trial the orchestrator lacks. Touched by the trial's thread alone.</summary>
    private sealed class Copies
    {
        public Queue<string> Owed { get; } = new();

        public bool HasCheckpoint { get; set; }

        public long LastAt { get; set; }
    }
}
