using Rouser.Core.Data;
using Rouser.Core.Snn.Fused;

namespace Rouser.Core.Snn;

/// <summary>
/// The training engine in float32: event-driven, fused, without allocation after the first batch, the same bytes for any number of threads and any vector
/// width. <see cref="Reference.ReferenceLayer"/> has the equations.
/// </summary>
/// <remarks>
/// A batch is two phases. First every sample goes forward and back on its own: input spikes pick rows of the weights, the recurrences run
/// in registers, and ∂L/∂I of each layer, sample and step is left behind. Then every row of every weight matrix is summed over the batch's events in
/// a fixed order and moved by Adam at once. Neither phase adds up anything across threads.
/// <para>
/// Memory, with N the neurons of all layers, each layer rounded up to 32: 4·B·(T + 1)·N bytes for ∂L/∂I, 12 bytes a weight (20 if
/// normalised), 4 more for one above the first layer, and 4 bytes an event. Nothing has the size T × inputs.
/// </para>
/// </remarks>
public sealed class FusedEngine : ITrainingEngine
{
    /// <summary>Part of a trial's identity: changes whenever the same settings give other bytes.</summary>
    public const string Version = "fused/1";

    private readonly TrainingSettings _settings;
    private readonly FusedLayer[] _layers;
    private readonly Lane[] _lanes;
    private readonly ThreadTeam _team;
    private readonly SamplePass _pass;
    private readonly BatchUpdate _update;
    private readonly BatchResult _result;
    private readonly Sample[] _batch;
    private readonly double[] _losses;
    private readonly NativeBuffer<int> _inputCounts;
    private readonly (int Layer, int Panel)[] _transposes;
    private readonly Action<int, int> _transpose, _forwardInput, _forward, _forwardAndBack, _enter;
    private int _samples;
    private long _updates;

    /// <summary>Takes all memory and draws the initial weights.</summary>
    /// <param name="settings">The trial's.</param>
    /// <param name="threads">Threads to use, the caller's included.</param>
    public FusedEngine(TrainingSettings settings, int threads)
        : this(settings, threads, Kernels.Best, keepGradients: false)
    {
    }

    /// <summary>The same on kernels of a given width, and with the weights' gradients kept for a look.</summary>
    internal FusedEngine(TrainingSettings settings, int threads, Kernels kernels, bool keepGradients)
    {
        _settings = settings;
        _layers = [.. settings.LayerSizes.Select((_, l) => new FusedLayer(settings, l + 1, keepGradients))];
        _lanes = [.. Enumerable.Range(0, threads).Select(_ => new Lane(settings))];
        _team = new ThreadTeam(threads);
        _pass = new SamplePass(settings, _layers, kernels);
        _update = new BatchUpdate(settings, _layers, kernels);
        _result = new BatchResult(settings.LayerSizes);
        _batch = new Sample[settings.BatchSize];
        _losses = new double[settings.BatchSize];
        _inputCounts = new NativeBuffer<int>((nint)settings.BatchSize * settings.InputCount);
        _transposes = [.. _layers.Skip(1).SelectMany((layer, l) => Enumerable.Range(0, _layers[l].Panels).Select(p => (l + 1, p)))];
        (_transpose, _forwardInput, _forward, _forwardAndBack, _enter) = (Transpose, ForwardInput, Forward, ForwardAndBack, Enter);
    }

    /// <summary>The layers, for a look inside.</summary>
    internal IReadOnlyList<FusedLayer> Layers => _layers;

    /// <inheritdoc/>
    public BatchResult Train(ReadOnlySpan<Sample> batch)
    {
        Take(batch);
        _team.Run(_transposes.Length, _transpose);
        _team.Run(_layers[0].Panels * _samples, _forwardInput);
        _team.Run(_samples, _forwardAndBack);
        Summarise();
        LayEvents();
        _team.Run(_samples, _enter);
        _update.Run(++_updates, _samples, _team, _result);
        return _result;
    }

    /// <inheritdoc/>
    public BatchResult Evaluate(ReadOnlySpan<Sample> batch)
    {
        Take(batch);
        _team.Run(_layers[0].Panels * _samples, _forwardInput);
        _team.Run(_samples, _forward);
        Summarise();
        Array.Clear(_result.WeightGradientNorms);
        Array.Clear(_result.ThresholdGradientNorms);
        return _result;
    }

    /// <inheritdoc/>
    public NetworkState Export() => new(_updates, [.. _layers.Select(layer => layer.Export())]);

    /// <inheritdoc/>
    public void Import(NetworkState state)
    {
        ArgumentNullException.ThrowIfNull(state);
        if (state.Layers.Count != _layers.Length)
            throw new ArgumentException($"The state has {state.Layers.Count} layers, the network {_layers.Length}.", nameof(state));
        for (int l = 0; l < _layers.Length; l++) _layers[l].Import(state.Layers[l]);
        _updates = state.Updates;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _team.Dispose();
        _update.Dispose();
        _inputCounts.Dispose();
        foreach (Lane lane in _lanes) lane.Dispose();
        foreach (FusedLayer layer in _layers) layer.Dispose();
    }

    /// <summary>The mean gradient of a layer's thresholds over the last trained batch.</summary>
    internal float[] ThresholdGradient(int layer) => _update.ThresholdGradient(layer, _samples).ToArray();

    private void Take(ReadOnlySpan<Sample> batch)
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
                    nameof(batch));
            }
            if (sample.Label < 0 || sample.Label >= _layers[^1].Neurons)
                throw new ArgumentException($"Label {sample.Label} has no output neuron; there are {_layers[^1].Neurons}.", nameof(batch));
        }
        batch.CopyTo(_batch);
        _samples = batch.Length;
    }

    private void Transpose(int item, int lane) => _layers[_transposes[item].Layer].Transpose(_transposes[item].Panel);

    private void ForwardInput(int item, int lane) => _pass.ForwardInput(_batch[item % _samples], item % _samples, item / _samples);

    private void Forward(int b, int lane) => _losses[b] = _pass.Forward(_batch[b], b, _lanes[lane]);

    private unsafe void ForwardAndBack(int b, int lane)
    {
        Forward(b, lane);
        _pass.Backward(b, _samples, _lanes[lane]);
        Span<int> counts = new(_inputCounts.Pointer + ((nint)b * _settings.InputCount), _settings.InputCount);
        counts.Clear();
        foreach (ushort neuron in _batch[b].Raster.Neurons) counts[neuron]++;
    }

    private unsafe void LayEvents()
    {
        _layers[0].Events.Lay(_samples, _inputCounts.Pointer, _settings.InputCount);
        for (int l = 1; l < _layers.Length; l++) _layers[l].Events.Lay(_samples, _layers[l - 1].Counts(0), _layers[l - 1].Stride);
    }

    private unsafe void Enter(int b, int lane)
    {
        _layers[0].Events.Enter(b, _batch[b].Raster);
        for (int l = 1; l < _layers.Length; l++) _layers[l].Events.Enter(b, _layers[l - 1].Spikes(b));
    }

    private unsafe void Summarise()
    {
        (_result.Samples, _result.LossSum, _result.Correct) = (_samples, 0, 0);
        for (int b = 0; b < _samples; b++)
        {
            _result.LossSum += _losses[b];
            int* counts = _layers[^1].Counts(b);
            int predicted = 0;
            for (int i = 1; i < _layers[^1].Neurons; i++)
            {
                if (counts[i] > counts[predicted]) predicted = i;
            }
            if (predicted == _batch[b].Label) _result.Correct++;
        }
        for (int l = 0; l < _layers.Length; l++)
        {
            long[] spikes = _result.Spikes[l];
            Array.Clear(spikes);
            for (int b = 0; b < _samples; b++)
            {
                int* counts = _layers[l].Counts(b);
                for (int i = 0; i < spikes.Length; i++) spikes[i] += counts[i];
            }
            new ReadOnlySpan<int>(_layers[l].Counts(0), spikes.Length).CopyTo(_result.FirstSampleSpikes[l]);
        }
    }
}
