using Rouser.Data;
using Rouser.Snn.Reference;
using Rouser.Snn.Surrogates;
using Rouser.Snn.Thresholds;
using Rouser.Testing.Networks;

namespace Rouser.Snn.Tests.ThresholdRules;

/// <summary>
/// A gain is computed as a threshold; here it is held against what it is, a factor on a neuron's weights under a
/// threshold that stays.
/// </summary>
public sealed class GainThresholdTests
{
    private const double Init = 0.8;

    public static TheoryData<ResetKind, CouplingKind, ResetGradientKind> Neurons
    {
        get
        {
            TheoryData<ResetKind, CouplingKind, ResetGradientKind> neurons = [];
            foreach (ResetKind reset in Enum.GetValues<ResetKind>())
            foreach (CouplingKind coupling in Enum.GetValues<CouplingKind>())
            foreach (ResetGradientKind gradient in Enum.GetValues<ResetGradientKind>())
                neurons.Add(reset, coupling, gradient);
            return neurons;
        }
    }

    [Theory]
    [MemberData(nameof(Neurons))]
    public void It_is_a_factor_on_the_weights_with_their_gradients(
        ResetKind reset,
        CouplingKind coupling,
        ResetGradientKind gradient
    )
    {
        NeuronSettings neuron = new(0.7, 0.9, reset, coupling, gradient);
        RandomStream random = new(5, "gain");
        AssertSame(neuron, scalesWidth: false, [.. Gains(random, 6)], [.. Gains(random, 4)]);
        // One width for the whole network stands for κ τ only where all gains are the same.
        AssertSame(neuron, scalesWidth: true, [.. Enumerable.Repeat(1.7, 6)], [.. Enumerable.Repeat(1.7, 4)]);
    }

    private static void AssertSame(NeuronSettings neuron, bool scalesWidth, params double[][] gains)
    {
        ExponentialSurrogate surrogate = new(1.5, 1.2);
        GainThreshold rule = new(Init, 0.01, scalesWidth);
        TrainingSettings gain = TestNetworks.Settings(9, [6, 4], 25, 2) with
        {
            Neuron = neuron,
            Threshold = rule,
            Surrogate = scalesWidth ? surrogate : surrogate with { Tau = surrogate.Tau / Init },
        };
        TrainingSettings scaled = gain with
        {
            Threshold = new FixedThreshold(Init),
            Surrogate = scalesWidth ? surrogate with { Tau = surrogate.Tau * gains[0][0] } : surrogate,
        };
        RandomStream random = new(6, "weights");
        double[][,] weights = [Draw(random, 9, 6), Draw(random, 6, 4)];
        Sample[] batch = TestNetworks.Batch(gain, random, 2, 0.4);
        ReferenceEngine withGain = new(gain, weights),
            withWeights = new(scaled, [.. weights.Select((w, l) => Times(w, gains[l]))]);
        for (int l = 0; l < gains.Length; l++)
        {
            for (int i = 0; i < gains[l].Length; i++)
                withGain.Layers[l].Th[i] = rule.Threshold(gains[l][i]);
        }
        ReferenceBatch actual = withGain.Run(batch),
            expected = withWeights.Run(batch);
        Assert.True(expected.Traces.Sum(traces => traces.Sum(trace => trace.S.Cast<double>().Sum())) > 20, "hardly a spike");
        Assert.True(RandomNetwork.Margin(scaled, expected) > 1e-9);
        Close.AssertEqual("loss", [expected.LossSum], [actual.LossSum], 1e-9);
        for (int l = 0; l < gains.Length; l++)
        {
            for (int s = 0; s < batch.Length; s++)
                Assert.Equal(expected.Traces[s][l].S, actual.Traces[s][l].S);
            double[,] byEffective = expected.Gradients[l].W;
            Close.AssertEqual(
                $"gW{l + 1}",
                Times(byEffective, gains[l]).Cast<double>(),
                actual.Gradients[l].W.Cast<double>(),
                1e-9
            );
            // Where the width follows κ, the derivative by κ has the width's as well; without a gradient through the reset,
            // what the reset takes is a constant of V′, not of V.
            if (scalesWidth || neuron.ResetGradient == ResetGradientKind.None)
                continue;
            double[] byGain =
            [
                .. gains[l]
                    .Select(
                        (_, i) => Enumerable.Range(0, weights[l].GetLength(0)).Sum(j => weights[l][j, i] * byEffective[j, i])
                    ),
            ];
            Close.AssertEqual(
                $"gκ{l + 1}",
                byGain,
                gains[l].Select((kappa, i) => rule.Slope(kappa) * actual.Gradients[l].Th[i]),
                1e-9
            );
        }
    }

    [Fact]
    public void Learned_thresholds_are_gains_that_give_the_same_spikes()
    {
        int compared = 0;
        for (long seed = 0; seed < 60; seed++)
        {
            RandomNetwork network = RandomNetwork.Of(seed);
            TrainingSettings learned = network.Settings with
            {
                Threshold = new LearnedThreshold(Init, 0.05),
                Weights = network.Settings.Weights with { Normalize = false },
            };
            using FusedEngine engine = new(learned, 1);
            for (int update = 0; update < 5; update++)
                engine.Train(network.Batch);
            NetworkState trained = engine.Export();
            if (trained.Layers.Any(layer => layer.Thresholds.Any(th => th <= 0.05f)))
                continue;
            double[][,] weights = [.. trained.Layers.Select(Matrix)];
            ReferenceEngine before = new(learned, weights),
                after =
                    new(
                        learned with
                        {
                            Threshold = new FixedThreshold(Init),
                        },
                        [.. weights.Select((w, l) => Times(w, [.. trained.Layers[l].Thresholds.Select(th => Init / th)]))]
                    );
            for (int l = 0; l < weights.Length; l++)
                trained.Layers[l].Thresholds.Select(th => (double)th).ToArray().CopyTo(before.Layers[l].Th, 0);
            ReferenceBatch expected = before.Evaluate(network.Batch),
                actual = after.Evaluate(network.Batch);
            if (RandomNetwork.Margin(learned, expected) < 1e-5)
                continue;
            compared++;
            for (int s = 0; s < network.Batch.Length; s++)
            {
                for (int l = 0; l < weights.Length; l++)
                    Assert.True(
                        expected.Traces[s][l].S.Cast<double>().SequenceEqual(actual.Traces[s][l].S.Cast<double>()),
                        $"layer {l + 1} of {network}"
                    );
            }
        }
        Assert.True(compared > 30, $"only {compared} networks keep clear of their thresholds");
    }

    [Fact]
    public void A_gain_never_falls_to_where_a_neuron_would_fire_below_its_threshold()
    {
        GainThreshold rule = new(Init, 0.01, ScalesWidth: false);
        Assert.Equal(0.01, rule.Bounded(-3));
        Assert.Equal(80, rule.Threshold(rule.Bounded(0)), 12);
        Assert.Equal(1.25, rule.Bounded(1.25));
    }

    private static IEnumerable<double> Gains(RandomStream random, int count) =>
        Enumerable.Range(0, count).Select(_ => random.NextDouble(0.4, 2.5));

    private static double[,] Draw(RandomStream random, int rows, int columns)
    {
        double[,] matrix = new double[rows, columns];
        for (int k = 0; k < matrix.Length; k++)
            matrix[k / columns, k % columns] = random.NextDouble(-0.4, 0.8);
        return matrix;
    }

    private static double[,] Matrix(LayerState layer)
    {
        double[,] matrix = new double[layer.InputCount, layer.NeuronCount];
        for (int k = 0; k < matrix.Length; k++)
            matrix[k / layer.NeuronCount, k % layer.NeuronCount] = layer.Weights[k];
        return matrix;
    }

    private static double[,] Times(double[,] w, double[] factors)
    {
        double[,] scaled = (double[,])w.Clone();
        for (int j = 0; j < w.GetLength(0); j++)
        {
            for (int i = 0; i < factors.Length; i++)
                scaled[j, i] *= factors[i];
        }
        return scaled;
    }
}
