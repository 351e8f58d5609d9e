using Rouser.Snn.Layers;

namespace Rouser.Snn;

/// <summary>Draws initial weights.</summary>
public static class InitialWeights
{
    /// <summary>
    /// Layer <paramref name="layer"/>'s weights, row-major <c>[in × out]</c>, or of a kernel
    /// <c>[in channels × k × k × out channels]</c>, drawn in that order from the stream <c>weights/l</c>: as
    /// <see cref="WeightInitKind"/> says. Where the layer hears itself, those of its own neurons follow,
    /// <c>[out × out]</c>, from the stream <c>recurrent/l</c>.
    /// </summary>
    /// <param name="settings">The trial's.</param>
    /// <param name="layer">From 1.</param>
    public static float[] Draw(TrainingSettings settings, int layer)
    {
        LayerConnection connection = settings.ConnectionOf(layer);
        float[] weights = Draw(settings, $"weights/{layer}", connection.Rows, connection.Columns);
        int neurons = settings.LayerSizes[layer - 1];
        return settings.HearsItself(layer - 1, settings.LayerSizes.Count)
            ? [.. weights, .. Draw(settings, $"recurrent/{layer}", neurons, neurons)]
            : weights;
    }

    private static float[] Draw(TrainingSettings settings, string stream, int fanIn, int neurons)
    {
        RandomStream random = new(settings.Seed, stream);
        double bound = 1 / Math.Sqrt(fanIn),
            deviation = Math.Sqrt(2.0 / fanIn),
            heBound = Math.Sqrt(6.0 / fanIn);
        float[] weights = new float[fanIn * neurons];
        foreach (ref float w in weights.AsSpan())
        {
            w = settings.Weights.Init switch
            {
                WeightInitKind.KaimingUniform => (float)random.NextDouble(-bound, bound),
                WeightInitKind.KaimingNormal => (float)(deviation * random.NextGaussian()),
                WeightInitKind.HeUniform => (float)random.NextDouble(-heBound, heBound),
                _ => throw new ArgumentOutOfRangeException(
                    nameof(settings),
                    settings.Weights.Init,
                    "Unknown weight initialisation."
                ),
            };
        }
        return weights;
    }
}
