using Rouser.Data;
using Rouser.Snn;
using Rouser.Snn.Layers;
using Rouser.Snn.Thresholds;

namespace Rouser.Testing.Networks;

/// <summary>Convolutions, pooling and dense layers in any order that fits, on a small plane.</summary>
internal static class RandomPlanes
{
    /// <summary>Settings with such layers in place of their dense ones.</summary>
    public static TrainingSettings Apply(TrainingSettings settings, RandomStream random)
    {
        Plane plane = new(1 + random.NextInt(3), 3 + random.NextInt(7), 3 + random.NextInt(7));
        IReadOnlyList<LayerConnection> connections = Draw(plane, settings.LayerSizes[^1], random);
        return settings with
        {
            InputCount = (int)plane.Count,
            LayerSizes = [.. connections.Select(layer => layer.Neurons)],
            Connections = connections,
            // Few steps leave no path from input to loss, and gradients that are rounding errors of 0.
            StepCount = Math.Clamp(settings.StepCount, 5, 25),
            // Thresholds that come from the whole batch do not go with them.
            Threshold = settings.Threshold.NeedsWholeBatch ? new LearnedThreshold(0.7, 0.01) : settings.Threshold,
        };
    }

    /// <summary>Settings with the given layers in place of their dense ones; the output layer stays.</summary>
    public static TrainingSettings Of(TrainingSettings settings, Plane plane, params string[] words)
    {
        IReadOnlyList<LayerConnection> connections = NetworkLayers.Connections(
            [.. words.Select(word => LayerWord.Read(word).Word!)],
            plane,
            settings.LayerSizes[^1]
        );
        return settings with
        {
            InputCount = (int)plane.Count,
            LayerSizes = [.. connections.Select(layer => layer.Neurons)],
            Connections = connections,
        };
    }

    private static IReadOnlyList<LayerConnection> Draw(Plane plane, int classes, RandomStream random)
    {
        while (true)
        {
            LayerWord[] words = [.. Enumerable.Range(0, 1 + random.NextInt(4)).Select(_ => Word(random))];
            try
            {
                return NetworkLayers.Connections(words, plane, classes);
            }
            catch (ArgumentException)
            {
                // They do not fit; the next ones may.
            }
        }
    }

    private static LayerWord Word(RandomStream random)
    {
        int kernel = 1 + random.NextInt(4);
        // Up to 40 channels, so that those of a position take part of a panel, all of it, or more.
        int channels = random.NextInt(4) == 0 ? 32 + random.NextInt(9) : 1 + random.NextInt(9);
        return random.NextInt(6) switch
        {
            0 => new LayerWord.Pooling(2 + random.NextInt(2)),
            1 => new LayerWord.Dense(1 + random.NextInt(40)),
            _ => new LayerWord.Convolution(channels, kernel, 1 + random.NextInt(3), random.NextInt(kernel)),
        };
    }
}
