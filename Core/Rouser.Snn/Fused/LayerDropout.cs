using Rouser.Snn.Regularizers;

namespace Rouser.Snn.Fused;

/// <summary>
/// Which neurons of a layer the layer above hears (<see cref="Dropout"/>), a bit per neuron, for each of the samples
/// that are worked on at once. Without dropout it hears all of them.
/// </summary>
internal sealed unsafe class LayerDropout : IDisposable
{
    private readonly Dropout? _dropout;
    private readonly ulong _key;
    private readonly int _panels;
    private readonly NativeBuffer<uint> _kept;

    /// <summary>All are heard.</summary>
    /// <param name="settings">The trial's.</param>
    /// <param name="number">The layer, from 1.</param>
    /// <param name="panels">Panels that its neurons take.</param>
    /// <param name="slots">Samples at once.</param>
    public LayerDropout(TrainingSettings settings, int number, int panels, int slots)
    {
        _dropout = number < settings.LayerSizes.Count ? settings.Dropout : null;
        (_key, _panels) = (_dropout is null ? 0 : Dropout.Key(settings.Seed, number), panels);
        _kept = new NativeBuffer<uint>((nint)slots * panels);
        _kept.Span.Fill(uint.MaxValue);
    }

    /// <summary>Whether some are not heard in training.</summary>
    public bool IsOn => _dropout is not null;

    /// <summary>The bits of a slot, <c>[panels]</c>.</summary>
    public uint* Kept(int slot) => _kept.Pointer + ((nint)slot * _panels);

    /// <summary>Draws for a sample of a batch that trains.</summary>
    /// <param name="slot">Its slot.</param>
    /// <param name="sample">Its place in the batch.</param>
    /// <param name="update">The number of the update that it is part of.</param>
    public void Draw(int slot, int sample, long update)
    {
        if (_dropout is null)
            return;
        uint* kept = Kept(slot);
        for (int p = 0; p < _panels; p++)
        {
            uint word = 0;
            for (int i = 0; i < WeightPanels.Width; i++)
                word |= (_dropout.Keeps(_key, update, sample, (p * WeightPanels.Width) + i) ? 1u : 0) << i;
            kept[p] = word;
        }
    }

    /// <summary>Has all be heard again.</summary>
    public void KeepAll(int slot)
    {
        if (_dropout is not null)
            new Span<uint>(Kept(slot), _panels).Fill(uint.MaxValue);
    }

    /// <inheritdoc/>
    public void Dispose() => _kept.Dispose();
}
