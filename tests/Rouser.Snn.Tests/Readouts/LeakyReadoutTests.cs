using Rouser.Data;
using Rouser.Snn.Losses;
using Rouser.Snn.Membranes;
using Rouser.Snn.Readouts;
using Rouser.Snn.Reference;
using Rouser.Snn.Surrogates;
using Rouser.Snn.Thresholds;
using Rouser.Testing.Networks;

namespace Rouser.Snn.Tests.Readouts;

/// <summary>The output layer without threshold, by hand and by finite differences.</summary>
public sealed class LeakyReadoutTests
{
    // Four steps of two neurons.
    private static readonly double[] V = [0, -1, 3, -4, 3, -2, 1, -1];

    [Theory]
    [InlineData(ReadoutTime.Max, 3, -1)]
    [InlineData(ReadoutTime.Mean, 1.75, -2)]
    [InlineData(ReadoutTime.Last, 1, -1)]
    public void Logits_are_what_their_names_say(ReadoutTime time, double first, double second)
    {
        double[] z = new double[2];
        new LeakyReadout(time).Read(V, z);
        Assert.Equal([first, second], z);
    }

    [Fact]
    public void The_gradient_of_a_maximum_goes_to_its_first_step_alone()
    {
        double[] g = [.. V];
        new LeakyReadout(ReadoutTime.Max).Spread([5, 7], g);
        Assert.Equal([0, 7, 5, 0, 0, 0, 0, 0], g);
    }

    [Fact]
    public void A_potential_that_is_no_number_ends_in_a_logit_that_is_none()
    {
        double[] z = new double[2];
        foreach (ReadoutTime time in Enum.GetValues<ReadoutTime>())
        {
            new LeakyReadout(time).Read([1, 2, double.NaN, 2, 3, 2, double.NaN, 2], z);
            Assert.True(double.IsNaN(z[0]), $"{time}");
            Assert.Equal(2, z[1]);
        }
    }

    /// <summary>a = 0.5, b = 0.8, one weight of 2 and a spike at step 0, with the paper's lags.</summary>
    [Fact]
    public void A_neuron_integrates_and_leaks_and_never_spikes()
    {
        TrainingSettings settings = Settings(1, [1], 5, ReadoutTime.Max) with
        {
            Neuron = new NeuronSettings(0.5, 0.8, ResetKind.Soft, CouplingKind.Delayed, ResetGradientKind.Full),
            Threshold = new FixedThreshold(0.1),
        };
        using FusedEngine engine = new(settings, 1, Rouser.Snn.Fused.Kernels.Best, inspect: true);
        engine.Import(engine.Export() is var state ? state with { Layers = [state.Layers[0] with { Weights = [2] }] } : state);
        BatchResult result = engine.Evaluate([new Sample(TestNetworks.Raster(5, 1, (t, _) => t == 0), 0)]);
        // I = 0, 2, 1, 0.5, 0.25 and V[t] = 0.8 V[t−1] + I[t−1].
        Close.AssertEqual("V", [0, 0, 2, 2.6, 2.58], engine.Layers[0].ReadPotentials(0), 1e-6);
        Assert.Equal(0, result.Spikes[0][0]);
        Assert.Empty(result.OutputSpikes);
        Assert.Equal(2.6f, result.Logits[0], 1e-6f);
    }

    [Fact]
    public void The_layer_has_no_threshold_under_any_rule()
    {
        foreach (Func<RandomStream, double, ThresholdRule> rule in RandomMethod.Rules)
        {
            TrainingSettings settings = Settings(6, [5, 3], 9, ReadoutTime.Max) with { Threshold = rule(new(1, "rule"), 0.5) };
            Sample[] batch = TestNetworks.Batch(settings, new RandomStream(2, "batch"), 2, 0.5);
            using FusedEngine engine = new(settings, 1);
            BatchResult result = engine.Train(batch);
            Assert.Equal(0, result.ThresholdGradientNorms[1]);
            NetworkState state = engine.Export();
            Assert.Equal(5, state.Layers[0].Thresholds.Length);
            Assert.Empty(state.Layers[1].Thresholds);
            Assert.DoesNotContain(state.Layers[1].Tensors.Keys, name => name.StartsWith("thresholds", StringComparison.Ordinal));
        }
    }

    public static TheoryData<ReadoutTime, CouplingKind, ResetKind> Cases
    {
        get
        {
            TheoryData<ReadoutTime, CouplingKind, ResetKind> cases = [];
            foreach (ReadoutTime time in Enum.GetValues<ReadoutTime>())
            foreach (CouplingKind coupling in Enum.GetValues<CouplingKind>())
            foreach (ResetKind reset in Enum.GetValues<ResetKind>())
                cases.Add(time, coupling, reset);
            return cases;
        }
    }

    /// <summary>Spikes of the hidden layer are replaced by an antiderivative of the surrogate, so that they have a slope.</summary>
    [Theory]
    [MemberData(nameof(Cases))]
    public void Weights_thresholds_and_leaks_have_the_slope_of_finite_differences(
        ReadoutTime time,
        CouplingKind coupling,
        ResetKind reset
    )
    {
        ExponentialSurrogate surrogate = new(0.9, 0.8);
        TrainingSettings settings = Settings(5, [4, 3], 12, time) with
        {
            Neuron = new NeuronSettings(0.7, 0.9, reset, coupling, ResetGradientKind.Full)
            {
                Membrane = new PlifMembrane(true, 0.01),
            },
            Surrogate = surrogate,
            Threshold = new LearnedThreshold(0.6, 0.01),
        };
        RandomStream random = new(5, $"{time} {coupling} {reset}");
        double[][,] weights = [Matrix(random, 5, 4), Matrix(random, 4, 3)];
        Sample[] batch = TestNetworks.Batch(settings, random, 2, 0.5);
        ReferenceEngine engine = new(settings, weights, SmoothSpikes.Of(surrogate));
        ReferenceBatch expected = engine.Run(batch);
        double Loss() => engine.Run(batch).LossSum / batch.Length;

        for (int l = 0; l < 2; l++)
        {
            ReferenceLayer layer = engine.Layers[l];
            int columns = layer.W.GetLength(1);
            double[] byW = CentralDifference.OfWeights(layer, Loss);
            Close.AssertEqual($"gW{l + 1}", byW, expected.Gradients[l].W.Cast<double>(), 2e-6);
            double[] byB =
            [
                .. Enumerable.Range(0, columns).Select(i => CentralDifference.Of(() => layer.B[i], x => layer.B[i] = x, Loss)),
            ];
            Close.AssertEqual($"gb{l + 1}", byB, expected.Gradients[l].B, 2e-6);
        }
        ReferenceLayer hidden = engine.Layers[0];
        double[] byTh =
        [
            .. Enumerable.Range(0, 4).Select(i => CentralDifference.Of(() => hidden.Th[i], x => hidden.Th[i] = x, Loss)),
        ];
        Close.AssertEqual("gTh1", byTh, expected.Gradients[0].Th, 2e-6);
        Assert.Empty(engine.Layers[1].Th);
    }

    private static TrainingSettings Settings(int inputs, IReadOnlyList<int> layers, int steps, ReadoutTime time) =>
        TestNetworks.Settings(inputs, layers, steps, 2) with
        {
            Loss = new CrossEntropyLoss(0.1),
            Readout = new LeakyReadout(time),
        };

    private static double[,] Matrix(RandomStream random, int rows, int columns)
    {
        double[,] matrix = new double[rows, columns];
        for (int k = 0; k < matrix.Length; k++)
            matrix[k / columns, k % columns] = random.NextDouble(-0.4, 0.8);
        return matrix;
    }
}
