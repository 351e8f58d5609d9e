using System.Globalization;
using Rouser.Data;
using Rouser.Orchestrator.Benchmarks;
using Rouser.Snn;
using Rouser.Snn.Fused;
using Rouser.Snn.Layers;
using Rouser.Snn.Losses;
using Rouser.Snn.Optimizers;
using Rouser.Snn.Thresholds;

namespace Rouser.Benchmarks;

/// <summary>
/// Our side of the comparison in <c>peers/</c>: the events, weights and results that the other side starts from and
/// is checked with, and our times.
/// </summary>
internal static class PeerBenchmark
{
    /// <summary>
    /// Writes a network's settings, initial weights, the events of the first batches, and what one engine makes of
    /// them.
    /// </summary>
    public static void Write(string path, BenchmarkNetwork network, int batches)
    {
        var archive = new TensorArchive();
        TrainingSettings settings = network.Settings;
        using var engine = new FusedEngine(settings, Environment.ProcessorCount, Kernels.Best, inspect: true);
        archive.Describe(
            "network",
            $"{network.Name} {network.Shape}, T = {settings.StepCount}, batch {settings.BatchSize}, {network.Data}"
        );
        foreach ((string name, double value) in Scalars(settings))
            archive.Describe(name, value.ToString("R", CultureInfo.InvariantCulture));
        foreach ((LayerState layer, int l) in engine.Export().Layers.Select((layer, l) => (layer, l + 1)))
        {
            LayerConnection connection = settings.ConnectionOf(l);
            archive.Add($"weights.{l}", layer.Weights, connection.Rows + OwnRows(settings, l), connection.Columns);
            if (connection.Below is { } below)
            {
                int[] plane =
                [
                    below.Channels,
                    below.Height,
                    below.Width,
                    connection.Pool,
                    connection.Convolution?.Kernel ?? 0,
                    connection.Convolution?.Stride ?? 0,
                    connection.Convolution?.Padding ?? 0,
                ];
                archive.Add($"connection.{l}", plane, plane.Length);
            }
            archive.Add($"thresholds.{l}", layer.Thresholds, layer.NeuronCount);
        }
        for (int k = 0; k < batches; k++)
        {
            Sample[] batch = network.BatchAt(k);
            int[] cells = [.. batch.SelectMany((sample, b) => Cells(sample.Raster, b, batch.Length))];
            archive.Add($"batch.{k}.cells", cells, cells.Length);
            archive.Add($"batch.{k}.labels", [.. batch.Select(s => s.Label)], batch.Length);
        }
        WriteResults(archive, engine, network, batches);
        archive.Write(path);
    }

    /// <summary>
    /// Milliseconds a sample of training (from the initial weights) and of inference, one line a run: <c>train
    /// 2.31</c>.
    /// </summary>
    public static IEnumerable<string> Time(BenchmarkNetwork network, int batches, int threads, int runs)
    {
        using var engine = new FusedEngine(network.Settings, threads);
        NetworkState start = engine.Export();
        Sample[][] taken = [.. Enumerable.Range(0, batches).Select(network.BatchAt)];
        double perSample = 1e3 / taken.Sum(b => b.Length);
        for (int run = -1; run < runs; run++)
        {
            engine.Import(start);
            double train = Spread.Seconds(() => Array.ForEach(taken, batch => engine.Train(batch)));
            engine.Import(start);
            double inference = Spread.Seconds(() => Array.ForEach(taken, batch => engine.Evaluate(batch)));
            if (run < 0)
                continue;
            yield return string.Create(CultureInfo.InvariantCulture, $"train {train * perSample:F5}");
            yield return string.Create(CultureInfo.InvariantCulture, $"inference {inference * perSample:F5}");
        }
    }

    /// <summary>
    /// The first batch's spikes, counted per neuron, and gradients; and the mean loss of every batch, each after the
    /// updates of those before.
    /// </summary>
    private static void WriteResults(TensorArchive archive, FusedEngine engine, BenchmarkNetwork network, int batches)
    {
        var losses = new double[batches];
        for (int k = 0; k < batches; k++)
        {
            BatchResult result = engine.Train(network.BatchAt(k));
            losses[k] = result.LossSum / result.Samples;
            if (k > 0)
                continue;
            for (int l = 0; l < engine.Layers.Count; l++)
            {
                FusedLayer layer = engine.Layers[l];
                archive.Add($"result.spikes.{l + 1}", [.. result.Spikes[l].Select(n => (int)n)], layer.Neurons);
                archive.Add($"result.weight_gradient.{l + 1}", layer.WeightGradient(), layer.Rows, layer.Columns);
                archive.Add($"result.threshold_gradient.{l + 1}", engine.ThresholdGradient(l), layer.Neurons);
            }
        }
        archive.Add("result.losses", losses, batches);
    }

    /// <summary>Rows of the weights of layer <paramref name="l"/> (from 1) that are from its own spikes; the last ones.</summary>
    private static int OwnRows(TrainingSettings settings, int l) =>
        settings.HearsItself(l - 1, settings.LayerSizes.Count) ? settings.LayerSizes[l - 1] : 0;

    /// <summary>Where a sample's spikes lie in a dense <c>[T × B × N]</c>.</summary>
    private static IEnumerable<int> Cells(SpikeRaster raster, int b, int samples)
    {
        for (int t = 0; t < raster.StepCount; t++)
        {
            for (int k = raster.StepOffsets[t]; k < raster.StepOffsets[t + 1]; k++)
                yield return (((t * samples) + b) * raster.NeuronCount) + raster.Neurons[k];
        }
    }

    private static IEnumerable<(string Name, double Value)> Scalars(TrainingSettings settings) =>
        [
            ("layers", settings.LayerSizes.Count),
            ("inputs", settings.InputCount),
            ("steps", settings.StepCount),
            ("batch_size", settings.BatchSize),
            ("current_decay", settings.Neuron.CurrentFactor),
            ("voltage_decay", settings.Neuron.VoltageFactor),
            ("tau", settings.Surrogate.Tau),
            ("scale", settings.Surrogate.Scale),
            ("filter_tau", ((VanRossumLoss)settings.Loss).FilterTau),
            ("true_period", ((VanRossumLoss)settings.Loss).TruePeriod),
            ("false_period", ((VanRossumLoss)settings.Loss).FalsePeriod),
            ("learning_rate", settings.Optimizer.LearningRate),
            ("threshold_learning_rate", ((TrainedThreshold)settings.Threshold).LearningRate),
            ("beta1", ((AdamOptimizer)settings.Optimizer).Beta1),
            ("beta2", ((AdamOptimizer)settings.Optimizer).Beta2),
            ("epsilon", ((AdamOptimizer)settings.Optimizer).Epsilon),
        ];
}
