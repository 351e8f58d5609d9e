using Rouser.Snn.Layers;

namespace Rouser.Snn.Fused;

/// <summary>A convolution as its kernels take it; <see cref="LayerConnection"/> has the equations.</summary>
internal readonly unsafe struct ConvolutionShape(LayerConnection connection, PlaneMap map)
{
    /// <summary>Where each neuron below stands.</summary>
    public PlanePlace* Places { get; } = map.Places;

    /// <summary>Rows of outputs that see a row below.</summary>
    public PlaneReach* Rows { get; } = map.Rows;

    /// <summary>The columns likewise.</summary>
    public PlaneReach* Columns { get; } = map.Columns;

    /// <summary>Channels below.</summary>
    public int InChannels { get; } = connection.Pooled.Channels;

    /// <summary>Rows below, pooled.</summary>
    public int InHeight { get; } = connection.Pooled.Height;

    /// <summary>Columns below, pooled.</summary>
    public int InWidth { get; } = connection.Pooled.Width;

    /// <summary>Channels of the layer.</summary>
    public int Channels { get; } = connection.Convolution!.Channels;

    /// <summary>Columns of the layer.</summary>
    public int Width { get; } = connection.Plane!.Value.Width;

    /// <summary>k.</summary>
    public int Kernel { get; } = connection.Convolution.Kernel;

    /// <summary>s.</summary>
    public int Stride { get; } = connection.Convolution.Stride;

    /// <summary>q.</summary>
    public int Padding { get; } = connection.Convolution.Padding;
}
