using System.Text.Json;
using Rouser.Data;
using Rouser.Snn.Fused;
using Rouser.Snn.Losses;
using Rouser.Snn.Readouts;
using Rouser.Snn.Surrogates;
using Rouser.Snn.Thresholds;
using Rouser.Testing;
using Rouser.Testing.Networks;

namespace Rouser.Snn.Tests.Readouts;

/// <summary>Three networks of each readout against PyTorch's autograd, which knows nothing of our equations backward.</summary>
public sealed class ReadoutAgainstTorchTests
{
    private const double Tolerance = 1e-4;
    private const int NoTorch = 3;

    private static readonly JsonSerializerOptions Json = new() { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower };

    [SkippableFact]
    public void Spikes_logits_and_gradients_are_those_of_PyTorch()
    {
        (TrainingSettings Settings, Sample[] Batch)[] networks =
        [
            .. from readout in (LeakyReadout?[])[null, new(ReadoutTime.Max), new(ReadoutTime.Mean), new(ReadoutTime.Last)]
            from seed in (int[])[1, 2, 3]
            select Network(readout, seed),
        ];
        string path = Path.GetTempFileName();
        List<TorchResult> results;
        try
        {
            File.WriteAllText(path, JsonSerializer.Serialize(networks.Select(n => CaseOf(n.Settings, n.Batch)), Json));
            string script = Path.Combine(Repository.Root, "tests", "Rouser.Snn.Tests", "Readouts", "readout.py");
            (int code, string output, string errors) = ToolProcess.Run("/usr/bin/python3", script, path);
            // The script's own word for it: to ask first would load torch twice, which takes seconds.
            Skip.If(code is -1 or NoTorch, "the system's python3 has no torch");
            Assert.True(code == 0, errors);
            results = JsonSerializer.Deserialize<List<TorchResult>>(output, Json)!;
        }
        finally
        {
            File.Delete(path);
        }
        foreach (((TrainingSettings settings, Sample[] batch), TorchResult expected) in networks.Zip(results))
            Compare(settings, batch, expected);
    }

    private static void Compare(TrainingSettings settings, Sample[] batch, TorchResult expected)
    {
        string name = $"{settings.Readout?.Word ?? "counts"}, seed {settings.Seed}";
        using FusedEngine engine = new(settings, 1, Kernels.Best, inspect: true);
        BatchResult result = engine.Train(batch);
        int hidden = settings.LayerSizes[0],
            classes = settings.LayerSizes[1];
        Assert.True(expected.Hidden.Sum() > 10, $"{name}: the hidden layer is silent");
        for (int b = 0; b < batch.Length; b++)
        {
            float[] spikes = engine.Layers[0].ReadSpikes(b);
            for (int t = 0; t < settings.StepCount; t++)
            for (int i = 0; i < hidden; i++)
                Assert.Equal(expected.Hidden[(((t * batch.Length) + b) * hidden) + i], spikes[(t * hidden) + i]);
        }
        IEnumerable<float> logits = settings.Readout is null ? result.OutputSpikes.Select(n => (float)n) : result.Logits;
        Close.AssertEqual($"{name}: logits", expected.Logits, logits.Take(batch.Length * classes), Tolerance);
        Close.AssertEqual($"{name}: loss", [expected.Loss], [result.LossSum / batch.Length], Tolerance);
        for (int l = 0; l < 2; l++)
            Close.AssertEqual($"{name}: gW{l + 1}", expected.Gradients[l], engine.Layers[l].WeightGradient(), Tolerance);
        Close.AssertEqual($"{name}: gTh1", expected.Threshold, engine.ThresholdGradient(0), Tolerance);
    }

    private static (TrainingSettings, Sample[]) Network(LeakyReadout? readout, int seed)
    {
        TrainingSettings settings = TestNetworks.Settings(20, [11, 4], 25, 3, seed) with
        {
            Neuron = new NeuronSettings(0.75, 0.9, ResetKind.Soft, CouplingKind.Delayed, ResetGradientKind.Full),
            Surrogate = new ExponentialSurrogate(0.8, 0.7),
            Threshold = new LearnedThreshold(0.4, 0.01),
            Loss = new CrossEntropyLoss(0.1),
            Readout = readout,
        };
        return (settings, TestNetworks.Batch(settings, new RandomStream(seed, "torch"), 3, 0.3));
    }

    private static TorchCase CaseOf(TrainingSettings settings, Sample[] batch)
    {
        using FusedEngine engine = new(settings, 1);
        return new TorchCase(
            [.. Enumerable.Range(0, settings.StepCount).Select(t => batch.Select(sample => Row(sample.Raster, t)).ToArray())],
            [.. batch.Select(sample => sample.Label)],
            [.. engine.Export().Layers.Select(layer => layer.Weights.Chunk(layer.NeuronCount).ToArray())],
            settings.Neuron.CurrentFactor,
            settings.Neuron.VoltageFactor,
            settings.Surrogate.Tau,
            settings.Surrogate.Scale,
            settings.Threshold.Init,
            settings.Readout?.Word,
            ((CrossEntropyLoss)settings.Loss).LabelSmoothing
        );
    }

    private static double[] Row(SpikeRaster raster, int t)
    {
        double[] row = new double[raster.NeuronCount];
        foreach (ushort j in raster.At(t))
            row[j] = 1;
        return row;
    }

    private sealed record TorchCase(
        double[][][] X,
        int[] Labels,
        float[][][] Weights,
        double A,
        double B,
        double Tau,
        double Scale,
        double Threshold,
        string? Readout,
        double Smoothing
    );

    private sealed record TorchResult(double Loss, double[] Hidden, double[] Logits, double[][] Gradients, double[] Threshold);
}
