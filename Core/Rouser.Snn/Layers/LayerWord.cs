using System.Globalization;

namespace Rouser.Snn.Layers;

/// <summary>
/// One entry of <c>network.layers</c>: <c>conv 16x5 stride 2</c>, <c>pool 2</c>, <c>dense 128</c>.
/// </summary>
public abstract record LayerWord
{
    /// <summary>The largest number that an entry can hold.</summary>
    private const int Most = 65_536;

    /// <summary>What entries look like, for mistakes and documentation.</summary>
    internal const string Forms = "conv 16x5, conv 16x5 stride 2 padding 1, pool 2 or dense 128";

    /// <summary>Reads an entry.</summary>
    /// <returns>The entry, or why it is none.</returns>
    public static (LayerWord? Word, string Complaint) Read(string text)
    {
        string[] words = text.Split(' ', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        return words switch
        {
            ["conv", var size, .. var options] => ReadConvolution(text, size, options),
            ["pool", var window] when Number(window) is >= 2 and var n => (new Pooling(n), ""),
            ["pool", ..] => (null, $"has '{text}'; pool takes the side of its windows, 2 or more: pool 2"),
            ["dense", var neurons] when Number(neurons) is >= 1 and var n => (new Dense(n), ""),
            ["dense", ..] => (null, $"has '{text}'; dense takes its neurons: dense 128"),
            _ => (null, $"has '{text}', which is no layer; write {Forms}"),
        };
    }

    private static (LayerWord?, string) ReadConvolution(string text, string size, string[] options)
    {
        string[] sides = size.Split('x');
        if (sides.Length != 2 || Number(sides[0]) is not (>= 1 and var channels) || Number(sides[1]) is not (>= 1 and var kernel))
            return (null, $"has '{text}'; conv takes its channels and the side of its kernel: conv 16x5");
        int? stride = null,
            padding = null;
        for (int k = 0; k < options.Length; k += 2)
        {
            int? value = k + 1 < options.Length ? Number(options[k + 1]) : null;
            if (options[k] == "stride" && stride is null && value >= 1)
                stride = value;
            else if (options[k] == "padding" && padding is null && value >= 0)
                padding = value;
            else
                return (null, $"has '{text}'; after its size conv takes stride 1 or more and padding 0 or more, each once");
        }
        return padding >= kernel
            ? (null, $"has '{text}', whose padding ({padding}) must be below its kernel ({kernel})")
            : (new Convolution(channels, kernel, stride ?? 1, padding ?? 0), "");
    }

    private static int? Number(string text) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int number) && number <= Most ? number : null;

    /// <summary>Neurons that share the weights of a kernel.</summary>
    /// <param name="Channels">Output channels.</param>
    /// <param name="Kernel">The side of the kernel.</param>
    /// <param name="Stride">Positions from one kernel to the next.</param>
    /// <param name="Padding">Empty positions at each side of the plane below.</param>
    public sealed record Convolution(int Channels, int Kernel, int Stride, int Padding) : LayerWord
    {
        /// <inheritdoc/>
        public override string ToString() =>
            $"conv {Channels}x{Kernel}{(Stride == 1 ? "" : $" stride {Stride}")}{(Padding == 0 ? "" : $" padding {Padding}")}";
    }

    /// <summary>Sums of spikes over windows, without neurons.</summary>
    /// <param name="Window">The side of a window.</param>
    public sealed record Pooling(int Window) : LayerWord
    {
        /// <inheritdoc/>
        public override string ToString() => $"pool {Window}";
    }

    /// <summary>Neurons that each see all below.</summary>
    /// <param name="Neurons">How many.</param>
    public sealed record Dense(int Neurons) : LayerWord
    {
        /// <inheritdoc/>
        public override string ToString() => $"dense {Neurons}";
    }
}
