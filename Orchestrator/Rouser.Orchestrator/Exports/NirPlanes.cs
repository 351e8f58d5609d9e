using PureHDF;
using Rouser.Data;
using Rouser.Snn.Layers;

namespace Rouser.Orchestrator.Exports;

/// <summary>
/// Layers with planes as NIR has them: by channel, row and column, where ours are by row, column and channel.
/// </summary>
internal static class NirPlanes
{
    /// <summary>Numbers of a layer's neurons, <c>[C × H × W]</c> where they are a plane, else <c>[N]</c>.</summary>
    public static Array Shaped(double[] values, Plane? plane)
    {
        if (plane is not { } p)
            return values;
        double[,,] shaped = new double[p.Channels, p.Height, p.Width];
        for (int n = 0; n < values.Length; n++)
            shaped[n % p.Channels, n / p.Channels / p.Width, n / p.Channels % p.Width] = values[n];
        return shaped;
    }

    /// <summary>The shape of neurons or inputs.</summary>
    public static long[] Shape(int count, Plane? plane) => plane is { } p ? [p.Channels, p.Height, p.Width] : [count];

    /// <summary>Sums over windows.</summary>
    public static H5Group Pooling(int window) =>
        new()
        {
            ["type"] = "SumPool2d",
            ["kernel_size"] = new long[] { window, window },
            ["stride"] = new long[] { window, window },
            ["padding"] = new long[2],
        };

    /// <summary>The kernel of a layer, <c>[out × in × k × k]</c>.</summary>
    public static H5Group Convolution(LayerConnection connection, float[] weights)
    {
        (LayerWord.Convolution conv, int inputs) = (connection.Convolution!, connection.Pooled.Channels);
        (int k, int channels) = (conv.Kernel, conv.Channels);
        float[,,,] shaped = new float[channels, inputs, k, k];
        for (int n = 0; n < weights.Length; n++)
        {
            (int row, int o) = Math.DivRem(n, channels);
            shaped[o, row / (k * k), row / k % k, row % k] = weights[n];
        }
        return new()
        {
            ["type"] = "Conv2d",
            ["input_shape"] = new long[] { connection.Pooled.Height, connection.Pooled.Width },
            ["weight"] = shaped,
            ["bias"] = new float[channels],
            ["stride"] = new long[] { conv.Stride, conv.Stride },
            ["padding"] = new long[] { conv.Padding, conv.Padding },
            ["dilation"] = new long[] { 1, 1 },
            ["groups"] = 1L,
        };
    }

    /// <summary>A plane as a list, for a dense layer; NIR counts no dimension of the batch.</summary>
    public static H5Group Flatten(Plane plane) =>
        new()
        {
            ["type"] = "Flatten",
            ["input_type"] = Shape(0, plane),
            ["start_dim"] = 0L,
            ["end_dim"] = -1L,
        };

    /// <summary>Rows of a dense layer's weights, <c>[in × out]</c>, in the order that <see cref="Flatten"/> makes.</summary>
    public static float[] Flattened(float[] weights, Plane plane, int neurons)
    {
        float[] ordered = new float[weights.Length];
        int positions = plane.Height * plane.Width;
        for (int n = 0; n < weights.Length / neurons; n++)
        {
            int to = (n % plane.Channels * positions) + (n / plane.Channels);
            weights.AsSpan(n * neurons, neurons).CopyTo(ordered.AsSpan(to * neurons));
        }
        return ordered;
    }
}
