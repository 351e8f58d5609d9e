using Rouser.Core;
using Rouser.Data;
using Rouser.Snn;
using Rouser.Snn.Thresholds;
using Rouser.Sweeps;

namespace Rouser.Worker;

/// <summary>
/// One pass over the training samples and, after it, one over the validation samples and one over the test samples.
/// </summary>
/// <param name="engine">Trains.</param>
/// <param name="data">On this.</param>
/// <param name="trial">How it is trained, and for how many epochs.</param>
/// <param name="initial">The network before training, which distances refer to.</param>
/// <param name="time">Measures the seconds.</param>
/// <param name="augmenter">Alters training samples, with a slot for each of a batch; null if they are trained on as
/// they are.</param>
internal sealed class EpochRun(
    ITrainingEngine engine,
    Dataset data,
    TrialSettings trial,
    NetworkState initial,
    TimeProvider time,
    Augmenter? augmenter
)
{
    private readonly Sample[] _batch = new Sample[trial.BatchSize];
    private readonly Dictionary<int, int[]> _ofClass = [];

    /// <summary>What the network said of the test samples after the last epoch of the trial; null before it.</summary>
    public TestOutputs? Outputs { get; private set; }

    /// <summary>
    /// Evaluates the test samples once more, where the last epoch was run by a process that is gone.
    /// </summary>
    /// <returns>False if it was asked to stop.</returns>
    public bool EvaluateAgain(CancellationToken stop) => Evaluate(data.Test, stop, isLast: true) is not null;

    /// <summary>Runs the epoch.</summary>
    /// <returns>What it measured, or null if it was asked to stop.</returns>
    /// <exception cref="NumericalFailureException">Training has left the finite numbers; the message names the
    /// epoch.</exception>
    public EpochMetrics? Run(long seed, int epoch, Action<TrialProgress> progress, CancellationToken stop)
    {
        int[] order = [.. Enumerable.Range(0, data.Train.Count)];
        new RandomStream(seed, $"order/{epoch}").Shuffle<int>(order);

        long start = time.GetTimestamp();
        Activity? train = Train(order, seed, epoch, progress, stop);
        double seconds = time.GetElapsedTime(start).TotalSeconds;
        Activity? validation = train is null ? null : Evaluate(data.Validation, stop);
        bool isLast = epoch == trial.Epochs;
        Activity? test = validation is null ? null : Evaluate(data.Test, stop, isLast);
        if (train is null || validation is null || test is null)
            return null;

        NetworkState state = engine.Export();
        return new EpochMetrics(
            epoch,
            train.LossSum / data.Train.Count,
            (double)train.Correct / data.Train.Count,
            (double)test.Correct / data.Test.Count,
            seconds,
            seconds > 0 ? data.Train.Count / seconds : 0, // A clock may be too coarse for an epoch.
            [.. state.Layers.Select((layer, l) => LayerOf(layer, l, train, test))]
        )
        {
            Validation =
                data.Validation.Count == 0
                    ? null
                    : new ValidationScores(
                        (double)validation.Correct / data.Validation.Count,
                        validation.LossSum / data.Validation.Count
                    ),
            Complexity = isLast ? ComplexityOf(state, test) : null,
        };
    }

    private Activity? Train(int[] order, long seed, int epoch, Action<TrialProgress> progress, CancellationToken stop)
    {
        var activity = new Activity(initial.Layers);
        for (int first = 0; first < order.Length; first += trial.BatchSize)
        {
            if (stop.IsCancellationRequested)
                return null;
            int count = Math.Min(trial.BatchSize, order.Length - first);
            for (int k = 0; k < count; k++)
                _batch[k] = TrainingSample(order[first + k], k, seed, epoch);
            try
            {
                activity.Add(engine.Train(_batch.AsSpan(0, count)));
            }
            catch (NumericalFailureException failure)
            {
                throw new NumericalFailureException(
                    $"epoch {epoch}, sample {first + count} of {order.Length}: {failure.Message}"
                );
            }
            progress(new TrialProgress(epoch, first + count, order.Length));
        }
        return activity;
    }

    /// <summary>
    /// A sample as it is trained on. How it is altered depends on the seed, the epoch and the sample, and not on its
    /// place in the order.
    /// </summary>
    private Sample TrainingSample(int i, int slot, long seed, int epoch)
    {
        Sample sample = data.Train[i];
        if (augmenter is null)
            return sample;
        SpikeRaster? partner = null;
        if (trial.Augmentation.Blend is var p and > 0)
            partner = Blend.Partner(p, i, OfClass(sample.Label), new RandomStream(seed, $"blend/{epoch}/{i}")) is { } other
                ? data.Train[other].Raster
                : null;
        return sample with
        {
            Raster = augmenter.Apply(sample.Raster, new RandomStream(seed, $"augment/{epoch}/{i}"), slot, partner),
        };
    }

    /// <summary>The places of all training samples of a class.</summary>
    private int[] OfClass(int label)
    {
        if (!_ofClass.TryGetValue(label, out int[]? own))
            _ofClass[label] = own = [.. Enumerable.Range(0, data.Train.Count).Where(i => data.Train[i].Label == label)];
        return own;
    }

    private Activity? Evaluate(IReadOnlyList<Sample> samples, CancellationToken stop, bool isLast = false)
    {
        var activity = new Activity(initial.Layers);
        var outputs = isLast ? new TestOutputs([], []) : null;
        for (int first = 0; first < samples.Count; first += trial.BatchSize)
        {
            if (stop.IsCancellationRequested)
                return null;
            int count = Math.Min(trial.BatchSize, samples.Count - first);
            for (int k = 0; k < count; k++)
                _batch[k] = samples[first + k];
            BatchResult result = engine.Evaluate(_batch.AsSpan(0, count), countUpdates: isLast);
            activity.Add(result);
            outputs?.Add(result, count * initial.Layers[^1].NeuronCount);
        }
        Outputs = outputs ?? Outputs;
        return activity;
    }

    private ComplexityMetrics ComplexityOf(NetworkState state, Activity test)
    {
        long[] input = new long[data.InputCount];
        foreach (Sample sample in data.Test)
        foreach (ushort neuron in sample.Raster.Neurons)
            input[neuron]++;
        return ComplexityMetrics.Of(
            trial,
            data.StepCount,
            state.Layers,
            input,
            test.Spikes,
            test.MembraneUpdates,
            data.Test.Count,
            trial.ForData(data.InputCount, data.ClassCount, data.StepCount, data.Train.Count, seed: 0).Connections
        );
    }

    private LayerMetrics LayerOf(LayerState layer, int l, Activity train, Activity test)
    {
        double neurons = layer.NeuronCount;
        bool spikes = trial.HasSpikes(l, initial.Layers.Count);
        return new LayerMetrics(
            layer.NeuronCount,
            spikes ? train.Spikes[l].Count(n => n == 0) / neurons : null,
            spikes ? train.LastFirstSample[l].Count(n => n > 0) / neurons : null,
            spikes ? train.Spikes[l].Sum() / (neurons * data.StepCount * data.Train.Count) : null,
            spikes ? test.Spikes[l].Sum() / (neurons * data.StepCount * data.Test.Count) : null,
            spikes ? LayerStatistics.Summarize(layer.Thresholds) : null,
            LayerStatistics.Distance(layer.Weights, initial.Layers[l].Weights),
            train.WeightGradientNorms[l] / train.Batches,
            spikes && trial.Threshold is TrainedThreshold ? train.ThresholdGradientNorms[l] / train.Batches : null
        );
    }

    /// <summary>The outputs of all test samples, one sample after the other.</summary>
    /// <param name="Spikes"><c>[sample × class]</c>; empty where the output layer has logits.</param>
    /// <param name="Logits">The same of logits; empty where it spikes.</param>
    internal sealed record TestOutputs(List<int> Spikes, List<float> Logits)
    {
        /// <summary>Adds so many numbers of a batch.</summary>
        public void Add(BatchResult batch, int count)
        {
            Spikes.AddRange(batch.OutputSpikes.Take(count));
            Logits.AddRange(batch.Logits.Take(count));
        }
    }

    /// <summary>What the batches of a pass showed, added up.</summary>
    private sealed class Activity(IReadOnlyList<LayerState> layers)
    {
        public double LossSum { get; private set; }
        public int Correct { get; private set; }
        public int Batches { get; private set; }
        public long MembraneUpdates { get; private set; }
        public long[][] Spikes { get; } = [.. layers.Select(l => new long[l.NeuronCount])];
        public int[][] LastFirstSample { get; } = [.. layers.Select(l => new int[l.NeuronCount])];
        public double[] WeightGradientNorms { get; } = new double[layers.Count];
        public double[] ThresholdGradientNorms { get; } = new double[layers.Count];

        public void Add(BatchResult batch)
        {
            LossSum += batch.LossSum;
            Correct += batch.Correct;
            Batches++;
            MembraneUpdates += batch.MembraneUpdates;
            for (int l = 0; l < Spikes.Length; l++)
            {
                for (int n = 0; n < Spikes[l].Length; n++)
                    Spikes[l][n] += batch.Spikes[l][n];
                batch.FirstSampleSpikes[l].CopyTo(LastFirstSample[l].AsSpan());
                WeightGradientNorms[l] += batch.WeightGradientNorms[l];
                ThresholdGradientNorms[l] += batch.ThresholdGradientNorms[l];
            }
        }
    }
}
