namespace Rouser.Snn.Normalizations;

/// <summary>A layer without its normalisation, which does the same in evaluation.</summary>
/// <param name="Weights">The weights, <c>[in × out]</c>.</param>
/// <param name="Bias">What is added to each neuron's input at every step, <c>[out]</c>; null where nothing was
/// normalised.</param>
public sealed record FoldedNormalization(float[] Weights, float[]? Bias)
{
    /// <summary>Folds what a trained layer's state has of <see cref="TdbnNormalization"/> into its weights.</summary>
    public static FoldedNormalization Of(MethodSettings settings, LayerState layer)
    {
        if (
            settings.Normalization is not { } tdbn
            || !layer.Tensors.TryGetValue("normalization.gain", out float[]? gain)
            || !layer.Tensors.TryGetValue("normalization.bias", out float[]? bias)
            || !layer.Tensors.TryGetValue("normalization.mean", out float[]? mean)
            || !layer.Tensors.TryGetValue("normalization.variance", out float[]? variance)
        )
            return new FoldedNormalization(layer.Weights, null);
        int neurons = layer.NeuronCount;
        float[] weights = new float[layer.Weights.Length],
            constants = new float[neurons];
        double[] factors = new double[neurons];
        for (int i = 0; i < neurons; i++)
        {
            factors[i] = gain[i] * tdbn.Alpha * settings.Threshold.Init / Math.Sqrt(variance[i] + TdbnNormalization.Epsilon);
            constants[i] = (float)(bias[i] - (factors[i] * mean[i]));
        }
        for (int k = 0; k < weights.Length; k++)
            weights[k] = (float)(layer.Weights[k] * factors[k % neurons]);
        return new FoldedNormalization(weights, constants);
    }
}
