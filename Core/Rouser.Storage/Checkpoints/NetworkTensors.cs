using Rouser.Snn;

namespace Rouser.Storage.Checkpoints;

/// <summary>
/// A network's state as the tensors of a file: of each layer its weights, its thresholds, then the others by name.
/// </summary>
internal static class NetworkTensors
{
    /// <summary>What the tensors are, in their order.</summary>
    public static IReadOnlyList<LayerText> TextOf(NetworkState state) =>
        [.. state.Layers.Select(layer => new LayerText(layer.InputCount, layer.NeuronCount, NamesOf(layer)))];

    /// <summary>The tensors.</summary>
    public static IReadOnlyList<float[]> Of(NetworkState state)
    {
        List<float[]> tensors = [];
        foreach (LayerState layer in state.Layers)
        {
            tensors.AddRange([layer.Weights, layer.Thresholds]);
            tensors.AddRange(NamesOf(layer).Select(name => layer.Tensors[name]));
        }
        return tensors;
    }

    /// <summary>The state that they are of.</summary>
    /// <exception cref="InvalidDataException">Their number is not what the text says.</exception>
    public static NetworkState Read(long updates, IReadOnlyList<LayerText> layers, float[][] tensors)
    {
        if (tensors.Length != layers.Sum(layer => 2 + layer.Tensors.Count))
            throw new InvalidDataException("its layers and tensors do not match");
        Queue<float[]> next = new(tensors);
        return new NetworkState(updates, [.. layers.Select(layer => ReadLayer(layer, next))]);
    }

    private static string[] NamesOf(LayerState layer) => [.. layer.Tensors.Keys.Order(StringComparer.Ordinal)];

    private static LayerState ReadLayer(LayerText layer, Queue<float[]> tensors) =>
        new(
            layer.InputCount,
            layer.NeuronCount,
            Weights: tensors.Dequeue(),
            Thresholds: tensors.Dequeue(),
            layer.Tensors.ToDictionary(name => name, _ => tensors.Dequeue())
        );
}
