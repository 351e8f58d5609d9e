using Rouser.Data;
using Rouser.Snn;
using Rouser.Snn.Regularizers;
using TorchSharp;
using static TorchSharp.torch;

namespace Rouser.Engines.Torch;

/// <summary>
/// The training engine on libtorch: the same network as <see cref="FusedEngine"/>, dense, with gradients by autograd.
/// A second implementation to hold the first against, and slower than it.
/// </summary>
/// <remarks>
/// It takes one thread, so that no sum is cut differently when another number of threads is asked for; trials side by
/// side use the other cores. Its results are the same bytes on one machine; between machines they agree to rounding,
/// because libtorch picks its kernels by the hardware. Unlike the fused engine it allocates in every batch, and its
/// memory grows with T × neurons: 4·B·T bytes for each input and up to 28·B·T for each neuron.
/// <para>
/// Traps of TorchSharp 0.107: <c>matmul</c> ends the process where <c>mm</c> throws, so does an exception that leaves
/// a <c>backward</c>; <c>sum(0)</c> takes the 0 for an element type and adds up everything, <c>sum(0L)</c> is meant;
/// <c>zero_</c> clears nothing.
/// </para>
/// </remarks>
internal sealed class TorchEngine : ITrainingEngine
{
    private readonly TrainingSettings _settings;
    private readonly TorchLayer[] _layers;
    private readonly TorchLoss _loss;
    private readonly BatchResult _result;
    private float[] _outputCounts = [];
    private long _updates;

    /// <summary>Draws the initial weights.</summary>
    /// <param name="settings">The trial's; all of them are offered.</param>
    public TorchEngine(TrainingSettings settings)
    {
        _settings = settings;
        set_num_threads(1);
        _layers = [.. settings.LayerSizes.Select((_, l) => new TorchLayer(settings, l + 1))];
        _loss = new TorchLoss(settings.Loss, settings.StepCount);
        _result = new BatchResult(settings.LayerSizes, settings.BatchSize);
    }

    /// <inheritdoc/>
    public BatchResult Train(ReadOnlySpan<Sample> batch)
    {
        Check(batch);
        using DisposeScope rest = NewDisposeScope();
        Tensor[] weights = [.. _layers.Select(layer => layer.EffectiveWeights())];
        foreach (Tensor W in weights)
            W.retain_grad();
        LayerPass[] passes = [.. _layers.Select(layer => new LayerPass(layer.Neuron))];
        try
        {
            Tensor S = Dense(batch),
                prices = zeros(batch.Length);
            for (int l = 0; l < _layers.Length; l++)
            {
                using Tensor input = S,
                    Z = input.mm(weights[l]);
                S = LayerFunction.apply(Z, _layers[l].Thresholds(), passes[l]);
                Count(S, l, batch.Length);
                if (l < _layers.Length - 1)
                    prices += Price(S, batch.Length);
            }
            Tensor losses = Summarise(S, prices, batch),
                mean = losses.sum() / batch.Length;
            mean.backward();
            if (passes.FirstOrDefault(pass => pass.Failure is not null) is { Failure: { } failure })
                throw new InvalidOperationException($"The backward pass failed: {failure.Message}", failure);
        }
        finally
        {
            foreach (LayerPass pass in passes)
                pass.Dispose();
        }
        Update(weights);
        return _result;
    }

    /// <inheritdoc/>
    public BatchResult Evaluate(ReadOnlySpan<Sample> batch, bool countUpdates = false)
    {
        Check(batch);
        long updates = 0;
        using DisposeScope rest = NewDisposeScope();
        using IDisposable still = no_grad();
        Tensor S = Dense(batch),
            prices = zeros(batch.Length);
        for (int l = 0; l < _layers.Length; l++)
        {
            using Tensor input = S,
                W = _layers[l].EffectiveWeights(),
                Z = input.mm(W),
                Th = _layers[l].Thresholds();
            (Tensor V, S) = _layers[l].Neuron.Forward(Z, Th);
            if (countUpdates)
                updates += Updates(V, batch.Length);
            V.Dispose();
            Count(S, l, batch.Length);
            if (l < _layers.Length - 1)
                prices += Price(S, batch.Length);
        }
        Summarise(S, prices, batch);
        _result.MembraneUpdates = updates;
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
        foreach (TorchLayer layer in _layers)
            layer.Dispose();
    }

    /// <summary>Refuses what does not fit before libtorch sees it: some of its complaints end the process.</summary>
    private void Check(ReadOnlySpan<Sample> batch)
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
            if (sample.Label < 0 || sample.Label >= _settings.LayerSizes[^1])
                throw new ArgumentException(
                    $"Label {sample.Label} has no output neuron; there are {_settings.LayerSizes[^1]}.",
                    nameof(batch)
                );
        }
    }

    /// <summary>The batch's input spikes, <c>[T·B × N]</c> of 0 and 1.</summary>
    private Tensor Dense(ReadOnlySpan<Sample> batch)
    {
        int spikes = 0;
        foreach (Sample sample in batch)
            spikes += sample.Raster.SpikeCount;
        long[] places = new long[spikes];
        int k = 0;
        for (int b = 0; b < batch.Length; b++)
        {
            for (int t = 0; t < _settings.StepCount; t++)
            {
                long row = ((long)t * batch.Length) + b;
                foreach (ushort neuron in batch[b].Raster.At(t))
                    places[k++] = (row * _settings.InputCount) + neuron;
            }
        }
        using Tensor flat = zeros([(long)_settings.StepCount * batch.Length * _settings.InputCount]);
        using Tensor index = tensor(places);
        flat.index_fill_(0, index, 1);
        return flat.view((long)_settings.StepCount * batch.Length, _settings.InputCount);
    }

    /// <summary>Counts a layer's spikes into the result, and keeps the output layer's, <c>[B × N]</c>.</summary>
    private void Count(Tensor S, int l, int samples)
    {
        using Tensor series = S.detach(),
            steps = series.view(_settings.StepCount, samples, _settings.LayerSizes[l]),
            sums = steps.sum(0L),
            local = sums.cpu();
        float[] counts = local.data<float>().ToArray();
        (long[] spikes, int[] first) = (_result.Spikes[l], _result.FirstSampleSpikes[l]);
        Array.Clear(spikes);
        for (int i = 0; i < counts.Length; i++)
            spikes[i % spikes.Length] += (long)counts[i];
        for (int i = 0; i < first.Length; i++)
            first[i] = (int)counts[i];
        if (l == _layers.Length - 1)
            _outputCounts = counts;
    }

    /// <summary>Potentials that differ from those of the step before, and all of the first step.</summary>
    private static long Updates(Tensor V, int samples)
    {
        long rows = V.shape[0];
        using Tensor before = V.narrow(0, 0, rows - samples),
            after = V.narrow(0, samples, rows - samples),
            differs = before.ne(after),
            sum = differs.sum();
        return sum.item<long>() + (samples * V.shape[1]);
    }

    /// <summary>
    /// The price of a hidden layer's activity in each sample, <c>[B]</c>; <see cref="ActivityRegularizer"/> has the
    /// equation.
    /// </summary>
    private Tensor Price(Tensor S, int samples)
    {
        if (_settings.Regularizer is not ActivityRegularizer price)
            return zeros(samples);
        Tensor n = S.view(_settings.StepCount, samples, S.shape[1]).sum(0L);
        Tensor over = (n.mean([1L]) - (float)price.UpperCount).relu(),
            under = (-n + (float)price.LowerCount).relu();
        return (over * (float)price.UpperWeight) + (under.square().mean([1L]) * (float)price.LowerWeight);
    }

    /// <summary>Loss and predictions into the result; the samples' losses, <c>[B]</c>, for the backward pass.</summary>
    private Tensor Summarise(Tensor S, Tensor prices, ReadOnlySpan<Sample> batch)
    {
        int neurons = _settings.LayerSizes[^1];
        float[] right = new float[batch.Length * neurons];
        (_result.Samples, _result.LossSum, _result.Correct, _result.MembraneUpdates) = (batch.Length, 0, 0, 0);
        for (int i = 0; i < _outputCounts.Length; i++)
            _result.OutputSpikes[i] = (int)_outputCounts[i];
        for (int b = 0; b < batch.Length; b++)
        {
            if (_result.PredictedClass(b) == batch[b].Label)
                _result.Correct++;
            right[(b * neurons) + batch[b].Label] = 1;
        }
        Tensor losses =
            _loss.PerSample(S.view(_settings.StepCount, batch.Length, neurons), tensor(right, [batch.Length, neurons])) + prices;
        using Tensor detached = losses.detach(),
            local = detached.cpu();
        foreach (float loss in local.data<float>().ToArray())
            _result.LossSum += loss;
        return losses;
    }

    private void Update(Tensor[] weights)
    {
        _updates++;
        for (int l = 0; l < _layers.Length; l++)
        {
            (_result.WeightGradientNorms[l], _result.ThresholdGradientNorms[l]) = _layers[l].GradientNorms(weights[l]);
            _layers[l]
                .Update(_updates, _result.Spikes[l], _result.Samples, _settings.Schedule.FactorAt(_updates, _settings.Length));
        }
        // The top layer first: what is not finite there makes every gradient below it so too.
        for (int l = _layers.Length - 1; l >= 0; l--)
        {
            string? what = _layers[l].NotFinite(_result.WeightGradientNorms[l], _result.ThresholdGradientNorms[l]);
            if (what is not null)
                throw new NumericalFailureException($"layer {l + 1}: {what} is not finite after update {_updates}");
        }
    }
}
