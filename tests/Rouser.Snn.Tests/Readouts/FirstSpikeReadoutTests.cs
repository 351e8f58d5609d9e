using System.Globalization;
using Rouser.Data;
using Rouser.Snn.Losses;
using Rouser.Snn.Readouts;
using Rouser.Snn.Reference;
using Rouser.Snn.Surrogates;
using Rouser.Snn.Thresholds;
using Rouser.Testing;
using Rouser.Testing.Networks;

namespace Rouser.Snn.Tests.Readouts;

/// <summary>Time to first spike, by hand, by finite differences and by PyTorch's autograd.</summary>
public sealed class FirstSpikeReadoutTests
{
    private static readonly FirstSpikeReadout Readout = new(2);

    [Fact]
    public void Logits_are_first_spikes_and_the_length_of_the_sample_where_there_is_none()
    {
        // Five steps of three neurons: first spikes at 2 and 0, and none.
        double[] S = [0, 1, 0, 0, 0, 0, 1, 1, 0, 0, 0, 0, 1, 0, 0],
            z = new double[3];
        Readout.Read(S, z);
        Assert.Equal([-1, 0, -2.5], z);
    }

    [Fact]
    public void A_spike_that_would_come_sooner_the_second_one_and_silence_have_a_gradient()
    {
        // Spikes at 2 and 4 of five steps; a spike at 0 that is followed by none; silence.
        double[] S = [0, 1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 1, 0, 0];
        Readout.Spread([2, 2, 2], S);
        // Earlier by 2 and 1 steps; later by the 2 steps to the second spike; nothing after the first.
        Assert.Equal([2, 1, 2, 0, 0], Column(S, 0));
        Assert.Equal([5, 0, 0, 0, 0], Column(S, 1));
        Assert.Equal([5, 4, 3, 2, 1], Column(S, 2));

        static double[] Column(double[] x, int i) => [.. x.Where((_, k) => k % 3 == i)];
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(17)]
    public void Values_between_no_spike_and_a_spike_have_the_slope_of_finite_differences(int steps)
    {
        RandomStream random = new(steps, "first spike");
        double[] S = [.. Enumerable.Range(0, 3 * steps).Select(_ => random.NextDouble(0.01, 0.6))],
            gz = [0.7, -1.2, 2],
            g = [.. S],
            z = new double[3];
        Readout.Spread(gz, g);
        for (int k = 0; k < S.Length; k++)
        {
            double Sum(double moved)
            {
                double[] at = [.. S];
                at[k] += moved;
                Readout.Read(at, z);
                return z.Zip(gz, (x, y) => x * y).Sum();
            }
            Assert.Equal((Sum(1e-6) - Sum(-1e-6)) / 2e-6, g[k], 1e-6);
        }
    }

    [Theory]
    [InlineData(CouplingKind.Delayed, ResetKind.Soft)]
    [InlineData(CouplingKind.Delayed, ResetKind.Hard)]
    [InlineData(CouplingKind.SameStep, ResetKind.Soft)]
    [InlineData(CouplingKind.SameStep, ResetKind.Hard)]
    public void Weights_and_thresholds_have_the_slope_of_finite_differences(CouplingKind coupling, ResetKind reset)
    {
        ExponentialSurrogate surrogate = new(0.9, 0.3);
        TrainingSettings settings = TestNetworks.Settings(5, [4, 3], 12, 2) with
        {
            Neuron = new NeuronSettings(0.7, 0.9, reset, coupling, ResetGradientKind.Full),
            Surrogate = surrogate,
            Threshold = new LearnedThreshold(0.6, 0.01),
            Loss = new CrossEntropyLoss(),
            Readout = Readout,
        };
        RandomStream random = new(5, $"{coupling} {reset}");
        double[][,] weights = [Matrix(random, 5, 4), Matrix(random, 4, 3)];
        Sample[] batch = TestNetworks.Batch(settings, random, 2, 0.5);
        ReferenceEngine engine = new(settings, weights, SmoothSpikes.Of(surrogate));
        ReferenceBatch expected = engine.Run(batch);
        double Loss() => engine.Run(batch).LossSum / batch.Length;
        for (int l = 0; l < engine.Layers.Count; l++)
        {
            ReferenceGradient gradient = expected.Gradients[l];
            Close.AssertEqual($"gW{l + 1}", CentralDifference.OfWeights(engine.Layers[l], Loss), gradient.W.Cast<double>(), 1e-5);
            Assert.Contains(gradient.Th, g => g != 0);
        }
    }

    [SkippableFact]
    public void Gradient_of_spikes_is_that_of_PyTorchs_cumulative_product()
    {
        string? python = ToolProcess.PythonWith("torch");
        Skip.If(python is null, "PyTorch (python3-torch) is not installed");
        const string program = """
            import sys, torch
            torch.set_default_dtype(torch.float64)
            S = torch.tensor([[float(c) for c in line] for line in sys.argv[1].split("/")], requires_grad=True)
            z = -torch.cumprod(1 - S, 0).sum(0) / 2
            (z * torch.arange(1.0, S.shape[1] + 1)).sum().backward()
            print(*z.tolist(), *S.grad.flatten().tolist())
            """;
        RandomStream random = new(4, "spikes");
        double[] S = [.. Enumerable.Range(0, 40 * 6).Select(k => random.NextDouble() < 0.02 * (k % 6) ? 1.0 : 0)];
        string text = string.Join('/', S.Chunk(6).Select(row => string.Concat(row.Select(s => s == 1 ? '1' : '0'))));
        (int code, string output, string errors) = ToolProcess.Run(python!, ["-c", program, text]);
        Assert.True(code == 0, errors);
        double[] expected =
            [.. output.Split().Where(w => w.Length > 0).Select(w => double.Parse(w, CultureInfo.InvariantCulture))],
            z = new double[6];
        Readout.Read(S, z);
        Readout.Spread([1, 2, 3, 4, 5, 6], S);
        Assert.Contains(z, t => t == -20);
        Assert.Contains(z, t => t > -20);
        Close.AssertEqual("z and ∂/∂S", expected, z.Concat(S), 1e-9);
    }

    [Fact]
    public void Engine_predicts_the_class_that_spikes_first()
    {
        TrainingSettings settings = TestNetworks.Settings(2, [2], 6, 1) with
        {
            Neuron = new NeuronSettings(0, 0, ResetKind.Hard, CouplingKind.SameStep, ResetGradientKind.None),
            Threshold = new FixedThreshold(1),
            Loss = new CrossEntropyLoss(),
            Readout = Readout,
        };
        using FusedEngine engine = new(settings, 1);
        NetworkState state = engine.Export();
        engine.Import(state with { Layers = [state.Layers[0] with { Weights = [2, 0, 0, 2] }] });
        // Neuron 0 spikes at 3, 4 and 5; neuron 1 at 1 alone.
        Sample sample = new(TestNetworks.Raster(6, 2, (t, i) => i == 0 ? t >= 3 : t == 1), 1);
        BatchResult result = engine.Evaluate([sample]);
        Assert.Equal((1, 1), (result.PredictedClass(0), result.Correct));
        Assert.Equal([-1.5f, -0.5f], result.Logits);
        Assert.Equal([3L, 1L], result.Spikes[0]);
    }

    private static double[,] Matrix(RandomStream random, int rows, int columns)
    {
        double[,] matrix = new double[rows, columns];
        for (int i = 0; i < rows; i++)
        {
            for (int j = 0; j < columns; j++)
                matrix[i, j] = random.NextDouble(-1, 1.2);
        }
        return matrix;
    }
}
