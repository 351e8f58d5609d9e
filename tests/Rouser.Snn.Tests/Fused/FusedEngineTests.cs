using Rouser.Data;
using Rouser.Snn.Connections;
using Rouser.Snn.Currents;
using Rouser.Snn.Fused;
using Rouser.Snn.Membranes;
using Rouser.Snn.Normalizations;
using Rouser.Snn.Reference;
using Rouser.Snn.Regularizers;
using Rouser.Snn.Surrogates;
using Rouser.Snn.Thresholds;
using Rouser.Testing.Networks;

namespace Rouser.Snn.Tests.Fused;

/// <summary>What a caller of the fused engine relies on.</summary>
public sealed class FusedEngineTests
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_two_class_problem_is_learned(bool normalize)
    {
        TrainingSettings settings = TestNetworks.Settings(20, [24, 2], 40, 8, seed: 1);
        settings = settings with
        {
            Weights = settings.Weights with { Normalize = normalize },
            Optimizer = settings.Optimizer with { LearningRate = 0.01 },
        };
        RandomStream random = new(1, "two classes");
        // Each class drives its own half of the inputs.
        Sample[] samples =
        [
            .. Enumerable
                .Range(0, 32)
                .Select(k => new Sample(
                    TestNetworks.Raster(40, 20, (_, j) => random.NextDouble() < (j / 10 == k % 2 ? 0.3 : 0.02)),
                    k % 2
                )),
        ];
        using FusedEngine engine = new(settings, 2);
        double first = 0,
            last = 0;
        for (int epoch = 0; epoch < 40; epoch++)
        {
            double loss = 0;
            for (int k = 0; k < samples.Length; k += 8)
                loss += engine.Train(samples.AsSpan(k, 8)).LossSum;
            if (epoch == 0)
                first = loss;
            last = loss;
        }
        int correct = 0;
        for (int k = 0; k < samples.Length; k += 8)
            correct += engine.Evaluate(samples.AsSpan(k, 8)).Correct;
        Assert.Equal(samples.Length, correct);
        Assert.True(last < first / 2, $"the loss went from {first} to {last}");
    }

    [Fact]
    public void The_spikes_of_one_evaluated_sample_can_be_asked_for_step_by_step_and_are_the_references()
    {
        int compared = 0;
        for (int seed = 0; seed < 20; seed++)
        {
            // More than one panel of neurons, the last of them not full.
            TrainingSettings settings = TestNetworks.Settings(20, [40, 5], 40, 8, seed);
            RandomStream random = new(seed, "one sample");
            Sample sample = new(TestNetworks.Raster(40, 20, (_, _) => random.NextDouble() < 0.2), 0);
            using FusedEngine engine = new(settings, 1);
            BatchResult result = engine.Evaluate([sample]);
            ReferenceBatch expected = new ReferenceEngine(settings).Evaluate([sample]);
            for (int l = 0; l < 2; l++)
            {
                SpikeRaster raster = engine.SpikesOf(l);
                Assert.Equal((40, result.Spikes[l].Length), (raster.StepCount, raster.NeuronCount));
                long[] counts = new long[raster.NeuronCount];
                foreach (ushort neuron in raster.Neurons)
                    counts[neuron]++;
                Assert.Equal(result.Spikes[l], counts);
                double[,] S = expected.Traces[0][l].S;
                // Where float32 rounds a spike away, the two count differently, and there is nothing to compare.
                if (raster.SpikeCount == 0 || !counts.Select((n, i) => expected.Traces[0][l].Count(i) == n).All(same => same))
                    continue;
                compared++;
                for (int t = 0; t < 40; t++)
                    Assert.Equal(
                        Enumerable.Range(0, counts.Length).Where(i => S[t, i] == 1),
                        raster.At(t).ToArray().Select(n => (int)n)
                    );
            }
        }
        Assert.True(compared > 20, $"only {compared} layers could be compared");
        using FusedEngine two = new(TestNetworks.Settings(20, [4, 2], 40, 8, 1), 1);
        Sample[] pair = [.. Enumerable.Repeat(new Sample(TestNetworks.Raster(40, 20, (_, _) => false), 0), 2)];
        two.Evaluate(pair);
        Assert.Throws<InvalidOperationException>(() => two.SpikesOf(0));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void After_the_first_batches_a_step_allocates_nothing_under_any_rule(int threads)
    {
        TrainingSettings plain = TestNetworks.Settings(100, [64, 10], 50, 8);
        Sample[] batch = TestNetworks.Batch(plain, new RandomStream(2, "batch"), 8, 0.1);
        TdbnNormalization?[] normalizations = [new(1, 0.9, 0.01, NormalizedLayers.Hidden), null];
        foreach (
            (Func<RandomStream, double, ThresholdRule> rule, TdbnNormalization? normalization) in RandomMethod.Rules.SelectMany(
                rule => normalizations.Select(normalization => (rule, normalization))
            )
        )
        {
            TrainingSettings settings = plain with
            {
                Threshold = rule(new RandomStream(2, "rule"), 1),
                Neuron = plain.Neuron with { Membrane = new PlifMembrane(true, 0.01), Current = new TrainedCurrent(true, 0.01) },
                Normalization = normalization,
                Regularizer = new ActivityRegularizer(0.1, 10, 0.1, 1),
            };
            if (!settings.NeedsWholeBatch)
                settings = settings with { Dropout = new Dropout(0.3), IsRecurrent = true };
            AssertAllocatesNothing(settings with { Delays = new AxonalDelays(9, 5, 0.1) }, threads, batch);
            if (!settings.NeedsWholeBatch)
                AssertAllocatesNothing(settings with { Delays = new SynapticDelays(9, 5, 0.1) }, threads, batch);
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void After_the_first_batches_a_step_of_convolutions_allocates_nothing(int threads)
    {
        TrainingSettings settings = RandomPlanes.Of(
            TestNetworks.Settings(1, [10], 50, 8) with
            {
                Dropout = new Dropout(0.3),
            },
            new Plane(2, 16, 14),
            "conv 9x3 stride 2 padding 1",
            "pool 2",
            "conv 33x2",
            "pool 2",
            "dense 20"
        );
        Sample[] batch = TestNetworks.Batch(settings, new RandomStream(2, "batch"), 8, 0.1);
        AssertAllocatesNothing(settings, threads, batch);
        AssertAllocatesNothing(settings with { StepCount = 50 }, threads, batch, new BatchPlan(4, 20));
    }

    private static void AssertAllocatesNothing(TrainingSettings settings, int threads, Sample[] batch, BatchPlan? plan = null)
    {
        using FusedEngine engine = new(settings, threads, Kernels.Best, plan);
        // The runtime compiles what runs often anew, when it finds the time, and what it replaces may allocate; a
        // step that allocates does so every time.
        long least = long.MaxValue;
        for (int round = 0; round < 100 && least > 0; round++)
        {
            long before = GC.GetAllocatedBytesForCurrentThread();
            engine.Train(batch);
            engine.Evaluate(batch);
            engine.Evaluate(batch, countUpdates: true);
            least = Math.Min(least, GC.GetAllocatedBytesForCurrentThread() - before);
        }
        Assert.True(least == 0, $"{least} bytes: {settings.Threshold}");
    }

    [Theory]
    [InlineData(0, float.NaN)]
    [InlineData(0, float.PositiveInfinity)]
    [InlineData(1, float.NaN)]
    [InlineData(1, float.NegativeInfinity)]
    public void A_weight_that_is_not_finite_fails_the_training_and_names_the_layer(int layer, float value)
    {
        TrainingSettings settings = TestNetworks.Settings(10, [8, 4], 20, 2);
        Sample[] batch = TestNetworks.Batch(settings, new RandomStream(3, "batch"), 2, 0.6);
        using FusedEngine engine = new(settings, 1);
        TestNetworks.ScaleWeights(engine, 3);
        NetworkState state = engine.Export();
        state.Layers[layer].Weights[0] = value;
        engine.Import(state);
        NumericalFailureException failure = Assert.Throws<NumericalFailureException>(() => engine.Train(batch));
        Assert.StartsWith($"layer {layer + 1}: ", failure.Message);
    }

    [Fact]
    public void A_threshold_that_is_not_finite_fails_the_training_and_names_the_layer()
    {
        TrainingSettings settings = TestNetworks.Settings(10, [8, 4], 20, 2);
        settings = settings with { Threshold = new FixedThreshold(settings.Threshold.Init) };
        using FusedEngine engine = new(settings, 1);
        NetworkState state = engine.Export();
        state.Layers[0].Thresholds[3] = float.PositiveInfinity;
        engine.Import(state);
        NumericalFailureException failure = Assert.Throws<NumericalFailureException>(() =>
            engine.Train(TestNetworks.Batch(settings, new RandomStream(3, "batch"), 2, 0.6))
        );
        Assert.StartsWith("layer 1: ", failure.Message);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public void A_threshold_that_is_not_a_number_silences_its_neuron_fails_the_training_and_names_the_layer(int layer)
    {
        TrainingSettings settings = TestNetworks.Settings(10, [8, 4], 20, 2);
        using FusedEngine engine = new(settings, 1);
        NetworkState state = engine.Export();
        state.Layers[layer].Thresholds[1] = float.NaN;
        engine.Import(state);
        NumericalFailureException failure = Assert.Throws<NumericalFailureException>(() =>
            engine.Train(TestNetworks.Batch(settings, new RandomStream(3, "batch"), 2, 0.6))
        );
        Assert.StartsWith($"layer {layer + 1}: ", failure.Message);
    }

    [Fact]
    public void A_gradient_beyond_float32_fails_the_training_in_every_plan_and_names_the_layer()
    {
        TrainingSettings settings = TestNetworks.Settings(10, [8, 4], 20, 6) with
        {
            Surrogate = new ExponentialSurrogate(1, 1e38),
        };
        Sample[] batch = TestNetworks.Batch(settings, new RandomStream(3, "batch"), 6, 0.6);
        foreach (BatchPlan plan in (BatchPlan[])[new(6, 20), new(4, 20), new(4, 3)])
        {
            using FusedEngine engine = new(settings, 1, Kernels.Best, plan);
            Assert.StartsWith(
                "layer 2: the gradient",
                Assert.Throws<NumericalFailureException>(() => engine.Train(batch)).Message
            );
        }
    }

    /// <summary>Guards against a slowdown of fifty times: processors handle subnormal numbers in microcode.</summary>
    [Fact]
    public void A_long_silence_leaves_no_subnormal_numbers()
    {
        const int Steps = 1_500;
        TrainingSettings settings = TestNetworks.Settings(3, [5, 2], Steps, 1);
        settings = settings with
        {
            Neuron = settings.Neuron with { CurrentFactor = 0.5, VoltageFactor = 0.9 },
            Surrogate = new ExponentialSurrogate(0.05, 1),
        };
        Sample[] batch = [new Sample(TestNetworks.Raster(Steps, 3, (t, _) => t == 0), 1)];
        using FusedEngine engine = new(settings, 1, Kernels.Best, inspect: true);
        engine.Evaluate(batch);
        Assert.Contains(engine.Layers[0].ReadPotentials(0), v => v != 0);
        Assert.DoesNotContain(engine.Layers[0].ReadPotentials(0), float.IsSubnormal);
        for (int n = 0; n < 3; n++)
            engine.Train(batch);
        for (int l = 0; l < 2; l++)
        {
            // After training the potentials' memory holds ∂L/∂I.
            Assert.DoesNotContain(engine.Layers[l].ReadPotentials(0), float.IsSubnormal);
            Assert.All(engine.Export().Layers[l].Tensors.Values, tensor => Assert.DoesNotContain(tensor, float.IsSubnormal));
        }
    }

    [Fact]
    public void The_result_counts_spikes_and_right_predictions()
    {
        TrainingSettings settings = TestNetworks.Settings(30, [40, 3], 25, 4, seed: 4);
        Sample[] batch = TestNetworks.Batch(settings, new RandomStream(4, "batch"), 4, 0.3);
        using FusedEngine engine = new(settings, 1);
        TestNetworks.ScaleWeights(engine, 3);
        BatchResult result = engine.Evaluate(batch);
        int correct = 0;
        for (int b = 0; b < 4; b++)
        {
            int[] counts = Counts(engine, 1, b);
            if (Array.IndexOf(counts, counts.Max()) == batch[b].Label)
                correct++;
        }
        Assert.Equal(4, result.Samples);
        Assert.Equal(correct, result.Correct);
        for (int l = 0; l < 2; l++)
        {
            int[][] counts = [.. Enumerable.Range(0, 4).Select(b => Counts(engine, l, b))];
            Assert.True(counts.Sum(c => c.Sum()) > 0);
            Assert.Equal(Enumerable.Range(0, settings.LayerSizes[l]).Select(i => (long)counts.Sum(c => c[i])), result.Spikes[l]);
            Assert.Equal(counts[0], result.FirstSampleSpikes[l]);
        }
        Assert.All(result.WeightGradientNorms, norm => Assert.Equal(0, norm));
    }

    [Fact]
    public void Fixed_thresholds_stay_where_they_are()
    {
        TrainingSettings settings = TestNetworks.Settings(10, [8, 4], 20, 2);
        settings = settings with { Threshold = new FixedThreshold(0.5) };
        using FusedEngine engine = new(settings, 1);
        BatchResult result = engine.Train(TestNetworks.Batch(settings, new RandomStream(3, "batch"), 2, 0.6));
        Assert.All(engine.Export().Layers, layer => Assert.All(layer.Thresholds, th => Assert.Equal(0.5f, th)));
        Assert.Equal([0, 0], result.ThresholdGradientNorms);
    }

    [Fact]
    public void Initial_weights_come_from_the_seed_and_the_layer()
    {
        TrainingSettings settings = TestNetworks.Settings(9, [8, 4], 20, 2, seed: 7);
        using FusedEngine engine = new(settings, 1);
        RandomStream random = new(7, "weights/2");
        double bound = 1 / Math.Sqrt(8);
        Assert.All(engine.Export().Layers[1].Weights, w => Assert.Equal((float)random.NextDouble(-bound, bound), w));
    }

    [Theory]
    [InlineData(0, 10, 20, 0)]
    [InlineData(3, 10, 20, 0)]
    [InlineData(1, 11, 20, 0)]
    [InlineData(1, 10, 19, 0)]
    [InlineData(1, 10, 20, 4)]
    public void A_batch_of_another_shape_is_refused(int samples, int inputs, int steps, int label)
    {
        using FusedEngine engine = new(TestNetworks.Settings(10, [8, 4], 20, 2), 1);
        Sample sample = new(TestNetworks.Raster(steps, inputs, (_, _) => false), label);
        Assert.Throws<ArgumentException>(() => engine.Train(Enumerable.Repeat(sample, samples).ToArray()));
    }

    [Fact]
    public void A_state_of_another_network_is_refused()
    {
        using FusedEngine engine = new(TestNetworks.Settings(10, [8, 4], 20, 2), 1);
        using FusedEngine other = new(TestNetworks.Settings(10, [9, 4], 20, 2), 1);
        Assert.Throws<ArgumentException>(() => engine.Import(other.Export()));
    }

    private static int[] Counts(FusedEngine engine, int l, int sample)
    {
        float[] spikes = engine.Layers[l].ReadSpikes(sample);
        int neurons = engine.Layers[l].Neurons;
        return [.. Enumerable.Range(0, neurons).Select(i => (int)spikes.Where((_, k) => k % neurons == i).Sum())];
    }
}
