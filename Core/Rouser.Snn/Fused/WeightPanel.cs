namespace Rouser.Snn.Fused;

/// <summary>One panel of a layer's weights and what belongs to them.</summary>
internal readonly unsafe struct WeightPanel
{
    /// <summary>The effective weights, <c>[in × 32]</c>.</summary>
    public float* W { get; init; }

    /// <summary>The weights before they are rounded, <c>[in × 32]</c>; null if they are not.</summary>
    public float* Unrounded { get; init; }

    /// <summary>
    /// The optimiser's first moment of the weights, or of the direction if they are normalised, <c>[in × 32]</c>.
    /// </summary>
    public float* M { get; init; }

    /// <summary>The second moment of the same, <c>[in × 32]</c>.</summary>
    public float* V { get; init; }

    /// <summary>Where the gradient is written down, <c>[in × 32]</c>; null if it never is.</summary>
    public float* Gradient { get; init; }

    /// <summary>
    /// Normalised weights: the direction v, <c>[in × 32]</c>, else null. Their gradient is written down for
    /// <see cref="NormalizationKernel"/>.
    /// </summary>
    public float* Direction { get; init; }

    /// <summary>Normalised weights: the length g, <c>[32]</c>.</summary>
    public float* Length { get; init; }

    /// <summary>The first moment of the length, <c>[32]</c>.</summary>
    public float* LengthM { get; init; }

    /// <summary>The second moment of the length, <c>[32]</c>.</summary>
    public float* LengthV { get; init; }

    /// <summary>Whether the weights are normalised.</summary>
    public bool Normalized => Direction is not null;

    /// <summary>
    /// The gradient of the first so many rows has a factor that the rows of ∂L/∂I are without
    /// (<see cref="FusedLayer.SeparateFactor"/>).
    /// </summary>
    public int SeparateRows { get; init; }

    /// <summary>That factor.</summary>
    public float SeparateFactor { get; init; }

    /// <summary>Whether the gradient is written down first, and the update a pass of its own.</summary>
    public bool UpdatesLater { get; init; }
}
