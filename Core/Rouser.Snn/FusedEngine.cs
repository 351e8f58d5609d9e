using Rouser.Data;
using Rouser.Snn.Connections;
using Rouser.Snn.Fused;
using Rouser.Snn.Fused.Thresholds;

namespace Rouser.Snn;

/// <summary>
/// The training engine in float32: event-driven, fused, without allocation after the first batch, the same bytes for
/// any number of threads and any vector width. <see cref="Reference.ReferenceLayer"/> has the equations.
/// </summary>
/// <remarks>
/// A batch is two phases. First every sample goes forward and back on its own: input spikes pick rows of the weights,
/// the recurrences run in registers, and ∂L/∂I of each layer, sample and step is left behind. Then every row of every
/// weight matrix is summed over the batch's events in a fixed order and moved by the optimiser at once. Neither phase adds up
/// anything across threads. A batch too large for that is taken in parts, as <see cref="BatchPlan"/> says, with the
/// same result.
/// <para>
/// A trial's method is chosen once, when its kernels are (<see cref="NeuronKernels"/>): what a threshold, a surrogate
/// or a membrane does within a sample is compiled into the loops, and what a rule does between batches is no part of
/// them (<see cref="LayerThresholds"/>). Where thresholds or inputs come from the whole batch, all samples go forward
/// and back together, layer by layer (<see cref="WholeBatchPass"/>).
/// </para>
/// <para>
/// Memory, with N the neurons of all layers, each layer rounded up to 32, and S samples and K steps at once (S = B
/// and K = T wherever 4·B·T·N bytes are within <see cref="BatchPlan.Budget"/>): 4·S·(K + 1)·N bytes for ∂L/∂I,
/// 8·S·(T/K + 1)·N for the states at the cuts, S·T·N/8 for spikes, 12 bytes a weight (20 if normalised, 16 if
/// gradients are clipped), 4 more if it is rounded, 4 more for one above the first layer and 4 more if a batch has
/// parts, and 4 bytes an event; weights of a layer from itself take as many as others, and 4 more. Nothing has the size
/// T × inputs. A layer with a kernel takes 4·S bytes a weight besides, in which each sample sums its own gradient, and each
/// thread 4·K bytes for each neuron of the largest plane below one.
/// </para>
/// </remarks>
public sealed class FusedEngine : ITrainingEngine
{
    /// <summary>Part of a trial's identity: changes whenever the same settings give other bytes.</summary>
    public const string Version = "fused/2";

    private const int RowsPerTask = 64;

    private readonly TrainingSettings _settings;
    private readonly FusedLayer[] _layers;
    private readonly ThreadWorkspace[] _workspaces;
    private readonly ThreadTeam _team;
    private readonly SamplePass _pass;
    private readonly WholeBatchPass? _whole;
    private readonly BatchUpdate _update;
    private readonly BatchResult _result;
    private readonly Sample[] _batch;
    private readonly double[] _losses;
    private readonly BatchPlan _plan;
    private readonly bool _keepPotentials;
    private readonly (int Layer, int Panel)[] _transposes;
    private readonly Action<int, int> _transpose,
        _forwardInput,
        _forward,
        _back,
        _loss,
        _againInput,
        _againAndBack,
        _count,
        _enter,
        _addSynapses;

    // Rows of the weights that have delays, a task each.
    private readonly (int Layer, int Panel, int From, int To)[] _synapses;
    private BatchPart _part;
    private int _samples;

    // Of the part of the batch that is being worked on: its first sample, its samples, and the piece of time on the
    // way back.
    private int _first,
        _slots,
        _piece;
    private bool _training,
        _counting;
    private long _updates;

    /// <summary>Takes all memory and draws the initial weights.</summary>
    /// <param name="settings">The trial's.</param>
    /// <param name="threads">Threads to use, the caller's included.</param>
    public FusedEngine(TrainingSettings settings, int threads)
        : this(settings, threads, Kernels.Best) { }

    /// <summary>
    /// The same on kernels of a given width, by a given plan, and with the weights' gradients and an evaluation's
    /// potentials kept for a look.
    /// </summary>
    internal FusedEngine(TrainingSettings settings, int threads, Kernels kernels, BatchPlan? plan = null, bool inspect = false)
    {
        if (Lacks(settings) is { } lacks)
            throw new NotSupportedException($"Engine fused does not offer {lacks}.");
        _settings = settings;
        _plan = plan ?? BatchPlan.For(settings);
        if (settings.NeedsWholeBatch && _plan != BatchPlan.For(settings))
            throw new ArgumentException("The method needs the whole batch at once.", nameof(plan));
        if (settings.Delays is SynapticDelays && _plan.Steps < settings.StepCount)
            throw new ArgumentException("Delays of weights need all steps at once.", nameof(plan));
        _keepPotentials = inspect;
        _layers = [.. settings.LayerSizes.Select((_, l) => new FusedLayer(settings, _plan, l + 1, inspect))];
        _workspaces = [.. Enumerable.Range(0, threads).Select(_ => new ThreadWorkspace(settings, _plan))];
        _team = new ThreadTeam(threads);
        _pass = new SamplePass(settings, _plan, _layers, kernels);
        if (settings.NeedsWholeBatch)
            _whole = new WholeBatchPass(settings, _layers, _workspaces, _team, _pass, kernels);
        _update = new BatchUpdate(settings, _layers, kernels);
        _result = new BatchResult(settings.LayerSizes, settings.BatchSize, settings.Readout is not null);
        _batch = new Sample[settings.BatchSize];
        _losses = new double[settings.BatchSize];
        _transposes = [.. _layers.SelectMany((layer, l) => Enumerable.Range(0, layer.TransposedPanels).Select(p => (l, p)))];
        _synapses =
        [
            .. _layers
                .SelectMany((layer, l) => layer.Synapses is null ? [] : Enumerable.Range(0, layer.Panels).Select(p => (l, p)))
                .SelectMany(at =>
                    Enumerable
                        .Range(0, (_layers[at.l].Rows + RowsPerTask - 1) / RowsPerTask)
                        .Select(k => (at.l, at.p, k * RowsPerTask, Math.Min((k + 1) * RowsPerTask, _layers[at.l].Rows)))
                ),
        ];
        (_transpose, _forwardInput, _forward, _back, _loss, _againInput, _againAndBack, _count, _enter, _addSynapses) = (
            Transpose,
            ForwardInput,
            Forward,
            ForwardAndBack,
            Loss,
            RecomputeInput,
            RecomputeAndBackward,
            Count,
            Enter,
            AddSynapses
        );
    }

    /// <summary>What these settings ask for and this engine does not offer; null if it offers all.</summary>
    public static string? Lacks(TrainingSettings settings) =>
        settings.Connections is not null && settings.IsRecurrent
            ? "layers that hear themselves (network.recurrent) beside conv and pool layers (network.layers)"
        : settings.Connections is not null && settings.NeedsWholeBatch
            ? NeedingWholeBatch(settings) + " beside conv and pool layers (network.layers)"
        : settings.NeedsWholeBatch && BatchPlan.WholeBytes(settings) > BatchPlan.WholeBudget
            ? $"{(settings.Normalization is null ? "threshold rule ds_atgo" : "normalization tdbn")} on batches of "
                + $"{settings.BatchSize} × {settings.StepCount} steps, which have to be in memory at once and would take "
                + $"{BatchPlan.WholeBytes(settings) >> 20} MiB, above {BatchPlan.WholeBudget >> 20}; take a smaller batch_size"
        : settings.Delays is SynapticDelays && BatchPlan.GroupBytes(settings) > BatchPlan.WholeBudget
            ? $"delays of weights (network.delays: synaptic) over {settings.StepCount} steps, which have to be in memory at once "
                + $"and would take {BatchPlan.GroupBytes(settings) >> 20} MiB, above {BatchPlan.WholeBudget >> 20}; "
                + "take fewer steps"
        : settings.Delays is SynapticDelays && settings.Connections is not null
            ? "delays of weights (network.delays: synaptic) beside conv and pool layers (network.layers)"
        : settings.Delays is SynapticDelays && settings.NeedsWholeBatch
            ? "delays of weights (network.delays: synaptic) beside " + NeedingWholeBatch(settings)
        : settings.Quantization == Quantization.Lava && settings.Threshold.MovesWithinBatch
            ? "quantised states with thresholds that move from step to step"
        : settings.Quantization == Quantization.Lava && settings.Normalization is not null
            ? "quantised states with normalised inputs (normalization.kind tdbn)"
        : settings.NeedsWholeBatch && settings.Dropout is not null
            ? "dropout (network.dropout) beside " + NeedingWholeBatch(settings)
        : settings.NeedsWholeBatch && settings.IsRecurrent
            ? "hidden layers that hear themselves (network.recurrent) beside " + NeedingWholeBatch(settings)
        : settings.Quantization == Quantization.Lava && settings.Dropout is not null
            ? "quantised states with dropout (network.dropout)"
        : settings.Quantization == Quantization.Lava && settings.Neuron.Reset == ResetKind.Soft
            ? "quantised states with a soft reset"
        : null;

    private static string NeedingWholeBatch(TrainingSettings settings) =>
        settings.Normalization is null ? "threshold rule ds_atgo" : "normalised inputs (normalization.kind tdbn)";

    /// <summary>The layers, for a look inside.</summary>
    internal IReadOnlyList<FusedLayer> Layers => _layers;

    /// <inheritdoc/>
    public BatchResult Train(ReadOnlySpan<Sample> batch)
    {
        SetBatch(batch);
        _training = true;
        _updates++;
        _pass.Start(isTraining: true);
        _team.Run(_transposes.Length, _transpose);
        for (_first = 0; _first < _samples; _first += _plan.Samples)
        {
            _slots = Math.Min(_plan.Samples, _samples - _first);
            _piece = _pass.Pieces - 1;
            if (_whole is null)
            {
                _team.Run(InputItems, _forwardInput);
                _team.Run(_slots, _back);
            }
            else
            {
                _whole.Forward(_batch, _samples);
                _team.Run(_slots, _loss);
                _whole.Backward();
            }
            AddGradient();
            while (_piece > 0)
            {
                _piece--;
                _team.Run(InputItems, _againInput);
                _team.Run(_slots, _againAndBack);
                AddGradient();
            }
        }
        Summarise();
        return _result;
    }

    /// <inheritdoc/>
    public BatchResult Evaluate(ReadOnlySpan<Sample> batch, bool countUpdates = false)
    {
        SetBatch(batch);
        (_training, _counting) = (false, countUpdates);
        _pass.Start(isTraining: false);
        foreach (FusedLayer layer in _layers)
        {
            (layer.Thresholds as SteppedThresholds)?.UseRunningStatistics();
            layer.Normalization?.UseRunningStatistics();
        }
        for (_first = 0; _first < _samples; _first += _plan.Samples)
        {
            _slots = Math.Min(_plan.Samples, _samples - _first);
            _team.Run(InputItems, _forwardInput);
            _team.Run(_slots, _forward);
        }
        Summarise();
        if (countUpdates)
            CollectUpdates();
        _counting = false;
        Array.Clear(_result.WeightGradientNorms);
        Array.Clear(_result.ThresholdGradientNorms);
        return _result;
    }

    /// <summary>
    /// When the neurons of a layer spiked in the one sample that was evaluated last; a copy.
    /// </summary>
    /// <param name="layer">From 0, the first hidden layer; one that spikes.</param>
    /// <exception cref="InvalidOperationException">The last batch had several samples, of which only some are
    /// kept.</exception>
    public unsafe SpikeRaster SpikesOf(int layer)
    {
        if (_samples != 1)
            throw new InvalidOperationException($"The last batch had {_samples} samples; evaluate one.");
        FusedLayer own = _layers[layer];
        int steps = _settings.StepCount;
        int[] offsets = new int[steps + 1];
        ushort[] neurons = new ushort[(int)_result.Spikes[layer].Sum()];
        fixed (int* at = offsets)
        fixed (ushort* spiked = neurons)
            SpikeBits.List(own.Spikes(0, 0), own.Dropout.Kept(0), own.Panels, steps, 0, steps, at, spiked);
        return new SpikeRaster(own.Neurons, offsets, neurons);
    }

    /// <inheritdoc/>
    public NetworkState Export() => new(_updates, [.. _layers.Select(layer => layer.Export())]);

    /// <inheritdoc/>
    public void Import(NetworkState state)
    {
        ArgumentNullException.ThrowIfNull(state);
        if (state.Layers.Count != _layers.Length)
            throw new ArgumentException(
                $"The state has {state.Layers.Count} layers, the network {_layers.Length}.",
                nameof(state)
            );
        for (int l = 0; l < _layers.Length; l++)
            _layers[l].Import(state.Layers[l]);
        _updates = state.Updates;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _team.Dispose();
        _update.Dispose();
        _whole?.Dispose();
        _pass.Dispose();
        foreach (ThreadWorkspace workspace in _workspaces)
            workspace.Dispose();
        foreach (FusedLayer layer in _layers)
            layer.Dispose();
    }

    /// <summary>The mean gradient of a layer's thresholds over the last trained batch.</summary>
    internal float[] ThresholdGradient(int layer) => _layers[layer].MeanThresholdGradient(_samples).ToArray();

    /// <summary>The mean gradient of a layer's b over the last trained batch, if they are trained.</summary>
    internal float[] VoltageGradient(int layer) => _layers[layer].MeanVoltageGradient(_samples).ToArray();

    /// <summary>The same of a.</summary>
    internal float[] CurrentGradient(int layer) => _layers[layer].MeanCurrentGradient(_samples).ToArray();

    /// <summary>The same of d, the delays.</summary>
    internal float[] DelayGradient(int layer) =>
        _layers[layer].Synapses?.ReadGradient() ?? _layers[layer].MeanDelayGradient(_samples).ToArray();

    private void SetBatch(ReadOnlySpan<Sample> batch)
    {
        if (batch.Length < 1 || batch.Length > _settings.BatchSize)
            throw new ArgumentException($"A batch has 1 to {_settings.BatchSize} samples, not {batch.Length}.", nameof(batch));
        foreach (Sample sample in batch)
        {
            if (sample.Raster.NeuronCount != _settings.InputCount || sample.Raster.StepCount != _settings.StepCount)
            {
                throw new ArgumentException(
                    $"A sample is {sample.Raster.StepCount} steps × {sample.Raster.NeuronCount} neurons, "
                        + $"the network takes {_settings.StepCount} × {_settings.InputCount}.",
                    nameof(batch)
                );
            }
            if (sample.Label < 0 || sample.Label >= _layers[^1].Neurons)
                throw new ArgumentException(
                    $"Label {sample.Label} has no output neuron; there are {_layers[^1].Neurons}.",
                    nameof(batch)
                );
        }
        batch.CopyTo(_batch);
        _samples = batch.Length;
    }

    /// <summary>Panels of the first layer and samples; a first layer with a kernel goes with the others, sample by sample.</summary>
    private int InputItems => _pass.FirstIsDense ? _layers[0].Panels * _slots : 0;

    private void Transpose(int item, int thread) => _layers[_transposes[item].Layer].Transpose(_transposes[item].Panel);

    private void ForwardInput(int item, int thread) =>
        _pass.ForwardInput(
            _batch[_first + (item % _slots)],
            item % _slots,
            item / _slots,
            0,
            _pass.Pieces - 1,
            _training || _keepPotentials,
            _counting ? _workspaces[thread] : null
        );

    private void Forward(int slot, int thread)
    {
        ThreadWorkspace workspace = _workspaces[thread];
        _pass.KeepAll(slot);
        _pass.Forward(_batch[_first + slot], slot, 0, _pass.Pieces - 1, _training || _keepPotentials, workspace, _counting);
        Loss(slot, thread);
    }

    // A sum of whole numbers, so that it does not matter which thread has counted what.
    private void CollectUpdates()
    {
        foreach (ThreadWorkspace workspace in _workspaces)
        {
            _result.MembraneUpdates += workspace.MembraneUpdates;
            workspace.MembraneUpdates = 0;
        }
        foreach (FusedLayer layer in _layers)
            _result.MembraneUpdates += (long)layer.Neurons * _samples;
    }

    private void Loss(int slot, int thread) =>
        _losses[_first + slot] = _pass.EvaluateLoss(_batch[_first + slot], _first + slot, slot, _samples, _workspaces[thread]);

    private void ForwardAndBack(int slot, int thread)
    {
        _pass.Drop(_first + slot, slot, _updates);
        _pass.Forward(_batch[_first + slot], slot, 0, _pass.Pieces - 1, keep: true, _workspaces[thread]);
        Loss(slot, thread);
        _pass.Backward(_batch[_first + slot], _first + slot, slot, _samples, _piece, _workspaces[thread]);
    }

    private void RecomputeInput(int item, int thread) =>
        _pass.ForwardInput(_batch[_first + (item % _slots)], item % _slots, item / _slots, _piece, _piece, keep: true);

    private void RecomputeAndBackward(int slot, int thread)
    {
        _pass.Forward(_batch[_first + slot], slot, _piece, _piece, keep: true, _workspaces[thread]);
        _pass.Backward(_batch[_first + slot], _first + slot, slot, _samples, _piece, _workspaces[thread]);
    }

    private void AddGradient()
    {
        int items = _layers.Length * SpikeColumns.Groups(_slots);
        _team.Run(items, _count);
        _part = new(_first == 0 && _piece == _pass.Pieces - 1, _first + _slots == _samples && _piece == 0);
        foreach (FusedLayer layer in _layers)
            layer.LayEvents(_slots, isFirstPiece: _piece == 0, _part.IsLast);
        _team.Run(items, _enter);
        if (_synapses.Length > 0)
            _team.Run(_synapses.Length, _addSynapses);
        _update.Run(_part, _updates, _samples, _team, _result);
    }

    private void Count(int item, int thread)
    {
        (int group, int l) = Math.DivRem(item, _layers.Length);
        (int from, int to) = _pass.Piece(_piece);
        ReadOnlySpan<Sample> samples = Samples(group);
        if (_layers[l].Convolution is not null)
            return;
        if (l == 0)
            _layers[0].Heeded.Count(group, samples, from, to);
        else
            _layers[l].Heeded.Count(group, _layers[l - 1], samples.Length, from, to);
        if (_layers[l].IsRecurrent)
            _layers[l].Heeded.CountOwn(group, _layers[l], samples.Length, from, to);
    }

    private unsafe void AddSynapses(int item, int thread)
    {
        (int l, int panel, int from, int to) = _synapses[item];
        FusedLayer layer = _layers[l];
        float* W = layer.Weights(panel).W;
        layer.Synapses!.AddGradient(panel, from, to, _part, W, layer.SeparateFactor, layer.Events.Touched);
    }

    private void Enter(int item, int thread)
    {
        (int group, int l) = Math.DivRem(item, _layers.Length);
        (int from, int to) = _pass.Piece(_piece);
        ReadOnlySpan<Sample> samples = Samples(group);
        if (_layers[l].Convolution is not null)
            return;
        if (l == 0)
            _layers[0].Heeded.Enter(group, samples, from, to);
        else
            _layers[l].Heeded.Enter(group, _layers[l - 1], samples.Length, from, to);
        if (_layers[l].IsRecurrent)
            _layers[l].Heeded.EnterOwn(group, _layers[l], samples.Length, from, to);
    }

    /// <summary>A group of the samples that are worked on.</summary>
    private ReadOnlySpan<Sample> Samples(int group)
    {
        int from = group * BatchPlan.Group;
        return _batch.AsSpan(_first + from, Math.Min(BatchPlan.Group, _slots - from));
    }

    private unsafe void Summarise()
    {
        (_result.Samples, _result.LossSum, _result.Correct, _result.MembraneUpdates) = (_samples, 0, 0, 0);
        int classes = _layers[^1].Neurons;
        for (int b = 0; b < _samples; b++)
        {
            _result.LossSum += _losses[b];
            if (_settings.Readout is null)
                new ReadOnlySpan<int>(_layers[^1].Counts(b), classes).CopyTo(_result.OutputSpikes.AsSpan(b * classes));
            else
                _pass.Logits(b).CopyTo(_result.Logits.AsSpan(b * classes));
            if (_result.PredictedClass(b) == _batch[b].Label)
                _result.Correct++;
        }
        for (int l = 0; l < _layers.Length; l++)
        {
            long[] spikes = _result.Spikes[l];
            Array.Clear(spikes);
            for (int b = 0; b < _samples; b++)
            {
                int* counts = _layers[l].Counts(b);
                for (int i = 0; i < spikes.Length; i++)
                    spikes[i] += counts[i];
            }
            new ReadOnlySpan<int>(_layers[l].Counts(0), spikes.Length).CopyTo(_result.FirstSampleSpikes[l]);
        }
    }
}
