namespace Rouser.Snn.Fused;

/// <summary>A panel's neurons as the kernels take them, from the first step that they run.</summary>
internal readonly unsafe struct NeuronPanel
{
    /// <summary>
    /// Thresholds, <c>[32]</c>, or a row per step (<see cref="Snn.Thresholds.IThresholdKernel.IsPerStep"/>).
    /// </summary>
    public float* Th { get; init; }

    /// <summary>a, the decays of the current, <c>[32]</c>.</summary>
    public float* A { get; init; }

    /// <summary>b, the decays of the potential, <c>[32]</c>.</summary>
    public float* B { get; init; }

    /// <summary>
    /// g and k, <c>[32]</c> each, where inputs are normalised (<see cref="LayerNormalization"/>) or some of them dropped
    /// (<see cref="LayerDropout"/>): g z + k stands for z.
    /// </summary>
    public float* InputFactors { get; init; }

    /// <inheritdoc cref="InputFactors"/>
    public float* InputConstants { get; init; }

    /// <summary>Whether g does not follow from z, so that the backward pass multiplies by it at once.</summary>
    public bool HasConstantFactors { get; init; }

    /// <summary>z, <c>[T × 32]</c>, where it is known already; else null, and it is summed from events.</summary>
    public float* Inputs { get; init; }

    /// <summary>The surrogate's height at each step, <c>[T]</c>, where it moves.</summary>
    public float* Height { get; init; }

    /// <summary>Its factor likewise.</summary>
    public float* Factor { get; init; }

    /// <summary>The same from a later step, where thresholds come as rows.</summary>
    public NeuronPanel From(int step) =>
        this with
        {
            Th = Th + ((nint)step * WeightPanels.Width),
            Height = Height + step,
            Factor = Factor + step,
        };
}
