using Rouser.Results;
using Rouser.Snn;
using Rouser.Sweeps;

namespace Rouser.Storage.Checkpoints;

/// <summary>A trial at the end of an epoch: all it needs to go on as if it had never stopped.</summary>
/// <param name="State">The network and its optimiser.</param>
/// <param name="History">Every epoch so far, the last being the checkpoint's; reported again on resumption, in case a
/// report was lost.</param>
public sealed record Checkpoint(TrialId Trial, NetworkState State, IReadOnlyList<EpochMetrics> History);

/// <summary>
/// Keeps checkpoints and the weights after each epoch. A lost or damaged checkpoint costs time, never a result,
/// because a trial is deterministic: it then simply starts again. Safe for different trials from several threads.
/// </summary>
public interface ICheckpointStore
{
    /// <summary>Replaces the trial's checkpoint atomically; durable on return.</summary>
    void Save(Checkpoint checkpoint);

    /// <summary>The trial's checkpoint, or null if there is none that is whole.</summary>
    Checkpoint? Load(TrialId trial);

    /// <summary>Keeps the weights after an epoch, one array per layer, until <see cref="Delete"/>.</summary>
    void SaveWeights(TrialId trial, int epoch, IReadOnlyList<float[]> weights);

    /// <summary>The weights after an epoch, or null if they are not there or not whole.</summary>
    IReadOnlyList<float[]>? LoadWeights(TrialId trial, int epoch);

    /// <summary>
    /// Keeps the whole network after an epoch until <see cref="DeleteNetwork"/> or <see cref="Delete"/>.
    /// </summary>
    void SaveNetwork(TrialId trial, int epoch, NetworkState state);

    /// <summary>The network after an epoch, or null if it is not there or not whole.</summary>
    NetworkState? LoadNetwork(TrialId trial, int epoch);

    /// <summary>Removes the network after an epoch, if it is there.</summary>
    void DeleteNetwork(TrialId trial, int epoch);

    /// <summary>
    /// Keeps what a trial's network says of the test samples after the last epoch, until <see cref="Delete"/>.
    /// </summary>
    void SavePredictions(TrialPredictions predictions);

    /// <summary>The predictions of a trial, or null if they are not there or not whole.</summary>
    TrialPredictions? LoadPredictions(TrialId trial);

    /// <summary>
    /// The attempt at the trial stops here: makes sure that whoever goes on with it, on whatever machine, finds what
    /// is kept.
    /// </summary>
    void HandOver(TrialId trial)
    {
        // Nothing to do where everyone looks in one place.
    }

    /// <summary>
    /// The trial is trained to its end: makes sure, as well as can be, that whoever keeps results finds its last
    /// checkpoint, its predictions and the networks of epochs that are kept. The weights after each epoch are not
    /// needed for that.
    /// </summary>
    void HandOverLast(TrialId trial)
    {
        // Nothing to do where everyone looks in one place.
    }

    /// <summary>Removes all that is kept of a trial.</summary>
    void Delete(TrialId trial);
}
