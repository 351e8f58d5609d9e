using System.Text.Json;
using Rouser.Data;
using Rouser.Snn.Fused;
using Rouser.Snn.Layers;
using Rouser.Snn.Losses;
using Rouser.Snn.Reference;
using Rouser.Snn.Surrogates;
using Rouser.Snn.Thresholds;
using Rouser.Testing;
using Rouser.Testing.Networks;

namespace Rouser.Snn.Tests.Layers;

/// <summary>
/// Networks against PyTorch's <c>conv2d</c>, <c>avg_pool2d</c> and autograd, which know nothing of our order of neurons,
/// our events or our equations backward.
/// </summary>
public sealed class LayersAgainstTorchTests
{
    private const double Tolerance = 1e-4,
        SmallestMargin = 1e-5;
    private const int NoTorch = 3;

    private static readonly JsonSerializerOptions Json = new() { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower };

    private static readonly (Plane Plane, string[] Words)[] Shapes =
    [
        (new Plane(2, 10, 9), ["conv 8x3", "pool 2", "dense 20"]),
        (new Plane(2, 12, 12), ["conv 6x5 stride 2 padding 2", "pool 2", "conv 33x2 padding 1"]),
        (new Plane(1, 13, 11), ["pool 2", "conv 4x3 padding 1", "conv 5x2 stride 2", "dense 12"]),
    ];

    [SkippableFact]
    public void Spikes_logits_and_gradients_are_those_of_PyTorch()
    {
        (TrainingSettings Settings, string[] Words, Sample[] Batch)[] networks =
        [
            .. Shapes.Select((shape, k) => Network(shape.Plane, shape.Words, k + 1)),
        ];
        string path = Path.GetTempFileName();
        List<TorchResult> results;
        try
        {
            File.WriteAllText(path, JsonSerializer.Serialize(networks.Select(n => CaseOf(n.Settings, n.Words, n.Batch)), Json));
            string script = Path.Combine(Repository.Root, "tests", "Rouser.Snn.Tests", "Layers", "layers.py");
            (int code, string output, string errors) = ToolProcess.Run("/usr/bin/python3", script, path);
            Skip.If(code is -1 or NoTorch, "the system's python3 has no torch");
            Assert.True(code == 0, errors);
            results = JsonSerializer.Deserialize<List<TorchResult>>(output, Json)!;
        }
        finally
        {
            File.Delete(path);
        }
        foreach (((TrainingSettings settings, string[] words, Sample[] batch), TorchResult expected) in networks.Zip(results))
            Compare(settings, string.Join(", ", words), batch, expected);
    }

    private static void Compare(TrainingSettings settings, string name, Sample[] batch, TorchResult expected)
    {
        Assert.True(
            RandomNetwork.Margin(settings, new ReferenceEngine(settings).Run(batch)) > SmallestMargin,
            $"{name}: a potential is too close to its threshold to compare spikes; take another seed"
        );
        using FusedEngine engine = new(settings, 1, Kernels.Best, inspect: true);
        BatchResult result = engine.Train(batch);
        for (int l = 0; l < engine.Layers.Count; l++)
        {
            float[] spikes = [.. Enumerable.Range(0, batch.Length).SelectMany(b => engine.Layers[l].ReadSpikes(b))];
            Assert.True(spikes.Sum() > 10, $"{name}: layer {l + 1} is silent");
            Close.AssertEqual($"{name}: S{l + 1}", expected.Spikes[l], spikes, 0);
            Close.AssertEqual($"{name}: gW{l + 1}", expected.Gradients[l], engine.Layers[l].WeightGradient(), Tolerance);
            Close.AssertEqual($"{name}: gTh{l + 1}", expected.Thresholds[l], engine.ThresholdGradient(l), Tolerance);
        }
        Close.AssertEqual($"{name}: loss", [expected.Loss], [result.LossSum / batch.Length], Tolerance);
    }

    private static (TrainingSettings, string[], Sample[]) Network(Plane plane, string[] words, int seed)
    {
        TrainingSettings settings = RandomPlanes.Of(
            TestNetworks.Settings(1, [4], 30, 3, seed) with
            {
                Neuron = new NeuronSettings(0.75, 0.9, ResetKind.Soft, CouplingKind.Delayed, ResetGradientKind.Full),
                Surrogate = new ExponentialSurrogate(0.8, 0.7),
                Threshold = new LearnedThreshold(0.3, 0.01),
                Weights = new WeightSettings(WeightInitKind.HeUniform, Normalize: false),
                Loss = new CrossEntropyLoss(),
            },
            plane,
            words
        );
        return (settings, words, TestNetworks.Batch(settings, new RandomStream(seed, "torch"), 3, 0.2));
    }

    private static TorchCase CaseOf(TrainingSettings settings, string[] words, Sample[] batch)
    {
        using FusedEngine engine = new(settings, 1);
        Plane plane = settings.Connections![0].Below!.Value;
        return new TorchCase(
            [plane.Channels, plane.Height, plane.Width],
            [.. words.Select(Word)],
            [.. Enumerable.Range(0, settings.StepCount).Select(t => batch.Select(sample => Row(sample.Raster, t)).ToArray())],
            [.. batch.Select(sample => sample.Label)],
            [.. engine.Export().Layers.Select(layer => layer.Weights)],
            settings.LayerSizes[^1],
            settings.Neuron.CurrentFactor,
            settings.Neuron.VoltageFactor,
            settings.Surrogate.Tau,
            settings.Surrogate.Scale,
            settings.Threshold.Init
        );
    }

    private static int[] Word(string word) =>
        LayerWord.Read(word).Word switch
        {
            LayerWord.Convolution conv => [conv.Channels, conv.Kernel, conv.Stride, conv.Padding],
            LayerWord.Pooling pool => [pool.Window],
            LayerWord.Dense dense => [dense.Neurons, 0],
            _ => throw new ArgumentException(word),
        };

    private static double[] Row(SpikeRaster raster, int t)
    {
        double[] row = new double[raster.NeuronCount];
        foreach (ushort j in raster.At(t))
            row[j] = 1;
        return row;
    }

    private sealed record TorchCase(
        int[] Plane,
        int[][] Words,
        double[][][] X,
        int[] Labels,
        float[][] Weights,
        int Classes,
        double A,
        double B,
        double Tau,
        double Scale,
        double Threshold
    );

    private sealed record TorchResult(double Loss, double[][] Spikes, double[][] Gradients, double[][] Thresholds);
}
