using Rouser.Data;
using Rouser.Snn.Connections;
using Rouser.Snn.Normalizations;
using Rouser.Snn.Thresholds;
using Rouser.Testing.Networks;

namespace Rouser.Snn.Tests.Connections;

/// <summary>What layers that hear themselves, and delays, are beside networks without.</summary>
public sealed class ConnectionsTests
{
    private static readonly TrainingSettings Plain = TestNetworks.Settings(40, [33, 20, 4], 30, 4, seed: 3) with
    {
        Threshold = new LearnedThreshold(0.3, 0.01),
    };

    private static readonly Sample[] Batch = TestNetworks.Batch(Plain, new RandomStream(3, "batch"), 4, 0.3);

    [Theory]
    [InlineData(WeightInitKind.KaimingUniform)]
    [InlineData(WeightInitKind.KaimingNormal)]
    [InlineData(WeightInitKind.HeUniform)]
    public void Weights_from_below_are_drawn_as_without_and_those_of_the_layer_by_its_own_size(WeightInitKind init)
    {
        TrainingSettings plain = Plain with { Weights = new WeightSettings(init, false) },
            recurrent = plain with { IsRecurrent = true };
        for (int l = 1; l <= 3; l++)
        {
            float[] without = InitialWeights.Draw(plain, l),
                with = InitialWeights.Draw(recurrent, l);
            int neurons = plain.LayerSizes[l - 1];
            Assert.Equal(without, with[..without.Length]);
            Assert.Equal(l == 3 ? 0 : neurons * neurons, with.Length - without.Length);
            if (l == 3)
                continue;
            float[] own = with[without.Length..];
            // The variance of each distribution; a sample of hundreds is within a fifth of it.
            double variance = (init == WeightInitKind.KaimingUniform ? 1.0 / 3 : 2) / neurons;
            Assert.Equal(variance, own.Average(u => (double)u * u), variance / 5);
        }
    }

    [Fact]
    public void A_layer_that_hears_itself_with_weights_of_0_is_one_that_does_not()
    {
        using FusedEngine plain = new(Plain, 1),
            recurrent = new(Plain with { IsRecurrent = true }, 1);
        NetworkState state = recurrent.Export();
        foreach (LayerState layer in state.Layers)
            layer.Weights.AsSpan(layer.InputCount * layer.NeuronCount).Clear();
        Assert.NotEqual(plain.Evaluate(Batch).LossSum, recurrent.Evaluate(Batch).LossSum);
        recurrent.Import(state);
        Assert.Equal(plain.Evaluate(Batch).LossSum, recurrent.Evaluate(Batch).LossSum);
        plain.Train(Batch);
        recurrent.Train(Batch);
        (NetworkState expected, NetworkState actual) = (plain.Export(), recurrent.Export());
        for (int l = 0; l < 3; l++)
        {
            float[] weights = expected.Layers[l].Weights;
            Close.AssertEqual($"W{l + 1}", weights.Select(w => (double)w), actual.Layers[l].Weights[..weights.Length], 1e-6);
            Assert.Equal(l < 2, actual.Layers[l].Weights[weights.Length..].Any(u => u != 0));
        }
    }

    [Fact]
    public void Delays_of_0_change_no_byte_until_they_are_trained()
    {
        using FusedEngine plain = new(Plain, 1),
            delayed = new(Plain with { Delays = new AxonalDelays(9, 0, 0) }, 1);
        for (int n = 0; n < 2; n++)
            Assert.Equal(plain.Train(Batch).LossSum, delayed.Train(Batch).LossSum);
        for (int l = 0; l < 3; l++)
            Assert.Equal(plain.Export().Layers[l].Weights, delayed.Export().Layers[l].Weights);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Delays_of_weights_that_are_0_change_nothing_but_roundings(bool ofInputs)
    {
        using FusedEngine plain = new(Plain, 1),
            delayed = new(Plain with { Delays = new SynapticDelays(9, 0, 0, ofInputs) }, 1);
        Assert.Equal(plain.Train(Batch).LossSum, delayed.Train(Batch).LossSum);
        for (int l = 0; l < 3; l++)
        {
            (LayerState expected, LayerState actual) = (plain.Export().Layers[l], delayed.Export().Layers[l]);
            Close.AssertEqual($"W{l + 1}", expected.Weights.Select(w => (double)w), actual.Weights, 1e-5);
            Assert.Equal(l > 0 || ofInputs, actual.Tensors.ContainsKey("delays.d"));
        }
    }

    /// <summary>Three layers whose weights have delays of 2, 3 and 4 steps are an input that comes 9 steps later.</summary>
    [Fact]
    public void Equal_delays_of_weights_are_an_input_that_comes_later()
    {
        using FusedEngine plain = new(Plain, 1),
            delayed = new(Plain with { Delays = new SynapticDelays(9, 0, 0.1) }, 1);
        NetworkState state = delayed.Export();
        for (int l = 0; l < 3; l++)
            Array.Fill(state.Layers[l].Tensors["delays.d"], l + 1.6f);
        delayed.Import(state);
        Sample[] later =
        [
            .. Batch.Select(sample => new Sample(
                TestNetworks.Raster(30, 40, (t, j) => t >= 9 && sample.Raster.At(t - 9).Contains((ushort)j)),
                sample.Label
            )),
        ];
        BatchResult expected = plain.Evaluate(later);
        Assert.True(expected.Spikes[2].Sum() > 0);
        Assert.Equal(expected.LossSum, delayed.Evaluate(Batch).LossSum);
    }

    /// <summary>Two layers of delays of 3 and 4 steps are an input that comes 7 steps later.</summary>
    [Fact]
    public void Equal_delays_are_an_input_that_comes_later()
    {
        using FusedEngine plain = new(Plain, 1),
            delayed = new(Plain with { Delays = new AxonalDelays(9, 0, 0.1) }, 1);
        NetworkState state = delayed.Export();
        for (int l = 0; l < 2; l++)
            Array.Fill(state.Layers[l].Tensors["delays.d"], l == 0 ? 2.6f : 4.4f);
        delayed.Import(state);
        Sample[] later =
        [
            .. Batch.Select(sample => new Sample(
                TestNetworks.Raster(30, 40, (t, j) => t >= 7 && sample.Raster.At(t - 7).Contains((ushort)j)),
                sample.Label
            )),
        ];
        BatchResult expected = plain.Evaluate(later);
        Assert.True(expected.Spikes[2].Sum() > 0);
        Assert.Equal(expected.LossSum, delayed.Evaluate(Batch).LossSum);
    }

    [Fact]
    public void Delays_start_within_their_bound_and_stay_within_the_greatest()
    {
        AxonalDelays delays = new(4, 3, 50);
        double[] drawn = delays.Draw(7, 1, 1_000);
        Assert.All(drawn, d => Assert.InRange(d, 0, 3));
        Assert.Equal(1.5, drawn.Average(), 0.15);
        Assert.NotEqual(drawn, delays.Draw(7, 2, 1_000));
        using FusedEngine engine = new(Plain with { Delays = delays }, 1);
        float[] before = engine.Export().Layers[0].Tensors["delays.d"];
        engine.Train(Batch);
        float[] after = engine.Export().Layers[0].Tensors["delays.d"];
        Assert.NotEqual(before, after);
        Assert.All(after, d => Assert.InRange(d, 0, 4));
        Assert.Contains(after, d => d is 0 or 4);
    }

    [Fact]
    public void Engine_says_what_delays_of_weights_do_not_go_with()
    {
        TrainingSettings delayed = Plain with { Delays = new SynapticDelays(9, 5, 0.1) };
        Assert.Null(FusedEngine.Lacks(delayed));
        Assert.Null(FusedEngine.Lacks(delayed with { IsRecurrent = true }));
        AssertRefusesWholeBatches(delayed, "network.delays: synaptic");
    }

    [Fact]
    public void Engine_says_what_layers_that_hear_themselves_do_not_go_with()
    {
        TrainingSettings recurrent = Plain with { IsRecurrent = true };
        Assert.Null(FusedEngine.Lacks(recurrent));
        Assert.Null(FusedEngine.Lacks(recurrent with { Delays = new AxonalDelays(9, 5, 0.1) }));
        AssertRefusesWholeBatches(recurrent, "network.recurrent");
    }

    // Neither goes with what takes its thresholds or its inputs from the whole batch.
    private static void AssertRefusesWholeBatches(TrainingSettings settings, string word)
    {
        TrainingSettings[] refused =
        [
            settings with
            {
                Threshold = new DsAtgoThreshold(1, 1, 0.9),
            },
            settings with
            {
                Normalization = new TdbnNormalization(1, 0.9, 0.01, NormalizedLayers.Hidden),
            },
        ];
        Assert.All(refused, one => Assert.Contains(word, FusedEngine.Lacks(one), StringComparison.Ordinal));
    }
}
