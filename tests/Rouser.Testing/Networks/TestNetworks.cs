using Rouser.Data;
using Rouser.Snn;
using Rouser.Snn.Losses;
using Rouser.Snn.Optimizers;
using Rouser.Snn.Surrogates;
using Rouser.Snn.Thresholds;

namespace Rouser.Testing.Networks;

/// <summary>Settings and samples for tests.</summary>
internal static class TestNetworks
{
    /// <summary>The paper's neuron and surrogate, learned thresholds, van Rossum loss.</summary>
    public static TrainingSettings Settings(int inputs, IReadOnlyList<int> layers, int steps, int batchSize, long seed = 0) =>
        new(
            new MethodSettings(
                new NeuronSettings(0.75, 0.97, ResetKind.Soft, CouplingKind.Delayed, ResetGradientKind.Full),
                new ExponentialSurrogate(3.75, 1.5),
                new LearnedThreshold(1.25, 0.01),
                new WeightSettings(WeightInitKind.KaimingUniform, false),
                new VanRossumLoss(5, 2, 30),
                new AdamOptimizer(0.001, 0.9, 0.999, 1e-8),
                batchSize
            ),
            inputs,
            layers,
            steps,
            seed
        );

    /// <summary>Spikes drawn independently with the given probability.</summary>
    public static SpikeRaster Raster(RandomStream random, int steps, int neurons, double density) =>
        Raster(steps, neurons, (_, _) => random.NextDouble() < density);

    /// <summary>Spikes where <paramref name="spikes"/>(t, neuron) says so.</summary>
    public static SpikeRaster Raster(int steps, int neurons, Func<int, int, bool> spikes)
    {
        List<ushort> list = [];
        int[] offsets = new int[steps + 1];
        for (int t = 0; t < steps; t++)
        {
            for (int j = 0; j < neurons; j++)
            {
                if (spikes(t, j))
                    list.Add((ushort)j);
            }
            offsets[t + 1] = list.Count;
        }
        return new SpikeRaster(neurons, offsets, [.. list]);
    }

    /// <summary>A batch of random samples.</summary>
    public static Sample[] Batch(TrainingSettings settings, RandomStream random, int samples, double density) =>
        [
            .. Enumerable
                .Range(0, samples)
                .Select(_ => new Sample(
                    Raster(random, settings.StepCount, settings.InputCount, density),
                    random.NextInt(settings.LayerSizes[^1])
                )),
        ];

    /// <summary>
    /// The same settings with other initial weights' scale: every weight times <paramref name="factor"/>.
    /// </summary>
    public static void ScaleWeights(ITrainingEngine engine, float factor)
    {
        NetworkState state = engine.Export();
        engine.Import(state with { Layers = [.. state.Layers.Select(l => Scale(l, factor))] });
    }

    private static LayerState Scale(LayerState layer, float factor)
    {
        Dictionary<string, float[]> tensors = layer.Tensors.ToDictionary(t => t.Key, t => (float[])t.Value.Clone());
        foreach (string name in (string[])["direction", "length"])
        {
            if (tensors.TryGetValue(name, out float[]? values))
                tensors[name] = [.. values.Select(x => x * factor)];
        }
        return layer with { Weights = [.. layer.Weights.Select(w => w * factor)], Tensors = tensors };
    }

    /// <summary>A raster as 0 and 1, <c>[T × N]</c>, time-major.</summary>
    public static float[] Dense(SpikeRaster raster)
    {
        float[] dense = new float[raster.StepCount * raster.NeuronCount];
        for (int t = 0; t < raster.StepCount; t++)
        {
            foreach (ushort j in raster.At(t))
                dense[(t * raster.NeuronCount) + j] = 1;
        }
        return dense;
    }
}
