using Rouser.Data;
using Rouser.Snn.Optimizers.Schedules;
using Rouser.Snn.Thresholds;

namespace Rouser.Snn;

/// <summary>
/// Any engine with a <see cref="ThresholdFreeze"/>: one that trains thresholds up to an epoch, then one that trains all
/// else.
/// </summary>
/// <remarks>
/// The second engine is made when the first update after that epoch is, so that what is tested and exported at its end
/// is still the first one's. The updates of a state are counted over both.
/// </remarks>
public sealed class FrozenEngine : ITrainingEngine
{
    private readonly TrainingSettings _trains,
        _stays;
    private readonly Func<TrainingSettings, ITrainingEngine> _create;
    private readonly bool _restarts;
    private readonly long _updatesBefore;
    private ITrainingEngine _inner;
    private bool _isFrozen;
    private long _updates;

    private FrozenEngine(
        TrainingSettings settings,
        TrainedThreshold rule,
        ThresholdFreeze freeze,
        Func<TrainingSettings, ITrainingEngine> create
    )
    {
        (_restarts, _create) = (freeze.Restarts, create);
        _updatesBefore = (long)freeze.AfterEpoch * settings.Length.UpdatesPerEpoch;
        _trains = settings with { Threshold = rule with { Freeze = null } };
        _stays = settings with
        {
            Threshold = rule with { Freeze = null, IsFrozen = true },
            Length = freeze.Restarts
                ? new TrainingLength(settings.Length.Epochs - freeze.AfterEpoch, settings.Length.UpdatesPerEpoch)
                : settings.Length,
        };
        _inner = create(_trains);
    }

    /// <summary>What trains the settings: an engine of theirs, if no thresholds are to stay after some epoch.</summary>
    /// <param name="create">Makes an engine.</param>
    public static ITrainingEngine Create(TrainingSettings settings, Func<TrainingSettings, ITrainingEngine> create)
    {
        ArgumentNullException.ThrowIfNull(settings);
        ArgumentNullException.ThrowIfNull(create);
        return settings.Threshold is TrainedThreshold { Freeze: { } freeze } rule
            ? new FrozenEngine(settings, rule, freeze, create)
            : create(settings);
    }

    /// <inheritdoc/>
    public BatchResult Train(ReadOnlySpan<Sample> batch)
    {
        if (!_isFrozen && _updates == _updatesBefore)
            Freeze();
        BatchResult result = _inner.Train(batch);
        _updates++;
        return result;
    }

    /// <inheritdoc/>
    public BatchResult Evaluate(ReadOnlySpan<Sample> batch, bool countUpdates = false) => _inner.Evaluate(batch, countUpdates);

    /// <inheritdoc/>
    public NetworkState Export() => _inner.Export() with { Updates = _updates };

    /// <inheritdoc/>
    public void Import(NetworkState state)
    {
        ArgumentNullException.ThrowIfNull(state);
        Take(isFrozen: state.Updates > _updatesBefore);
        _updates = state.Updates;
        _inner.Import(state with { Updates = state.Updates - Skipped });
    }

    /// <inheritdoc/>
    public void Dispose() => _inner.Dispose();

    // Updates that the engine of now does not know of.
    private long Skipped => _isFrozen && _restarts ? _updatesBefore : 0;

    private void Freeze()
    {
        NetworkState trained = _inner.Export();
        Take(isFrozen: true);
        _inner.Import(_restarts ? WithThresholdsOf(_inner.Export(), trained) : trained);
    }

    private void Take(bool isFrozen)
    {
        if (isFrozen == _isFrozen)
            return;
        // First, so that no two engines take memory.
        _inner.Dispose();
        (_inner, _isFrozen) = (_create(isFrozen ? _stays : _trains), isFrozen);
    }

    private static NetworkState WithThresholdsOf(NetworkState start, NetworkState trained) =>
        start with
        {
            Layers = [.. start.Layers.Zip(trained.Layers, WithThresholdsOf)],
        };

    private static LayerState WithThresholdsOf(LayerState start, LayerState trained)
    {
        Dictionary<string, float[]> tensors = new(start.Tensors);
        // What thresholds are made of, where that is not themselves; their moments begin anew.
        if (trained.Tensors.TryGetValue(TrainedThreshold.ParameterTensor, out float[]? p))
            tensors[TrainedThreshold.ParameterTensor] = p;
        return start with { Thresholds = trained.Thresholds, Tensors = tensors };
    }
}
