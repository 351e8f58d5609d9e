using Rouser.Coordination;
using Rouser.Snn;
using Rouser.Storage.Checkpoints;
using Rouser.Sweeps;

namespace Rouser.Worker;

/// <summary>
/// Whether a checkpoint can be one of a trial. Another worker may have left it: one that does not fit would end the
/// attempt of a worker that did nothing wrong, where starting again costs time only.
/// </summary>
internal static class CheckpointFit
{
    /// <summary>
    /// Whether the network has the trial's shape and finite numbers, and the history is one that the coordinator
    /// would record.
    /// </summary>
    /// <param name="initial">The trial's network before training.</param>
    public static bool Fits(Checkpoint checkpoint, PlannedTrial trial, NetworkState initial) =>
        checkpoint.Trial == trial.Id
        && checkpoint.History.Count >= 1
        && checkpoint
            .History.Select((metrics, i) => metrics?.Epoch == i + 1 && ReportCheck.Refuse(trial, metrics) is null)
            .All(fits => fits)
        && Fits(checkpoint.State, initial);

    /// <summary>Whether a network has that one's shape and finite numbers.</summary>
    public static bool Fits(NetworkState state, NetworkState initial) =>
        state.Updates >= 0
        && state.Layers.Count == initial.Layers.Count
        && state.Layers.Zip(initial.Layers).All(pair => Fits(pair.First, pair.Second));

    /// <summary>Whether weights are of that network and finite.</summary>
    public static bool Fits(IReadOnlyList<float[]>? weights, NetworkState initial) =>
        weights?.Count == initial.Layers.Count && weights.Zip(initial.Layers).All(pair => Fits(pair.First, pair.Second.Weights));

    private static bool Fits(LayerState layer, LayerState initial) =>
        (layer.InputCount, layer.NeuronCount) == (initial.InputCount, initial.NeuronCount)
        && Fits(layer.Weights, initial.Weights)
        && Fits(layer.Thresholds, initial.Thresholds)
        && layer.Tensors.Count == initial.Tensors.Count
        && initial.Tensors.All(tensor => layer.Tensors.TryGetValue(tensor.Key, out float[]? found) && Fits(found, tensor.Value));

    private static bool Fits(float[] tensor, float[] initial) =>
        tensor.Length == initial.Length && Array.TrueForAll(tensor, float.IsFinite);
}
