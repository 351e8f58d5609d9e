using Rouser.Core.Parameters;
using Rouser.Data;

namespace Rouser.Snn.Layers;

/// <summary>
/// <c>network.layers</c>: the hidden layers of a network that has convolutions, in words. Dense networks have
/// <c>network.hidden</c>.
/// </summary>
public static class NetworkLayers
{
    /// <summary>The parameter's name.</summary>
    public const string Name = "network.layers";

    /// <summary>The most neurons of a layer: spikes are kept by numbers of 16 bits.</summary>
    private const int MostNeurons = SpikeRaster.MaxNeurons;

    /// <summary>The most weights of a kernel: 1 GiB of them, with moments and a gradient of each sample beside.</summary>
    private const int MostWeights = 1 << 28;

    /// <summary>The hidden layers, from input to output.</summary>
    public static Parameter Parameter { get; } =
        new(
            Name,
            new LayerListType(),
            ParameterType.None,
            "Hidden layers of a network with convolutions, from input to output; the output layer, with one neuron per class, is "
                + "added. They stand in place of `network.hidden`.\n`conv CxK`: C channels with kernels of K × K; `stride n` and "
                + "`padding n` may follow.\n`pool n`: the spikes of each window of n × n are summed.\n`dense n`: n neurons that each "
                + "see all below.\n`none`: the layers are those of `network.hidden`."
        )
        {
            SilentDefault = true,
        };

    /// <summary>What the list asks of other values.</summary>
    public static IReadOnlyList<Requirement> Requirements { get; } =
    [
        new(
            Name,
            set =>
            {
                if (Of(set) is not { } words)
                    return null;
                DatasetSettings data = DatasetSettings.From(set);
                string? complaint =
                    // What crops and downsampling leave of the data has its own check.
                    data.Binning().Plane
                        is { } plane
                        ? plane.Height < 1 || plane.Width < 1
                            ? null
                            : Connect(words, plane, 1, [])
                        : $"needs a plane, and {data.Name} has channels without one; write network.hidden";
                return complaint is null ? null : $"{Name} ({Text(words)}) {complaint}";
            }
        ),
    ];

    /// <summary>The words as the parameter's value.</summary>
    public static string Text(IEnumerable<LayerWord> words) => $"[{string.Join(", ", words)}]";

    /// <summary>The words of a trial's values; null where <c>network.hidden</c> has its layers.</summary>
    /// <exception cref="ArgumentException">The value is no list of layers.</exception>
    public static IReadOnlyList<LayerWord>? Of(ParameterSet set)
    {
        string text = set.Text(Parameter);
        if (text == ParameterType.None)
            return null;
        return
        [
            .. text.Trim('[', ']')
                .Split(", ")
                .Select(word =>
                    LayerWord.Read(word).Word ?? throw new ArgumentException($"{Name} cannot be {text}.", nameof(set))
                ),
        ];
    }

    /// <summary>Whether there is no hidden layer.</summary>
    internal static bool HasNoHidden(ParameterSet set) =>
        Of(set) is null && set.Find("network.hidden") is ParameterValue.Integers { Values.Count: 0 };

    /// <summary>The connections of a network's layers, the output layer's last.</summary>
    /// <param name="words">Its hidden layers.</param>
    /// <param name="input">What a raster of the data looks like.</param>
    /// <param name="classes">Neurons of the output layer.</param>
    /// <exception cref="ArgumentException">The layers do not fit the data.</exception>
    public static IReadOnlyList<LayerConnection> Connections(IReadOnlyList<LayerWord> words, Plane input, int classes)
    {
        List<LayerConnection> connections = [];
        return Connect(words, input, classes, connections) is { } complaint
            ? throw new ArgumentException($"{Name} ({Text(words)}) {complaint}.", nameof(words))
            : connections;
    }

    // Poolings one after another make one window over the plane below the first of them.
    private static string Over(Plane plane, int pool) => pool == 1 ? "" : $", pooled from {plane} by {pool}";

    /// <summary>Adds the connections.</summary>
    /// <returns>Why there are none, in words that go on after the list; null if all is well.</returns>
    private static string? Connect(IReadOnlyList<LayerWord> words, Plane input, int classes, List<LayerConnection> connections)
    {
        if (!words.Any(word => word is LayerWord.Convolution))
            return words.Any(word => word is LayerWord.Pooling)
                ? "has no conv layer; write network.hidden for the dense layers, and dataset.downsample to pool the input"
                : $"has dense layers alone; write network.hidden: [{string.Join(", ", words.OfType<LayerWord.Dense>().Select(d => d.Neurons))}]";
        (Plane? plane, int below, int pool) = (input, (int)input.Count, 1);
        foreach (LayerWord word in words.Append(new LayerWord.Dense(classes)))
        {
            LayerConnection connection = new(below, 1)
            {
                Below = plane,
                IsFirst = connections.Count == 0,
                Pool = pool,
            };
            switch (word)
            {
                case LayerWord.Pooling or LayerWord.Convolution when plane is null:
                    return $"has '{word}' after a dense layer, which has no plane; put the dense layers last";
                case LayerWord.Pooling pooling:
                    pool *= pooling.Window;
                    if (pool > Math.Min(plane!.Value.Height, plane.Value.Width))
                        return $"has '{word}' on a plane of {connection.Pooled}{Over(plane.Value, connection.Pool)}; take smaller windows";
                    continue;
                case LayerWord.Convolution conv:
                    connection = connection with { Convolution = conv };
                    (int height, int width) = (connection.Pooled.Height, connection.Pooled.Width);
                    if (conv.Kernel > Math.Max(height, width))
                        return $"has '{word}' on a plane of {connection.Pooled}, which is smaller than its kernel; take a smaller kernel, "
                            + "or less stride and pooling below";
                    if ((long)connection.Pooled.Channels * conv.Kernel * conv.Kernel * conv.Channels > MostWeights)
                        return $"has '{word}', which has more than {MostWeights} weights; take a smaller kernel or fewer channels";
                    if (connection.Plane is not { Height: > 0, Width: > 0 } own)
                        return $"has '{word}' on a plane of {connection.Pooled}, which is smaller than its kernel; take a smaller kernel, "
                            + "padding, or less stride and pooling below";
                    if (own.Count > MostNeurons)
                        return $"has '{word}' on a plane of {connection.Pooled}, which makes {own.Count} neurons, above {MostNeurons}; take "
                            + "more stride, fewer channels, or dataset.downsample";
                    connections.Add(connection with { Neurons = (int)own.Count });
                    (plane, below, pool) = (own, (int)own.Count, 1);
                    break;
                case LayerWord.Dense dense:
                    if (connections.Count == 0)
                        return $"starts with '{word}', after which there is no plane; put the dense layers last";
                    connections.Add(connection with { Neurons = dense.Neurons, Below = pool > 1 ? plane : null });
                    (plane, below, pool) = (null, dense.Neurons, 1);
                    break;
            }
        }
        return null;
    }
}
