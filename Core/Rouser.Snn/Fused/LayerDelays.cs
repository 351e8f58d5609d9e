namespace Rouser.Snn.Fused;

/// <summary>What a layer has of <see cref="Connections.SpikeDelays"/>: trained numbers beside its weights.</summary>
internal abstract class LayerDelays : IDisposable
{
    /// <summary>What a checkpoint keeps.</summary>
    public abstract IEnumerable<LayerTensor> Tensors { get; }

    /// <summary>Whether all are finite.</summary>
    public abstract bool IsFinite { get; }

    /// <summary>Takes the gradient of the next update, in the order of the delays as they lie in memory.</summary>
    /// <returns>Its squared norm.</returns>
    public abstract double TakeGradient(ReadOnlySpan<float> gradient);

    /// <summary>Moves the delays against the gradient that was taken.</summary>
    public abstract void Update(UpdateStep step);

    /// <summary>Makes whole steps of the delays.</summary>
    public abstract void Spread();

    /// <inheritdoc/>
    public abstract void Dispose();
}
