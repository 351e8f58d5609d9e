using Rouser.Data;
using Rouser.Snn.Fused;
using Rouser.Snn.Reference;
using Rouser.Testing.Networks;

namespace Rouser.Snn.Tests.Fused;

/// <summary>The ends of what a network may be, each against the scalar double engine.</summary>
public sealed class FusedEngineExtremesTests
{
    private const double Tolerance = 1e-4;

    [Fact]
    public void One_step() => AssertAgree(TestNetworks.Settings(9, [7, 3], 1, 3), 0.5);

    [Fact]
    public void No_input_at_all() => AssertAgree(TestNetworks.Settings(9, [7, 3], 20, 3), 0);

    [Fact]
    public void One_neuron_one_input_one_sample() => AssertAgree(TestNetworks.Settings(1, [1], 40, 1), 0.5);

    [Fact]
    public void Layers_of_one_neuron() => AssertAgree(TestNetworks.Settings(1, [1, 1, 1], 40, 1), 0.5);

    [Fact]
    public void An_output_layer_alone() => AssertAgree(TestNetworks.Settings(50, [10], 60, 5), 0.2);

    [Fact]
    public void Many_layers() => AssertAgree(TestNetworks.Settings(20, [.. Enumerable.Repeat(13, 16), 4], 60, 2), 0.3);

    [Fact]
    public void A_long_sample_in_pieces() =>
        AssertAgree(TestNetworks.Settings(11, [7, 3], 1_500, 2), 0.05, plan: new BatchPlan(2, 101));

    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(50)]
    [InlineData(101)]
    public void A_truncated_long_sample_in_pieces(int window) =>
        AssertAgree(
            TestNetworks.Settings(11, [7, 3], 500, 2) with
            {
                GradientWindow = window,
            },
            0.05,
            plan: new BatchPlan(2, 101)
        );

    [Fact]
    public void Every_neuron_spiking_in_every_step()
    {
        TrainingSettings settings = TestNetworks.Settings(12, [33, 5], 50, 3);
        settings = settings with { Threshold = settings.Threshold with { Init = 0 } };
        // With weights above 0 no potential is ever below the threshold of 0.
        BatchResult result = AssertAgree(settings, 1, weights: w => Math.Abs(w) + 0.01f);
        Assert.All(result.Spikes, layer => Assert.All(layer, spikes => Assert.Equal(3 * 50, spikes)));
    }

    [Fact]
    public void A_gradient_window_as_long_as_the_sample_changes_nothing()
    {
        TrainingSettings settings = TestNetworks.Settings(20, [9, 3], 30, 2);
        Sample[] batch = TestNetworks.Batch(settings, new RandomStream(1, "batch"), 2, 0.3);
        using FusedEngine exact = new(settings, 1);
        using FusedEngine windowed = new(settings with { GradientWindow = 30 }, 1);
        using FusedEngine truncated = new(settings with { GradientWindow = 5 }, 1);
        foreach (FusedEngine engine in (FusedEngine[])[exact, windowed, truncated])
            engine.Train(batch);
        States.AssertSame(exact.Export(), windowed.Export(), "a window of T");
        Assert.NotEqual(exact.Export().Layers[0].Weights, truncated.Export().Layers[0].Weights);
    }

    /// <summary>The inputs that spike lie far apart; the reference has only those, with the same weights.</summary>
    [Fact]
    public void As_many_inputs_as_a_raster_can_hold()
    {
        const int Active = 40,
            Inputs = SpikeRaster.MaxNeurons;
        int[] place = [.. Enumerable.Range(0, Active).Select(k => (int)((Inputs - 1L) * k / (Active - 1)))];
        TrainingSettings settings = TestNetworks.Settings(Inputs, [33, 5], 50, 2),
            small = settings with { InputCount = Active };
        Sample[] batch = TestNetworks.Batch(small, new RandomStream(1, "batch"), 2, 0.4);
        Sample[] spread =
        [
            .. batch.Select(s =>
                s with
                {
                    Raster = new SpikeRaster(
                        Inputs,
                        s.Raster.StepOffsets.ToArray(),
                        [.. s.Raster.Neurons.ToArray().Select(j => (ushort)place[j])]
                    ),
                }
            ),
        ];
        using FusedEngine engine = new(settings, 1, Kernels.Best, inspect: true);
        TestNetworks.ScaleWeights(engine, 50);
        NetworkState before = engine.Export();
        ReferenceEngine reference = new(
            small,
            [Matrix(before.Layers[0].Weights, 33, place), Matrix(before.Layers[1].Weights, 5)]
        );
        ReferenceBatch expected = reference.Run(batch);
        BatchResult result = engine.Train(spread);

        Assert.True(result.Spikes[0].Sum() > 20);
        Close.AssertEqual("loss", [expected.LossSum], [result.LossSum], Tolerance);
        float[] gradient = engine.Layers[0].WeightGradient();
        Close.AssertEqual(
            "gW1",
            expected.Gradients[0].W.Cast<double>(),
            place.SelectMany(j => gradient[(j * 33)..((j + 1) * 33)]),
            Tolerance
        );
        Close.AssertEqual("gW2", expected.Gradients[1].W.Cast<double>(), engine.Layers[1].WeightGradient(), Tolerance);
        float[] after = engine.Export().Layers[0].Weights;
        int[] moved =
        [
            .. Enumerable
                .Range(0, Inputs)
                .Where(j => !after.AsSpan(j * 33, 33).SequenceEqual(before.Layers[0].Weights.AsSpan(j * 33, 33))),
        ];
        Assert.Equal(place, moved);
    }

    private static BatchResult AssertAgree(
        TrainingSettings settings,
        double density,
        BatchPlan? plan = null,
        Func<float, float>? weights = null
    )
    {
        // A seed whose potentials keep clear of their thresholds, so that rounding decides no spike.
        for (long seed = 0; seed < 50; seed++)
        {
            Sample[] batch = TestNetworks.Batch(settings, new RandomStream(seed, "extremes"), settings.BatchSize, density);
            using FusedEngine engine = new(settings with { Seed = seed }, 1, Kernels.Best, plan, inspect: true);
            if (weights is not null)
            {
                NetworkState state = engine.Export();
                engine.Import(
                    state with
                    {
                        Layers = [.. state.Layers.Select(l => l with { Weights = [.. l.Weights.Select(weights)] })],
                    }
                );
            }
            else
            {
                TestNetworks.ScaleWeights(engine, 2);
            }
            NetworkState before = engine.Export();
            ReferenceEngine reference = new(settings, [.. before.Layers.Select(l => Matrix(l.Weights, l.NeuronCount))]);
            ReferenceBatch expected = reference.Run(batch);
            if (RandomNetwork.Margin(settings, expected) < 1e-5)
                continue;
            BatchResult result = engine.Train(batch);
            Close.AssertEqual("loss", [expected.LossSum], [result.LossSum], Tolerance);
            for (int l = 0; l < engine.Layers.Count; l++)
            {
                Close.AssertEqual(
                    $"seed {seed}: gW{l + 1}",
                    expected.Gradients[l].W.Cast<double>(),
                    engine.Layers[l].WeightGradient(),
                    Tolerance
                );
                Close.AssertEqual($"seed {seed}: gTh{l + 1}", expected.Gradients[l].Th, engine.ThresholdGradient(l), Tolerance);
            }
            return result;
        }
        throw new InvalidOperationException("No seed keeps clear of the thresholds.");
    }

    private static double[,] Matrix(float[] values, int columns, int[]? rows = null)
    {
        rows ??= [.. Enumerable.Range(0, values.Length / columns)];
        double[,] matrix = new double[rows.Length, columns];
        for (int k = 0; k < matrix.Length; k++)
            matrix[k / columns, k % columns] = values[(rows[k / columns] * columns) + (k % columns)];
        return matrix;
    }
}
