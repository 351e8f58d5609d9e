using Rouser.Snn;
using Rouser.Snn.Normalizations;

namespace Rouser.Testing.Networks;

/// <summary>Draws how inputs of layers are normalised.</summary>
internal static class RandomLayers
{
    /// <summary>
    /// The settings with a drawn normalisation; without quantised states and normalised weights, which do not go with one.
    /// </summary>
    public static TrainingSettings Apply(TrainingSettings settings, RandomStream random) =>
        settings with
        {
            Quantization = Quantization.None,
            Weights = settings.Weights with { Normalize = false },
            Threshold = settings.Threshold.Init > 0 ? settings.Threshold : settings.Threshold with { Init = 0.7 },
            Normalization = new TdbnNormalization(
                random.NextDouble(0.5, 1.5),
                random.NextDouble(0.1, 0.95),
                0.01,
                (NormalizedLayers)random.NextInt(2)
            ),
        };
}
