using Rouser.Data;
using Rouser.Snn;
using Rouser.Snn.Optimizers;
using Rouser.Snn.Reference;
using Rouser.Snn.Thresholds;

namespace Rouser.Testing.Networks;

/// <summary>
/// What every training engine must do, seen through <see cref="ITrainingEngine"/> alone. An engine that cannot train
/// on this machine skips all of it, in its test class's constructor.
/// </summary>
public abstract class TrainingEngineContract
{
    private const double Tolerance = 1e-4;

    // Closer than this a spike may be decided by float32's rounding; such networks are left out.
    private const double SmallestMargin = 2e-5;

    /// <summary>Random networks to compare.</summary>
    private protected abstract int Networks { get; }

    /// <summary>Whether the engine offers what the settings ask for.</summary>
    private protected virtual bool Offers(TrainingSettings settings) => true;

    /// <summary>A new engine.</summary>
    private protected abstract ITrainingEngine Make(TrainingSettings settings);

    [SkippableFact]
    public void Initial_weights_come_from_the_seed_and_the_layer()
    {
        int drawn = 0;
        for (long seed = 0; seed < 20; seed++)
        {
            TrainingSettings settings = RandomNetwork.Of(seed).Settings;
            if (!Offers(settings))
                continue;
            drawn++;
            using ITrainingEngine engine = Make(settings);
            NetworkState state = engine.Export();
            Assert.Equal(0, state.Updates);
            for (int l = 0; l < state.Layers.Count; l++)
            {
                // Weights that are normalised are g·v/‖v‖, which rounds.
                double tolerance = settings.Weights.Normalize ? 1e-6 : 0;
                Close.AssertEqual(
                    $"seed {seed}: W{l + 1}",
                    InitialWeights.Draw(settings, l + 1).Select(w => (double)w),
                    state.Layers[l].Weights,
                    tolerance
                );
                Assert.All(state.Layers[l].Thresholds, th => Assert.Equal((float)settings.Threshold.Init, th));
            }
        }
        Assert.True(drawn >= 10, $"the engine offers only {drawn} of 20 networks");
    }

    [SkippableFact]
    public void Random_networks_give_the_spikes_losses_gradients_and_updates_of_the_reference()
    {
        int compared = 0,
            asked = 0;
        HashSet<(ResetKind, CouplingKind, ResetGradientKind)> neurons = [];
        HashSet<(Type, bool)> losses = [];
        for (long seed = 0; seed < Networks; seed++)
        {
            RandomNetwork network = RandomNetwork.Of(seed);
            if (!Offers(network.Settings))
                continue;
            asked++;
            if (!Compare(network, $"seed {seed}: {network}"))
                continue;
            compared++;
            NeuronSettings neuron = network.Settings.Neuron;
            neurons.Add((neuron.Reset, neuron.Coupling, neuron.ResetGradient));
            losses.Add((network.Settings.Loss.GetType(), network.Settings.Weights.Normalize));
        }
        Assert.True(compared > asked / 2, $"only {compared} of {asked} networks keep clear of their thresholds");
        Assert.Equal(12, neurons.Count);
        Assert.Equal(6, losses.Count);
    }

    /// <summary>
    /// Every rule, surrogate, membrane, regulariser and rounding that the engine offers. ds_atgo evaluates with other
    /// thresholds than it trains with, and has tests of its own.
    /// </summary>
    [SkippableFact]
    public void Random_methods_give_the_spikes_losses_gradients_and_updates_of_the_reference()
    {
        int compared = 0,
            asked = 0;
        HashSet<Type> rules = [],
            surrogates = [];
        for (long seed = 0; seed < Networks; seed++)
        {
            RandomNetwork network = RandomNetwork.OfAnyMethod(seed);
            if (network.Settings.Threshold is DsAtgoThreshold || !Offers(network.Settings))
                continue;
            asked++;
            if (!Compare(network, $"{network}"))
                continue;
            compared++;
            rules.Add(network.Settings.Threshold.GetType());
            surrogates.Add(network.Settings.Surrogate.GetType());
        }
        Assert.True(compared > asked / 2, $"only {compared} of {asked} networks keep clear of their thresholds");
        Assert.True(rules.Count >= 5 && surrogates.Count == 6, $"{rules.Count} rules, {surrogates.Count} surrogates");
    }

    [SkippableTheory]
    [InlineData("detach")]
    [InlineData("th")]
    [InlineData("full")]
    public void Golden_gradients_come_out(string variant)
    {
        GoldenNetwork golden = new("f32");
        using ITrainingEngine engine = golden.Engine(variant, Make);
        BatchResult result = engine.Train(golden.Batch);
        Assert.Equal(golden.Loss(variant), result.LossSum / 3, golden.Loss(variant) * Tolerance);
        Optimizer adam = GoldenNetwork.Settings(variant).Optimizer;
        NetworkState state = engine.Export();
        for (int l = 0; l < 3; l++)
        {
            Close.AssertEqual(
                $"gW{l + 1}",
                golden.Transposed($"{variant}_gW{l + 1}").Cast<double>(),
                Gradient(state.Layers[l], "weights.m", adam),
                Tolerance
            );
            Close.AssertEqual(
                $"gTh{l + 1}",
                golden.Tensor($"{variant}_gTh{l + 1}"),
                Gradient(state.Layers[l], "thresholds.m", adam),
                Tolerance
            );
        }
    }

    [SkippableTheory]
    [InlineData("detach")]
    [InlineData("th")]
    [InlineData("full")]
    public void Five_golden_updates_lead_to_the_same_parameters(string variant)
    {
        GoldenNetwork golden = new("f32");
        using ITrainingEngine engine = golden.Engine(variant, Make);
        for (int n = 0; n < 5; n++)
            engine.Train(golden.Batch);
        NetworkState state = engine.Export();
        for (int l = 0; l < 3; l++)
        {
            Close.AssertEqual(
                $"W{l + 1}",
                golden.Transposed($"{variant}_adam5_W{l + 1}").Cast<double>(),
                state.Layers[l].Weights,
                Tolerance
            );
            Close.AssertEqual($"Th{l + 1}", golden.Tensor($"{variant}_adam5_Th{l + 1}"), state.Layers[l].Thresholds, Tolerance);
        }
    }

    [SkippableTheory]
    [InlineData(false)]
    [InlineData(true)]
    public void Going_on_from_an_export_gives_the_same_bytes_as_never_stopping(bool normalize)
    {
        TrainingSettings settings = TestNetworks.Settings(30, [24, 5], 20, 4, seed: 6);
        settings = settings with { Weights = settings.Weights with { Normalize = normalize } };
        Sample[] batch = TestNetworks.Batch(settings, new RandomStream(6, "batch"), 4, 0.4);
        using ITrainingEngine straight = Make(settings);
        using ITrainingEngine resumed = Make(settings);
        for (int n = 0; n < 3; n++)
            straight.Train(batch);
        // A little of another training first: the import must leave nothing of it behind.
        resumed.Train(batch.AsSpan(0, 1));
        resumed.Import(straight.Export());
        for (int n = 0; n < 3; n++)
            Assert.Equal(straight.Train(batch).LossSum, resumed.Train(batch).LossSum);
        NetworkState expected = straight.Export(),
            actual = resumed.Export();
        Assert.Equal(expected.Updates, actual.Updates);
        for (int l = 0; l < 2; l++)
        {
            Assert.Equal(expected.Layers[l].Weights, actual.Layers[l].Weights);
            Assert.Equal(expected.Layers[l].Thresholds, actual.Layers[l].Thresholds);
            Assert.Equal(expected.Layers[l].Tensors.Keys, actual.Layers[l].Tensors.Keys);
            Assert.All(expected.Layers[l].Tensors, tensor => Assert.Equal(tensor.Value, actual.Layers[l].Tensors[tensor.Key]));
        }
    }

    [SkippableTheory]
    [InlineData(0, float.NaN)]
    [InlineData(0, float.PositiveInfinity)]
    [InlineData(1, float.NaN)]
    [InlineData(1, float.NegativeInfinity)]
    public void A_weight_that_is_not_finite_fails_the_training_and_names_the_layer(int layer, float value)
    {
        TrainingSettings settings = TestNetworks.Settings(10, [8, 4], 20, 2);
        using ITrainingEngine engine = Make(settings);
        TestNetworks.ScaleWeights(engine, 3);
        NetworkState state = engine.Export();
        state.Layers[layer].Weights[0] = value;
        engine.Import(state);
        NumericalFailureException failure = Assert.Throws<NumericalFailureException>(() =>
            engine.Train(TestNetworks.Batch(settings, new RandomStream(3, "batch"), 2, 0.6))
        );
        Assert.StartsWith($"layer {layer + 1}: ", failure.Message);
    }

    [SkippableTheory]
    [InlineData(0, 10, 20, 0)]
    [InlineData(3, 10, 20, 0)]
    [InlineData(1, 11, 20, 0)]
    [InlineData(1, 10, 19, 0)]
    [InlineData(1, 10, 20, 4)]
    public void A_batch_of_another_shape_is_refused(int samples, int inputs, int steps, int label)
    {
        using ITrainingEngine engine = Make(TestNetworks.Settings(10, [8, 4], 20, 2));
        Sample sample = new(TestNetworks.Raster(steps, inputs, (_, _) => false), label);
        Assert.Throws<ArgumentException>(() => engine.Train(Enumerable.Repeat(sample, samples).ToArray()));
    }

    [SkippableFact]
    public void A_state_of_another_network_is_refused()
    {
        using ITrainingEngine engine = Make(TestNetworks.Settings(10, [8, 4], 20, 2));
        using ITrainingEngine other = Make(TestNetworks.Settings(10, [9, 4], 20, 2));
        using ITrainingEngine shallow = Make(TestNetworks.Settings(10, [4], 20, 2));
        Assert.Throws<ArgumentException>(() => engine.Import(other.Export()));
        Assert.Throws<ArgumentException>(() => engine.Import(shallow.Export()));
    }

    private bool Compare(RandomNetwork network, string name)
    {
        TrainingSettings settings = network.Settings;
        ReferenceEngine reference = new(settings);
        ReferenceBatch expected = reference.Run(network.Batch);
        if (RandomNetwork.Margin(network.Settings, expected) < SmallestMargin)
            return false;
        double[][,] initial = [.. reference.Layers.Select(layer => (double[,])layer.W.Clone())];

        using ITrainingEngine engine = Make(settings);
        AssertSeen($"{name}: evaluated", reference, expected, network.Batch, engine.Evaluate(network.Batch));
        BatchResult counted = engine.Evaluate(network.Batch, countUpdates: true);
        Assert.All(counted.WeightGradientNorms, norm => Assert.Equal(0, norm));
        if (settings.Quantization == Quantization.None)
            AssertUpdates(name, expected, counted.MembraneUpdates);
        BatchResult result = engine.Train(network.Batch);
        AssertSeen($"{name}: trained", reference, expected, network.Batch, result);
        double[][] gP = [.. reference.Layers.Select((_, l) => reference.ThresholdGradient(expected, l))];
        reference.Update(expected);
        NetworkState state = engine.Export();
        for (int l = 0; l < state.Layers.Count; l++)
        {
            double[,] gW = expected.Gradients[l].W;
            LayerState layer = state.Layers[l];
            AssertNorm($"{name}: |gW{l + 1}|", gW.Cast<double>(), result.WeightGradientNorms[l]);
            AssertNorm($"{name}: |gTh{l + 1}|", gP[l], result.ThresholdGradientNorms[l]);
            if (settings.Weights.Normalize)
            {
                (gW, double[] gG) = ReferenceNormalization.Backward(initial[l], ReferenceNormalization.Norms(initial[l]), gW);
                Close.AssertEqual($"{name}: gg{l + 1}", gG, Gradient(layer, "length.m", settings.Optimizer), Tolerance);
            }
            Close.AssertEqual(
                $"{name}: gradient of W{l + 1}",
                gW.Cast<double>(),
                Gradient(layer, "weights.m", settings.Optimizer),
                Tolerance
            );
            Close.AssertEqual(
                $"{name}: gTh{l + 1}",
                gP[l].Length > 0 ? gP[l] : new double[layer.NeuronCount],
                Gradient(layer, "thresholds.m", settings.Optimizer),
                Tolerance
            );
            Close.AssertEqual($"{name}: Th{l + 1}", reference.Layers[l].Th, layer.Thresholds, Tolerance);

            // Adam's first step has the length lr whatever the gradient's size, so a gradient that is all rounding
            // error may point anywhere.
            int apart = reference
                .Layers[l]
                .W.Cast<double>()
                .Zip(layer.Weights)
                .Count(w => !(Math.Abs(w.First - w.Second) < settings.Optimizer.LearningRate * 0.02));
            Assert.True(
                apart <= layer.Weights.Length / 100,
                $"{name}: W{l + 1}: {apart} of {layer.Weights.Length} weights moved otherwise"
            );
        }
        return true;
    }

    private static void AssertSeen(
        string name,
        ReferenceEngine reference,
        ReferenceBatch expected,
        Sample[] batch,
        BatchResult result
    )
    {
        Assert.Equal(batch.Length, result.Samples);
        Close.AssertEqual($"{name}: loss", [expected.LossSum], [result.LossSum], Tolerance);
        int correct = 0;
        for (int l = 0; l < reference.Layers.Count; l++)
        {
            long[][] counts = [.. expected.Traces.Select(sample => Counts(sample[l].S))];
            Assert.Equal(counts.Aggregate((a, b) => [.. a.Zip(b, (x, y) => x + y)]), result.Spikes[l]);
            Assert.Equal(counts[0], result.FirstSampleSpikes[l].Select(n => (long)n));
            if (l == reference.Layers.Count - 1)
            {
                correct = counts.Zip(batch).Count(s => Array.IndexOf(s.First, s.First.Max()) == s.Second.Label);
                Assert.Equal(
                    counts.SelectMany(count => count),
                    result.OutputSpikes.Take(batch.Length * counts[0].Length).Select(n => (long)n)
                );
            }
        }
        Assert.Equal(correct, result.Correct);
    }

    /// <summary>
    /// Potentials that hardly change, as under a constant input, may be equal in float32 and not in double precision.
    /// </summary>
    private static void AssertUpdates(string name, ReferenceBatch expected, long updates)
    {
        long least = 0,
            most = 0;
        foreach (double[,] V in expected.Traces.SelectMany(sample => sample.Select(trace => trace.V)))
        {
            int neurons = V.GetLength(1);
            (least, most) = (least + neurons, most + neurons);
            for (int k = neurons; k < V.Length; k++)
            {
                (double before, double now) = (V[(k / neurons) - 1, k % neurons], V[k / neurons, k % neurons]);
                most += before != now ? 1 : 0;
                least += Math.Abs(before - now) > 1e-5 * Math.Max(Math.Abs(now), 1e-20) ? 1 : 0;
            }
        }
        Assert.True(updates >= least && updates <= most, $"{name}: {updates} updates, {least} to {most} by the reference");
    }

    private static void AssertNorm(string what, IEnumerable<double> gradient, double norm) =>
        Close.AssertEqual(what, [Math.Sqrt(gradient.Sum(g => g * g))], [norm], Tolerance);

    private static long[] Counts(double[,] S)
    {
        long[] counts = new long[S.GetLength(1)];
        for (int k = 0; k < S.Length; k++)
            counts[k % counts.Length] += (long)S[k / counts.Length, k % counts.Length];
        return counts;
    }

    /// <summary>The gradient of the first update: m = (1 − β₁) g.</summary>
    private static IEnumerable<double> Gradient(LayerState state, string moment, Optimizer adam) =>
        state.Tensors[moment].Select(m => m / (1 - ((AdamOptimizer)adam).Beta1));
}
