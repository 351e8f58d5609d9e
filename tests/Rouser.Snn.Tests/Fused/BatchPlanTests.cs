using Rouser.Data;
using Rouser.Snn.Connections;
using Rouser.Snn.Fused;
using Rouser.Snn.Thresholds;
using Rouser.Testing.Networks;

namespace Rouser.Snn.Tests.Fused;

/// <summary>Batches and samples too large to be worked on at once.</summary>
public sealed class BatchPlanTests
{
    private const int Networks = 200;

    [Fact]
    public void Parts_of_a_batch_and_pieces_of_time_give_the_same_bytes_as_all_at_once()
    {
        for (long seed = 0; seed < Networks; seed++)
        {
            RandomNetwork network = (seed % 10) switch
            {
                7 or 8 => RandomNetwork.OfAnyLayers(seed),
                0 => RandomNetwork.Of(seed),
                2 => RandomNetwork.OfAnyRecipe(seed),
                1 => RandomNetwork.OfAnyDecays(seed),
                3 => RandomNetwork.OfDropout(seed),
                4 => RandomNetwork.OfRecurrence(seed),
                5 => RandomNetwork.OfDelays(seed),
                9 => RandomNetwork.OfSynapses(seed),
                _ => RandomNetwork.OfAnyReadout(seed),
            };
            if (network.Settings.NeedsWholeBatch)
                continue;
            TrainingSettings settings = network.Settings with { BatchSize = 11 };
            Sample[] batch = TestNetworks.Batch(settings, network.Random, 1 + network.Random.NextInt(11), 0.3);
            BatchPlan whole = new(11, settings.StepCount),
                parts = new(4 + (4 * network.Random.NextInt(2)), settings.StepCount);
            int steps = 1 + network.Random.NextInt(settings.StepCount);
            BatchPlan pieces = new(11, settings.Delays is SynapticDelays ? settings.StepCount : steps),
                both = pieces with { Samples = 4 };
            NetworkState expected = Train(settings, batch, whole, 1, out BatchResult result);
            foreach ((BatchPlan plan, int threads) in ((BatchPlan, int)[])[(parts, 1), (parts, 2), (both, 1), (both, 3)])
            {
                NetworkState actual = Train(settings, batch, plan, threads, out BatchResult other);
                States.AssertSame(expected, actual, $"seed {seed}, {plan}, {threads} threads: {network}");
                AssertSame(result, other);
            }
            // All samples together in pieces of time: only the order of whole groups of samples differs.
            if (batch.Length <= BatchPlan.Group)
                States.AssertSame(expected, Train(settings, batch, pieces, 1, out _), $"seed {seed}, {pieces}: {network}");
        }
    }

    [Fact]
    public void A_batch_that_fits_is_worked_on_at_once()
    {
        Assert.Equal(new BatchPlan(32, 300), BatchPlan.For(TestNetworks.Settings(2312, [500, 500, 10], 300, 32)));
        Assert.Equal(new BatchPlan(1, 10_000), BatchPlan.For(TestNetworks.Settings(32_768, [64, 11], 10_000, 1)));
    }

    [Fact]
    public void A_batch_that_does_not_fit_is_cut_into_groups_of_samples_and_then_into_pieces_of_time()
    {
        // 1,056 neurons after padding: 4.2 MB a sample, so that 15 fit, and of those three whole groups.
        Assert.Equal(new BatchPlan(12, 1_000), BatchPlan.For(TestNetworks.Settings(2312, [500, 500, 10], 1_000, 32)));
        BatchPlan plan = BatchPlan.For(TestNetworks.Settings(2312, [500, 500, 10], 10_000, 32));
        Assert.Equal(4, plan.Samples);
        Assert.InRange(plan.Steps, 900, 1_000);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(32)]
    [InlineData(1_000)]
    public void The_gradient_of_currents_stays_within_the_budget_and_cuts_take_no_more_than_it(int batchSize)
    {
        foreach (int steps in (int[])[1, 300, 5_000, 10_000, 100_000])
        {
            foreach (int width in (int[])[1, 64, 500, 8_000])
            {
                BatchPlan plan = BatchPlan.For(TestNetworks.Settings(10, [width, 10], steps, batchSize));
                long neurons = ((width + 31) / 32 * 32) + 32,
                    gradient = 4 * plan.Samples * (plan.Steps + 1L) * neurons;
                long pieces = (steps + plan.Steps - 1) / plan.Steps,
                    cuts = 8 * plan.Samples * (pieces + 1) * neurons;
                Assert.True(gradient <= BatchPlan.Budget, $"{batchSize} × {steps} × {width}: {plan}");
                if (pieces > 1)
                    Assert.True(cuts <= gradient * 1.5, $"{batchSize} × {steps} × {width}: {plan}");
                Assert.True(plan.Samples == batchSize || plan.Samples % BatchPlan.Group == 0);
            }
        }
    }

    [Fact]
    public void A_batch_whose_thresholds_depend_on_all_of_it_is_never_cut_and_refused_where_memory_forbids()
    {
        TrainingSettings settings = TestNetworks.Settings(10, [500, 500, 10], 1_000, 32) with
        {
            Threshold = new DsAtgoThreshold(1, 1, 0.9),
        };
        Assert.Equal(new BatchPlan(32, 1_000), BatchPlan.For(settings));
        Assert.Null(FusedEngine.Lacks(settings));
        // 1,056 neurons after padding, 10,001 steps of 64 samples, 4 bytes each.
        TrainingSettings large = settings with
        {
            StepCount = 10_000,
            BatchSize = 64,
        };
        Assert.Contains("would take 2578 MiB", FusedEngine.Lacks(large));
        Assert.Contains(
            "take a smaller batch_size",
            Assert.Throws<NotSupportedException>(() => new FusedEngine(large, 1)).Message
        );
        Assert.Throws<ArgumentException>(() => new FusedEngine(settings, 1, Kernels.Best, new BatchPlan(4, 1_000)));
    }

    /// <summary>As stated in the remarks of <see cref="FusedEngine"/>.</summary>
    [Theory]
    [InlineData(2_312, 500, 300, 32)]
    [InlineData(32_768, 64, 10_000, 16)]
    [InlineData(65_536, 33, 10_000, 2)]
    public void An_engine_takes_the_memory_that_it_says(int inputs, int width, int steps, int batchSize)
    {
        TrainingSettings settings = TestNetworks.Settings(inputs, [width, 11], steps, batchSize);
        BatchPlan plan = BatchPlan.For(settings);
        long before = NativeMemoryCount.Taken;
        using FusedEngine engine = new(settings, 1);
        long taken = NativeMemoryCount.Taken - before;

        long hidden = (width + 31) / 32 * 32,
            neurons = hidden + 32,
            samples = plan.Samples,
            pieces = (steps + plan.Steps - 1) / plan.Steps;
        long weights = 12 * ((inputs * hidden) + (width * 32)) + (4 * 11 * hidden),
            events = 4 * (1 + (samples / 4)) * (inputs + width);
        if (samples < batchSize)
            weights += 4 * ((inputs * hidden) + (width * 32));
        long expected =
            (4 * samples * (plan.Steps + 1) * neurons)
            + (8 * samples * (pieces + 1) * neurons)
            + (samples * steps * neurons / 8)
            + weights;
        // A lane's lists and the output's gradient, and what is small: thresholds, counts and cursors.
        long lane = plan.Steps * ((2L * width) + 4 + 128) + (16L * steps * 11) + (4L * samples * steps * 11);
        long rest = (40L * batchSize * neurons) + (2 * events) + 1_000_000;
        Assert.InRange(taken, expected, expected + lane + rest);
    }

    [Fact]
    public void Ten_thousand_steps_of_32768_inputs_are_trained_in_pieces()
    {
        TrainingSettings settings = TestNetworks.Settings(32_768, [33, 11], 10_000, 2, seed: 3);
        RandomStream random = new(3, "long");
        Sample[] batch = [.. Enumerable.Range(0, 2).Select(k => new Sample(Sparse(random, 10_000, 32_768), k))];
        NetworkState whole = Train(settings, batch, new BatchPlan(2, 10_000), 2, out BatchResult result);
        Assert.True(result.Spikes[0].Sum() > 1_000);
        States.AssertSame(whole, Train(settings, batch, new BatchPlan(2, 777), 2, out _), "10,000 steps");
    }

    private static SpikeRaster Sparse(RandomStream random, int steps, int neurons)
    {
        ushort[] spikes =
        [
            .. Enumerable.Range(0, steps * 3).Select(k => (ushort)((neurons / 3 * (k % 3)) + random.NextInt(neurons / 3))),
        ];
        return new SpikeRaster(neurons, [.. Enumerable.Range(0, steps + 1).Select(t => t * 3)], spikes);
    }

    private static NetworkState Train(
        TrainingSettings settings,
        Sample[] batch,
        BatchPlan plan,
        int threads,
        out BatchResult result
    )
    {
        using FusedEngine engine = new(settings, threads, Kernels.Best, plan);
        if (settings.InputCount > 1_000)
            TestNetworks.ScaleWeights(engine, 100);
        engine.Train(batch);
        // A smaller batch and an evaluation in between must leave nothing behind.
        engine.Train(batch.AsSpan(0, 1));
        engine.Evaluate(batch);
        result = engine.Train(batch);
        return engine.Export();
    }

    private static void AssertSame(BatchResult expected, BatchResult actual)
    {
        Assert.Equal(expected.LossSum, actual.LossSum);
        Assert.Equal(expected.Correct, actual.Correct);
        Assert.Equal(expected.Spikes, actual.Spikes);
        Assert.Equal(expected.FirstSampleSpikes, actual.FirstSampleSpikes);
        Assert.Equal(expected.WeightGradientNorms, actual.WeightGradientNorms);
        Assert.Equal(expected.ThresholdGradientNorms, actual.ThresholdGradientNorms);
    }
}
