using Rouser.Snn.Layers;

namespace Rouser.Snn.Fused;

/// <summary>
/// What a layer with a kernel has in place of a dense one's products: its drive is in memory before its neurons run, and
/// each sample sums its own ∂L/∂W, which <see cref="BatchUpdate"/> adds up in the order of the samples.
/// </summary>
internal sealed unsafe class LayerConvolution : IDisposable
{
    private readonly LayerConnection _connection;
    private readonly ConvolutionShape _shape;
    private readonly NativeBuffer<float> _gradients,
        _transposed;
    private readonly int _slots;
    private readonly nint _panel;

    /// <summary>Takes the memory.</summary>
    /// <param name="slots">Samples at once.</param>
    public LayerConvolution(LayerConnection connection, PlaneMap map, int slots)
    {
        (_connection, _slots) = (connection, slots);
        _shape = new ConvolutionShape(connection, map);
        _panel = (nint)connection.Rows * WeightPanels.Width;
        _gradients = new(_panel * WeightPanels.Count(connection.Columns) * slots);
        int taps = _shape.Kernel * _shape.Kernel;
        _transposed = new(
            connection.IsFirst ? 0 : (nint)taps * _shape.Channels * WeightPanels.Count(_shape.InChannels) * WeightPanels.Width
        );
    }

    /// <summary>∂L/∂W of all slots for a panel of the weights, <c>[slots × rows × 32]</c>.</summary>
    public float* Gradients(int panel) => _gradients.Pointer + (panel * _slots * _panel);

    /// <summary>Starts the sums of a slot.</summary>
    public void Clear(int slot)
    {
        for (int p = 0; p < WeightPanels.Count(_connection.Columns); p++)
            new Span<float>(Gradients(p) + (slot * _panel), (int)_panel).Clear();
    }

    /// <summary>Writes a layer's drive of a piece to where its potentials will be.</summary>
    public void Forward(Kernels kernels, FusedLayer layer, int slot, int steps, int idle, int* offsets, ushort* inputs)
    {
        for (int p = 0; p < layer.Panels; p++)
            new Span<float>(layer.Potentials(p, slot), steps * WeightPanels.Width).Clear();
        kernels
            .UpTo(_shape.Channels)
            .Convolution(
                _shape,
                steps,
                idle,
                offsets,
                inputs,
                layer.Weights(0).W,
                _panel,
                layer.Potentials(0, slot),
                layer.PotentialPanelStride
            );
    }

    /// <summary>Adds ∂L/∂W of a piece to the sums of its slot.</summary>
    public void AddGradient(Kernels kernels, FusedLayer layer, int slot, int steps, int idle, int* offsets, ushort* inputs) =>
        kernels
            .UpTo(_shape.Channels)
            .ConvolutionGradient(
                _shape,
                steps,
                idle,
                offsets,
                inputs,
                Gradients(0) + (slot * _panel),
                _slots * _panel,
                layer.Potentials(0, slot),
                layer.PotentialPanelStride
            );

    /// <summary>Writes ∂L/∂P of a piece, panels of <c>[steps × 32]</c>.</summary>
    public void InputGradient(Kernels kernels, FusedLayer layer, int slot, int steps, float* gP) =>
        kernels
            .UpTo(_shape.InChannels)
            .TransposedConvolution(
                _shape,
                steps,
                layer.Potentials(0, slot) + (layer.Lag * WeightPanels.Width),
                layer.PotentialPanelStride,
                _transposed.Pointer,
                gP,
                (nint)steps * WeightPanels.Width
            );

    /// <summary>Brings the transposed weights up to date for one row of the kernel.</summary>
    public void Transpose(FusedLayer layer, int i)
    {
        (int kernel, int channels) = (_shape.Kernel, _shape.Channels);
        nint lanes = (nint)WeightPanels.Count(_shape.InChannels) * WeightPanels.Width;
        float* w = layer.Weights(0).W;
        for (int j = 0; j < kernel; j++)
        {
            float* to = _transposed.Pointer + (((i * kernel) + j) * channels * lanes);
            for (int o = 0; o < channels; o++, to += lanes)
            {
                for (int c = 0; c < _shape.InChannels; c++)
                    to[c] = w[WeightPanels.Index(_connection.Rows, (((c * kernel) + i) * kernel) + j, o)];
            }
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _gradients.Dispose();
        _transposed.Dispose();
    }
}
