using Rouser.Snn.Currents;
using Rouser.Snn.Membranes;

namespace Rouser.Snn;

/// <summary>The decays of a layer's neurons, before any rounding, read from its state.</summary>
public static class LayerDecay
{
    /// <summary>b of each neuron: the settings', what was drawn, or what training made of it, <c>[N]</c>.</summary>
    public static float[] VoltageFactorsOf(NeuronSettings neuron, LayerState layer) =>
        Read(layer, "membrane", neuron.Membrane as TrainedMembrane, neuron.VoltageFactor);

    /// <summary>a likewise.</summary>
    public static float[] CurrentFactorsOf(NeuronSettings neuron, LayerState layer) =>
        Read(layer, "current", neuron.Current as TrainedCurrent, neuron.CurrentFactor);

    private static float[] Read(LayerState layer, string name, ITrainedDecay? trained, double standard)
    {
        if (layer.Tensors.TryGetValue($"{name}.decay", out float[]? drawn))
            return [.. drawn];
        float[] factors = new float[layer.NeuronCount];
        Array.Fill(factors, (float)standard);
        if (trained is null || !layer.Tensors.TryGetValue($"{name}.w", out float[]? w))
            return factors;
        for (int i = 0; i < factors.Length; i++)
            factors[i] = (float)trained.Decay(w[w.Length == 1 ? 0 : i]);
        return factors;
    }
}
