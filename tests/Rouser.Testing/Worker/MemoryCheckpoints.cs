using System.Collections.Concurrent;
using Rouser.Results;
using Rouser.Snn;
using Rouser.Storage.Checkpoints;
using Rouser.Sweeps;

namespace Rouser.Testing.Worker;

/// <summary>A checkpoint store in memory that can lose things and have a full disk.</summary>
public sealed class MemoryCheckpoints : ICheckpointStore
{
    private readonly ConcurrentDictionary<TrialId, Checkpoint> _checkpoints = new();
    private readonly ConcurrentDictionary<(TrialId Trial, int Epoch), IReadOnlyList<float[]>> _weights = new();

    private readonly ConcurrentDictionary<(TrialId Trial, int Epoch), NetworkState> _networks = new();

    private readonly ConcurrentDictionary<TrialId, TrialPredictions> _predictions = new();

    /// <summary>Called before anything is written, with what is written; may throw.</summary>
    public Action<TrialId, string> BeforeWrite { get; set; } = (_, _) => { };

    /// <summary>The trials of which anything is kept.</summary>
    public IReadOnlyCollection<TrialId> Trials => [.. _checkpoints.Keys.Concat(_weights.Keys.Select(k => k.Trial)).Distinct()];

    public void Save(Checkpoint checkpoint)
    {
        BeforeWrite(checkpoint.Trial, $"checkpoint {checkpoint.History.Count}");
        _checkpoints[checkpoint.Trial] = checkpoint;
    }

    public Checkpoint? Load(TrialId trial) => _checkpoints.GetValueOrDefault(trial);

    public void SaveWeights(TrialId trial, int epoch, IReadOnlyList<float[]> weights)
    {
        BeforeWrite(trial, $"weights {epoch}");
        _weights[(trial, epoch)] = weights;
    }

    public IReadOnlyList<float[]>? LoadWeights(TrialId trial, int epoch) => _weights.GetValueOrDefault((trial, epoch));

    public void SaveNetwork(TrialId trial, int epoch, NetworkState state)
    {
        BeforeWrite(trial, $"network {epoch}");
        _networks[(trial, epoch)] = state;
    }

    public NetworkState? LoadNetwork(TrialId trial, int epoch) => _networks.GetValueOrDefault((trial, epoch));

    public void DeleteNetwork(TrialId trial, int epoch) => _networks.TryRemove((trial, epoch), out _);

    /// <summary>The epochs of a trial whose networks are there.</summary>
    public IReadOnlyList<int> NetworksOf(TrialId trial) =>
        [.. _networks.Keys.Where(key => key.Trial == trial).Select(key => key.Epoch).Order()];

    public void SavePredictions(TrialPredictions predictions)
    {
        BeforeWrite(predictions.Trial, "predictions");
        _predictions[predictions.Trial] = predictions;
    }

    public TrialPredictions? LoadPredictions(TrialId trial) => _predictions.GetValueOrDefault(trial);

    public void Delete(TrialId trial)
    {
        BeforeWrite(trial, "delete");
        _predictions.TryRemove(trial, out _);
        _checkpoints.TryRemove(trial, out _);
        foreach (int epoch in NetworksOf(trial))
            DeleteNetwork(trial, epoch);
        foreach ((TrialId Trial, int Epoch) key in _weights.Keys.Where(k => k.Trial == trial))
            _weights.TryRemove(key, out _);
    }

    /// <summary>Loses the predictions, as a damaged file does.</summary>
    public void LosePredictions(TrialId trial) => Assert.True(_predictions.TryRemove(trial, out _));

    /// <summary>Loses the weights after an epoch, as a damaged file does.</summary>
    public void LoseWeights(TrialId trial, int epoch) => Assert.True(_weights.TryRemove((trial, epoch), out _));
}
