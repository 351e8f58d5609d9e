using Rouser.Data;
using Rouser.Snn.Connections;
using Rouser.Snn.Optimizers;
using Rouser.Snn.Optimizers.Schedules;
using Rouser.Snn.Thresholds;

namespace Rouser.Snn;

/// <summary>
/// Any engine with <see cref="WeightAveraging"/>: it trains as the engine would by itself, and evaluates and exports the
/// mean. What training goes on from is exported beside it.
/// </summary>
public sealed class AveragedEngine : ITrainingEngine
{
    // The tensors of a layer that a gradient moves, beside its weights and thresholds.
    private static readonly string[] Trained = [TrainedThreshold.ParameterTensor, "membrane.w", "current.w", SpikeDelays.Tensor];

    private const string Live = "live.",
        LiveWeights = Live + "weights",
        LiveThresholds = Live + "thresholds";

    private readonly ITrainingEngine _inner;
    private readonly int _fromEpoch,
        _updatesPerEpoch;
    private long _updates;

    // The mean, from the end of the first epoch that counts on; and what is trained, while the engine has the mean.
    private NetworkState? _mean,
        _live;

    private AveragedEngine(ITrainingEngine inner, WeightAveraging averaging, TrainingLength length) =>
        (_inner, _fromEpoch, _updatesPerEpoch) = (inner, averaging.FromEpoch, length.UpdatesPerEpoch);

    /// <summary>The engine with what the settings ask for: itself, if they ask for no mean.</summary>
    /// <param name="engine">One that has trained nothing yet.</param>
    public static ITrainingEngine Around(ITrainingEngine engine, TrainingSettings settings)
    {
        ArgumentNullException.ThrowIfNull(settings);
        return settings.Averaging is { } averaging ? new AveragedEngine(engine, averaging, settings.Length) : engine;
    }

    /// <inheritdoc/>
    public BatchResult Train(ReadOnlySpan<Sample> batch)
    {
        if (_live is not null)
            _inner.Import(_live);
        _live = null;
        BatchResult result = _inner.Train(batch);
        _updates++;
        if (_updates % _updatesPerEpoch == 0 && EpochsInMean > 0)
            AddToMean();
        return result;
    }

    /// <inheritdoc/>
    public BatchResult Evaluate(ReadOnlySpan<Sample> batch, bool countUpdates = false)
    {
        if (_mean is not null && _live is null)
        {
            _live = _inner.Export();
            _inner.Import(_mean);
        }
        return _inner.Evaluate(batch, countUpdates);
    }

    /// <inheritdoc/>
    public NetworkState Export()
    {
        NetworkState live = _live ?? _inner.Export();
        return new(live.Updates, [.. live.Layers.Zip((_mean ?? live).Layers, (l, mean) => Joined(l, mean))]);
    }

    /// <inheritdoc/>
    public void Import(NetworkState state)
    {
        ArgumentNullException.ThrowIfNull(state);
        NetworkState live = state with { Layers = [.. state.Layers.Select(LiveOf)] };
        _inner.Import(live);
        (_updates, _live) = (state.Updates, null);
        _mean = EpochsInMean > 0 ? state : null;
    }

    /// <inheritdoc/>
    public void Dispose() => _inner.Dispose();

    // e − k + 1; 0 or less before the first epoch that counts has ended.
    private long EpochsInMean => (_updates / _updatesPerEpoch) - _fromEpoch + 1;

    private void AddToMean()
    {
        NetworkState live = _inner.Export();
        _mean =
            _mean is null || EpochsInMean == 1
                ? live
                : live with
                {
                    Layers = [.. live.Layers.Zip(_mean.Layers, (l, mean) => Moved(mean, l, EpochsInMean))],
                };
    }

    private static LayerState Moved(LayerState mean, LayerState live, long count)
    {
        float[] Move(float[] from, float[] to) => [.. from.Zip(to, (m, x) => m + ((x - m) / count))];
        return live with
        {
            Weights = Move(mean.Weights, live.Weights),
            Thresholds = Move(mean.Thresholds, live.Thresholds),
            Tensors = live.Tensors.ToDictionary(
                tensor => tensor.Key,
                tensor => Trained.Contains(tensor.Key) ? Move(mean.Tensors[tensor.Key], tensor.Value) : tensor.Value
            ),
        };
    }

    /// <summary>The mean, with what training goes on from beside it.</summary>
    private static LayerState Joined(LayerState live, LayerState mean)
    {
        Dictionary<string, float[]> tensors = new(live.Tensors)
        {
            [LiveWeights] = live.Weights,
            [LiveThresholds] = live.Thresholds,
        };
        foreach (string name in Trained.Where(live.Tensors.ContainsKey))
            (tensors[name], tensors[Live + name]) = (mean.Tensors[name], live.Tensors[name]);
        return mean with { Tensors = tensors };
    }

    /// <summary>What training goes on from; a network without it, such as another engine's, is that itself.</summary>
    private static LayerState LiveOf(LayerState state)
    {
        Dictionary<string, float[]> tensors = state
            .Tensors.Where(tensor => !tensor.Key.StartsWith(Live, StringComparison.Ordinal))
            .ToDictionary(tensor => tensor.Key, tensor => state.Tensors.GetValueOrDefault(Live + tensor.Key, tensor.Value));
        return state with
        {
            Weights = state.Tensors.GetValueOrDefault(LiveWeights, state.Weights),
            Thresholds = state.Tensors.GetValueOrDefault(LiveThresholds, state.Thresholds),
            Tensors = tensors,
        };
    }
}
