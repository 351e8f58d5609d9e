using Rouser.Core.Parameters;
using Rouser.Snn.Fused;
using Rouser.Snn.Optimizers;
using Rouser.Snn.Reference;
using Rouser.Testing.Networks;

namespace Rouser.Snn.Tests.Optimizers;

/// <summary>
/// Optimisers in double precision against PyTorch, and those in float32 against them. The golden numbers are
/// PyTorch's in double precision, of its classes Adam, AdamW, SGD and RMSprop.
/// </summary>
public sealed class OptimizerTests
{
    private static readonly double[] Start = [0.5, -1.25, 2.0];

    /// <summary>Each optimiser as PyTorch was given it, and where six updates take three parameters.</summary>
    public static TheoryData<string, double[]> Golden =>
        new()
        {
            { "adam", [0.4417273705936173, -1.2735335902564082, 1.9486555409524708] },
            { "adamw", [0.4388808923819034, -1.2659390505648236, 1.9368229663472012] },
            { "sgd", [0.45046720999999995, -1.2507912559999999, 1.7268907999999998] },
            { "rmsprop", [0.025856667155360724, -1.220351319362936, 1.7742991922927993] },
        };

    [Theory]
    [MemberData(nameof(Golden))]
    public void Six_updates_lead_where_those_of_PyTorch_lead(string word, double[] expected)
    {
        double[] theta = [.. Start];
        ReferenceOptimizer optimizer = Of(word).ForReference(3);
        for (int k = 0; k < 6; k++)
            optimizer.UpdateWeights(theta, [0.1 * (k + 1), -0.02 * (k - 2), 3.0 / (k + 1)], 0.01);
        Close.AssertEqual(word, expected, theta, 1e-14);
    }

    [Fact]
    public void Each_of_them_has_golden_numbers() =>
        Assert.Equal(Optimizer.Family.Methods.Select(m => m.Name).Order(), Golden.Select(row => (string)row[0]).Order());

    [Theory]
    [InlineData("adam")]
    [InlineData("adamw")]
    [InlineData("sgd")]
    [InlineData("rmsprop")]
    public void In_float32_it_follows_the_reference(string word)
    {
        const int Count = 8,
            Updates = 100;
        Optimizer optimizer = Of(word);
        RandomStream random = new(1, word);
        double[] expected = [.. Enumerable.Range(0, Count).Select(_ => random.NextDouble(-1, 1))];
        using LayerParameter parameter = new("p", Count, optimizer);
        for (int k = 0; k < Count; k++)
            parameter.Values.Span[k] = (float)expected[k];
        ReferenceOptimizer reference = optimizer.ForReference(Count);
        for (int n = 1; n <= Updates; n++)
        {
            double factor = n > Updates / 2 ? 0.1 : 1;
            float[] g = [.. Enumerable.Range(0, Count).Select(_ => (float)random.NextDouble(-1, 1))];
            reference.Update(expected, [.. g.Select(x => (double)x)], 0.01 * factor);
            parameter.SetGradient(g, _ => 1);
            parameter.Update(new UpdateStep(n, factor), 0.01);
        }
        Close.AssertEqual(word, expected, parameter.Values.Span.ToArray(), 1e-5);
    }

    [Fact]
    public void Decay_of_weights_moves_those_without_a_gradient_and_no_thresholds()
    {
        TrainingSettings settings = TestNetworks.Settings(3, [2], 4, 1) with
        {
            Optimizer = new AdamWOptimizer(0.1, 0.9, 0.999, 1e-8, 0.5),
        };
        using FusedEngine engine = new(settings, 1);
        NetworkState before = engine.Export();
        // No spike below, so no weight has a gradient.
        engine.Train([new(TestNetworks.Raster(4, 3, (_, _) => false), 0)]);
        NetworkState after = engine.Export();
        Close.AssertEqual("W", before.Layers[0].Weights.Select(w => w * 0.95), after.Layers[0].Weights, 1e-6);
    }

    [Fact]
    public void A_gradient_is_clipped_to_the_norm_that_is_asked_for()
    {
        // Plain descent from the same weights: what clipping shortens is the step, whose length is then lr·c.
        const double Rate = 0.1,
            Norm = 1e-3;
        TrainingSettings settings = TestNetworks.Settings(20, [8, 4], 30, 3) with
        {
            Optimizer = new SgdOptimizer(Rate, 0) { ClipNorm = Norm },
            Threshold = new Rouser.Snn.Thresholds.LearnedThreshold(0.5, Rate),
        };
        using FusedEngine engine = new(settings, 1);
        NetworkState before = engine.Export();
        BatchResult result = engine.Train(TestNetworks.Batch(settings, new RandomStream(1, "clip"), 3, 0.3));
        NetworkState after = engine.Export();
        double length = Math.Sqrt(
            before
                .Layers.Zip(after.Layers)
                .SelectMany(pair =>
                    pair.First.Weights.Concat(pair.First.Thresholds).Zip(pair.Second.Weights.Concat(pair.Second.Thresholds))
                )
                .Sum(x => Math.Pow((double)x.First - x.Second, 2))
        );
        Assert.True(result.WeightGradientNorms.Max() > Norm, "the gradient is too small for the test");
        Assert.Equal(Rate * Norm, length, Rate * Norm * 1e-2);
    }

    private static Optimizer Of(string word)
    {
        ParameterSet set = new([
            KeyValuePair.Create<string, ParameterValue>("optimizer.kind", new ParameterValue.Text(word)),
            KeyValuePair.Create<string, ParameterValue>("optimizer.learning_rate", new ParameterValue.Real(0.01)),
            KeyValuePair.Create<string, ParameterValue>("optimizer.weight_decay", new ParameterValue.Real(0.1)),
        ]);
        return Optimizer.Family.Build(set);
    }
}
