using Rouser.Core;
using Rouser.Snn;
using Rouser.Sweeps;
using Rouser.Testing.Worker;

namespace Rouser.Worker.Tests;

/// <summary>An epoch's metrics against their definitions, recomputed from everything that the engine showed.</summary>
public class EpochMetricsTests
{
    private const int Train = 7,
        Test = 5,
        TrainBatches = 3,
        TestBatches = 2;

    [Fact]
    public void Loss_and_accuracies_are_means_over_samples_and_not_over_batches()
    {
        (ScriptedEngine engine, EpochMetrics[] epochs) = TwoEpochs();
        for (int e = 0; e < 2; e++)
        {
            BatchResult[] trained = [.. engine.Trained.Skip(e * TrainBatches).Take(TrainBatches)];
            BatchResult[] tested = [.. engine.Tested.Skip(e * TestBatches).Take(TestBatches)];
            Assert.Equal([3, 3, 1], trained.Select(b => b.Samples));
            Assert.Equal([3, 2], tested.Select(b => b.Samples));
            Assert.Equal(trained.Sum(b => b.LossSum) / Train, epochs[e].TrainLoss, 12);
            Assert.Equal(trained.Sum(b => b.Correct) / (double)Train, epochs[e].TrainAccuracy);
            Assert.Equal(tested.Sum(b => b.Correct) / (double)Test, epochs[e].TestAccuracy);
        }
    }

    [Fact]
    public void A_neuron_is_dead_if_no_batch_of_the_epoch_saw_it_spike_and_active_if_the_last_batchs_first_input_did()
    {
        (ScriptedEngine engine, EpochMetrics[] epochs) = TwoEpochs();
        bool[] met = new bool[2];
        for (int e = 0; e < 2; e++)
        {
            BatchResult[] trained = [.. engine.Trained.Skip(e * TrainBatches).Take(TrainBatches)];
            for (int l = 0; l < 2; l++)
            {
                int neurons = trained[0].Spikes[l].Length,
                    dead = 0,
                    active = 0;
                for (int i = 0; i < neurons; i++)
                {
                    if (trained.All(b => b.Spikes[l][i] == 0))
                        dead++;
                    if (trained[^1].FirstSampleSpikes[l][i] > 0)
                        active++;
                }
                Assert.Equal(dead / (double)neurons, epochs[e].Layers[l].DeadFraction);
                Assert.Equal(active / (double)neurons, epochs[e].Layers[l].ActiveFraction);
                met[0] |= dead > 0 && dead < neurons;
                met[1] |= active > 0 && active < neurons;
            }
        }
        Assert.True(met[0] && met[1], "The script has no layer with some neurons dead and some not; the test shows nothing.");
    }

    [Fact]
    public void Spike_rates_are_per_neuron_and_step_and_sample()
    {
        (ScriptedEngine engine, EpochMetrics[] epochs) = TwoEpochs();
        for (int l = 0; l < 2; l++)
        {
            double train = 0,
                test = 0;
            foreach (BatchResult b in engine.Trained.Skip(TrainBatches))
                train += b.Spikes[l].Sum();
            foreach (BatchResult b in engine.Tested.Skip(TestBatches))
                test += b.Spikes[l].Sum();
            int neurons = engine.Trained[0].Spikes[l].Length;
            Assert.Equal(train / neurons / TinyTrials.Steps / Train, epochs[1].Layers[l].SpikeRateTrain!.Value, 12);
            Assert.Equal(test / neurons / TinyTrials.Steps / Test, epochs[1].Layers[l].SpikeRateTest!.Value, 12);
        }
    }

    [Fact]
    public void Gradient_norms_are_means_over_batches()
    {
        (ScriptedEngine engine, EpochMetrics[] epochs) = TwoEpochs();
        for (int l = 0; l < 2; l++)
        {
            BatchResult[] second = [.. engine.Trained.Skip(TrainBatches)];
            Assert.Equal(second.Average(b => b.WeightGradientNorms[l]), epochs[1].Layers[l].WeightGradientNorm, 12);
            Assert.Equal(second.Average(b => b.ThresholdGradientNorms[l]), epochs[1].Layers[l].ThresholdGradientNorm!.Value, 12);
        }
    }

    [Fact]
    public void A_fixed_threshold_has_no_gradient_norm() =>
        Assert.All(
            TwoEpochs(learned: false).Epochs,
            epoch => Assert.All(epoch.Layers, layer => Assert.Null(layer.ThresholdGradientNorm))
        );

    [Fact]
    public void Distances_to_the_initial_weights_grow_with_the_updates()
    {
        // Each of three batches an epoch adds 1 to each weight.
        EpochMetrics[] epochs = TwoEpochs().Epochs;
        Assert.Equal(Math.Sqrt(12 * 8) * 3, epochs[0].Layers[0].WeightDistanceInitial, 12);
        Assert.Equal(Math.Sqrt(12 * 8) * 6, epochs[1].Layers[0].WeightDistanceInitial, 12);
        Assert.Equal(Math.Sqrt(8 * 3) * 6, epochs[1].Layers[1].WeightDistanceInitial, 12);
    }

    [Fact]
    public void Distances_are_to_the_weights_before_the_first_epoch_after_a_resumption_too()
    {
        var checkpoints = new MemoryCheckpoints();
        using (var stop = new CancellationTokenSource())
            Run(settings => new ScriptedEngine(settings), checkpoints, _ => stop.Cancel(), stop.Token);
        List<EpochMetrics> epochs = [];
        Run(settings => new ScriptedEngine(settings), checkpoints, epochs.Add, CancellationToken.None);
        Assert.Equal(
            [Math.Sqrt(12 * 8) * 3, Math.Sqrt(12 * 8) * 6],
            epochs.Select(e => e.Layers[0].WeightDistanceInitial),
            new RelativeComparer(1e-12)
        );
    }

    [Fact]
    public void What_the_network_takes_is_measured_after_the_last_epoch_over_all_batches_of_the_test()
    {
        (ScriptedEngine engine, EpochMetrics[] epochs) = TwoEpochs();
        BatchResult[] tested = [.. engine.Tested.TakeLast(TestBatches)];
        long hidden = tested.Sum(b => b.Spikes[0].Sum()),
            output = tested.Sum(b => b.Spikes[1].Sum()),
            input = TinyTrials.Data.Test.Sum(sample => (long)sample.Raster.SpikeCount);
        Assert.Null(epochs[0].Complexity);
        // Every weight of the script is the number of updates, so that none is 0; 11 thresholds are learned.
        Assert.Equal(
            new ComplexityMetrics(
                Footprint: 4 * (96 + 24 + 11),
                ParameterCount: 96 + 24 + 11,
                ConnectionSparsity: 0,
                ActivationSparsity: (1100 - hidden - output) / 1100.0,
                EffectiveAcs: ((input * 8) + (hidden * 3)) / 5.0,
                EffectiveMacs: 0,
                DenseOperations: 20 * (96 + 24),
                MembraneUpdates: tested.Sum(b => b.MembraneUpdates) / 5.0
            ),
            epochs[1].Complexity
        );
    }

    [Fact]
    public void Threshold_quantiles_interpolate_between_order_statistics()
    {
        // As numpy.quantile(x, q) gives them for x = [3, 1, 4, 1, 5, 9, 2, 6] and [0.5, 0.25, 1].
        ThresholdSummary[] found =
        [
            .. TwoEpochs(
                thresholds:
                [
                    [3, 1, 4, 1, 5, 9, 2, 6],
                    [0.5f, 0.25f, 1],
                ]
            )
                .Epochs[0]
                .Layers.Select(l => l.Threshold!),
        ];
        AssertNear(new(Mean: 3.875, Min: 1, Q10: 1, Q25: 1.75, Median: 3.5, Q75: 5.25, Q90: 6.9, Max: 9), found[0]);
        AssertNear(new(Mean: 1.75 / 3, Min: 0.25, Q10: 0.3, Q25: 0.375, Median: 0.5, Q75: 0.75, Q90: 0.9, Max: 1), found[1]);
    }

    [Fact]
    public void Threshold_quantiles_have_the_shares_they_are_named_for()
    {
        // Of n distinct values a share of q lies at or below the q-quantile, to within one value in n.
        var random = new RandomStream(11, "thresholds");
        float[] values = [.. Enumerable.Range(0, 8).Select(_ => (float)random.NextDouble(-2, 2))];
        ThresholdSummary found = TwoEpochs(thresholds: [values, [1, 1, 1]]).Epochs[0].Layers[0].Threshold!;
        foreach (
            (double q, double quantile) in new[]
            {
                (0.1, found.Q10),
                (0.25, found.Q25),
                (0.5, found.Median),
                (0.75, found.Q75),
                (0.9, found.Q90),
            }
        )
            Assert.InRange(values.Count(v => v <= quantile) / 8.0, q - (1 / 8.0), q + (1 / 8.0));
    }

    [Fact]
    public void Thresholds_are_counted_in_equal_bins_that_hold_their_lower_edge()
    {
        // As numpy.histogram(x, bins=20) counts them for x = [3, 1, 4, 1, 5, 9, 2, 6]; 5 is the lower edge of bin 11.
        IReadOnlyList<int>[] found =
        [
            .. TwoEpochs(
                thresholds:
                [
                    [3, 1, 4, 1, 5, 9, 2, 6],
                    [0.5f, 0.5f, 0.5f],
                ]
            )
                .Epochs[0]
                .Layers.Select(l => l.Threshold!.Histogram!),
        ];
        Assert.Equal([2, 0, 1, 0, 0, 1, 0, 1, 0, 0, 1, 0, 1, 0, 0, 0, 0, 0, 0, 1], found[0]);
        Assert.Equal([3], found[1]);
    }

    private static void AssertNear(ThresholdSummary expected, ThresholdSummary actual) =>
        Assert.Equal(Numbers(expected), Numbers(actual), new RelativeComparer(1e-12));

    private static double[] Numbers(ThresholdSummary s) => [s.Mean, s.Min, s.Q10, s.Q25, s.Median, s.Q75, s.Q90, s.Max];

    private static (ScriptedEngine Engine, EpochMetrics[] Epochs) TwoEpochs(bool learned = true, float[][]? thresholds = null)
    {
        ScriptedEngine? engine = null;
        List<EpochMetrics> epochs = [];
        Run(
            settings => engine = thresholds is null ? new ScriptedEngine(settings) : new ScriptedEngine(settings, thresholds),
            new MemoryCheckpoints(),
            epochs.Add,
            CancellationToken.None,
            learned
        );
        return (engine!, [.. epochs]);
    }

    private static void Run(
        Func<TrainingSettings, ITrainingEngine> engines,
        MemoryCheckpoints checkpoints,
        Action<EpochMetrics> report,
        CancellationToken stop,
        bool learned = true
    ) =>
        new TrialRunner(engines, checkpoints, TimeProvider.System).Run(
            TinyTrials.Trial(seed: 4, epochs: 2, learned),
            TinyTrials.Data,
            1,
            KeptModels.Last,
            report,
            _ => { },
            stop
        );
}
