using Rouser.Core;
using Rouser.Data;
using Rouser.Snn;
using Rouser.Snn.Layers;
using Rouser.Snn.Losses;
using Rouser.Snn.Optimizers;
using Rouser.Snn.Surrogates;
using Rouser.Snn.Thresholds;
using Rouser.Storage.Datasets;

namespace Rouser.Orchestrator.Benchmarks;

/// <summary>One of the paper's networks with samples to train it on.</summary>
/// <param name="Name">nmnist, nmnist-low, shd, dvs128, conv or recurrent.</param>
/// <param name="Settings">The paper's: learned thresholds, second-order van Rossum loss, batch 32, T = 300; Th_init
/// 1.25, τ 3.75, s 1.5, and for nmnist-low 0.25, 3, 3.</param>
/// <param name="Samples">What it is trained on.</param>
/// <param name="Data">What the samples are, in words.</param>
internal sealed record BenchmarkNetwork(string Name, TrainingSettings Settings, IReadOnlyList<Sample> Samples, string Data)
{
    private const int Steps = 300,
        Batch = 32;

    /// <summary>The names.</summary>
    public static IReadOnlyList<string> Names { get; } = ["nmnist", "nmnist-low", "shd", "dvs128"];

    /// <summary>A network with convolutions on the digits, for the comparison with others alone.</summary>
    public const string Convolutions = "conv";

    /// <summary>The network of SHD whose hidden layers hear themselves, likewise.</summary>
    public const string Recurrent = "recurrent";

    /// <summary>
    /// Makes a network and its samples. nmnist-low starts at the paper's low threshold, where nearly half of the
    /// neurons spike at every step. For N-MNIST the samples are the recordings in <paramref name="folder"/>, all of
    /// them, or generated digits. For the others they are random rasters: 8,000 events for SHD, our assumption for
    /// its recordings of about a second; 86,000 for DVS128 Gesture, the mean of ten real ones (1.45 s) after binning.
    /// </summary>
    public static Result<BenchmarkNetwork> Open(string name, string? folder) =>
        name switch
        {
            "nmnist" or "nmnist-low" or Convolutions => DatasetLoader
                .Load(
                    new DatasetSettings(
                        folder is null ? "saccade-digits" : "nmnist",
                        folder,
                        Steps,
                        StepMilliseconds: 1,
                        null,
                        null,
                        Seed: 0
                    ),
                    CancellationToken.None
                )
                .Then<BenchmarkNetwork>(set => new BenchmarkNetwork(
                    name,
                    name switch
                    {
                        "nmnist" => SettingsFor(set.InputCount, [500, 500, 10]),
                        "nmnist-low" => WithLowThresholds(SettingsFor(set.InputCount, [500, 500, 10])),
                        _ => WithConvolutions(set.InputCount),
                    },
                    [.. set.Train, .. set.Test],
                    $"{set.Train.Count + set.Test.Count} {(set.Synthetic ? "generated digits (synthetic)" : "N-MNIST recordings")}"
                )),
            "shd" => Random(name, 700, [200, 200, 20], events: 8_000, samples: 256),
            Recurrent => WithRecurrence(Random(name, 700, [200, 200, 20], events: 8_000, samples: 256)),
            "dvs128" => Random(name, 32_768, [64, 11], events: 86_000, samples: 64),
            _ => new UserError(name, $"is no network; known are {string.Join(", ", Names)}"),
        };

    /// <summary>The layers' sizes: <c>2312-500-500-10</c>.</summary>
    public string Shape => string.Join('-', [Settings.InputCount, .. Settings.LayerSizes]);

    /// <summary>The samples of batch <paramref name="k"/>, starting over after the last whole one.</summary>
    public Sample[] BatchAt(int k)
    {
        int whole = Samples.Count / Settings.BatchSize;
        return [.. Samples.Skip(k % whole * Settings.BatchSize).Take(Settings.BatchSize)];
    }

    /// <summary>A network on random rasters, for any size.</summary>
    public static BenchmarkNetwork Random(
        string name,
        int inputs,
        IReadOnlyList<int> layers,
        int events,
        int samples,
        int steps = Steps
    )
    {
        var random = new RandomStream(0, $"benchmark/{name}");
        return new BenchmarkNetwork(
            name,
            SettingsFor(inputs, layers) with
            {
                StepCount = steps,
            },
            [.. Enumerable.Range(0, samples).Select(i => new Sample(Raster(random, inputs, steps, events), i % layers[^1]))],
            $"{samples} random rasters of {events} events (synthetic)"
        );
    }

    /// <summary>
    /// Each cell spikes with the same chance; the way to the next spike is then geometric, so the cost is that of the
    /// spikes alone.
    /// </summary>
    private static SpikeRaster Raster(RandomStream random, int inputs, int steps, int events)
    {
        double density = (double)events / ((long)inputs * steps),
            scale = 1 / Math.Log(1 - density);
        var offsets = new int[steps + 1];
        List<ushort> neurons = [];
        for (long cell = Skip(); cell < (long)inputs * steps; cell += 1 + Skip())
        {
            neurons.Add((ushort)(cell % inputs));
            offsets[(cell / inputs) + 1]++;
        }
        for (int t = 0; t < steps; t++)
            offsets[t + 1] += offsets[t];
        return new SpikeRaster(inputs, offsets, [.. neurons]);

        long Skip() => (long)(Math.Log(1 - random.NextDouble()) * scale);
    }

    /// <summary>2 × 34 × 34 through kernels to 3,600 and 800 neurons, then 128; thresholds at which all of them spike.</summary>
    private static TrainingSettings WithConvolutions(int inputs)
    {
        IReadOnlyList<LayerConnection> connections = NetworkLayers.Connections(
            [
                new LayerWord.Convolution(16, 5, 2, 0),
                new LayerWord.Pooling(2),
                new LayerWord.Convolution(32, 3, 1, 0),
                new LayerWord.Dense(128),
            ],
            DatasetCatalog.NMnist.Binning(Steps, 1, RasterOptions.Plain).Plane!.Value,
            DatasetCatalog.NMnist.ClassCount
        );
        TrainingSettings settings = SettingsFor(inputs, [.. connections.Select(layer => layer.Neurons)]);
        return settings with { Connections = connections, Threshold = settings.Threshold with { Init = 0.5 } };
    }

    private static BenchmarkNetwork WithRecurrence(BenchmarkNetwork network) =>
        network with
        {
            Settings = network.Settings with { IsRecurrent = true },
        };

    private static TrainingSettings WithLowThresholds(TrainingSettings settings) =>
        settings with
        {
            Surrogate = new ExponentialSurrogate(Tau: 3, Scale: 3),
            Threshold = settings.Threshold with { Init = 0.25 },
        };

    private static TrainingSettings SettingsFor(int inputs, IReadOnlyList<int> layers) =>
        new(
            new MethodSettings(
                new NeuronSettings(
                    CurrentFactor: 0.75,
                    VoltageFactor: 0.97,
                    ResetKind.Soft,
                    CouplingKind.Delayed,
                    ResetGradientKind.Full
                ),
                new ExponentialSurrogate(Tau: 3.75, Scale: 1.5),
                new LearnedThreshold(Init: 1.25, LearningRate: 0.01),
                new WeightSettings(WeightInitKind.KaimingUniform, Normalize: false),
                new VanRossumLoss(FilterTau: 5, TruePeriod: 2, FalsePeriod: 30),
                new AdamOptimizer(LearningRate: 0.001, Beta1: 0.9, Beta2: 0.999, Epsilon: 1e-8),
                Batch
            ),
            inputs,
            layers,
            Steps,
            seed: 0
        );
}
