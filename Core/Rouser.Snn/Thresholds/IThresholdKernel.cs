using Rouser.Snn.Fused;

namespace Rouser.Snn.Thresholds;

/// <summary>
/// What a threshold does within a sample and how the surrogate sees it, as the fused engine's kernels are compiled
/// for it. The flags are constants of a compilation: what is false costs nothing. Most rules move thresholds between
/// batches only; they take <see cref="ConstantThreshold"/>.
/// </summary>
internal interface IThresholdKernel
{
    /// <summary>
    /// Thresholds come as a row per step, <c>[T × 32]</c>, and the surrogate's height and factor as one number each,
    /// <c>[T]</c>.
    /// </summary>
    static virtual bool IsPerStep => false;

    /// <summary>The surrogate sees V/Th − 1, else V − Th.</summary>
    static virtual bool IsRelative => false;

    /// <summary>
    /// Each neuron keeps a number A from step to step, 0 before the first, that its threshold depends on.
    /// </summary>
    static virtual bool HasState => false;

    /// <summary>Th[t] from the layer's threshold and A[t].</summary>
    static virtual TV Threshold<TS, TV>(in ThresholdConstants<TV> c, TV init, TV state)
        where TS : ISimd<TV>
        where TV : unmanaged => init;

    /// <summary>A[t+1] from A[t] and the mask of S[t].</summary>
    static virtual TV Next<TS, TV>(in ThresholdConstants<TV> c, TV state, TV spike)
        where TS : ISimd<TV>
        where TV : unmanaged => state;

    /// <summary>∂L/∂S[t] with what comes back through A[t+1].</summary>
    static virtual TV SpikeGradient<TS, TV>(in ThresholdConstants<TV> c, TV gStateNext, TV gS)
        where TS : ISimd<TV>
        where TV : unmanaged => gS;

    /// <summary>∂L/∂A[t] from ∂L/∂A[t+1] and −∂L/∂Th[t].</summary>
    static virtual TV StateGradient<TS, TV>(in ThresholdConstants<TV> c, TV gStateNext, TV minusGTh)
        where TS : ISimd<TV>
        where TV : unmanaged => gStateNext;
}

/// <summary>A threshold that stays the same within a batch.</summary>
internal readonly struct ConstantThreshold : IThresholdKernel;

/// <summary>
/// A threshold that stays the same within a batch and is the unit of the surrogate's width: diet, trsg.
/// </summary>
internal readonly struct RelativeThreshold : IThresholdKernel
{
    /// <inheritdoc/>
    public static bool IsRelative => true;
}

/// <summary>Up to three numbers that a rule's kernel works with; the rule says what they are.</summary>
internal readonly record struct ThresholdConstants(float A, float B, float C);

/// <summary>The same, in every lane of a vector.</summary>
internal readonly struct ThresholdConstants<TV>(TV a, TV b, TV c)
    where TV : unmanaged
{
    /// <summary><see cref="ThresholdConstants.A"/>.</summary>
    public readonly TV A = a;

    /// <summary><see cref="ThresholdConstants.B"/>.</summary>
    public readonly TV B = b;

    /// <summary><see cref="ThresholdConstants.C"/>.</summary>
    public readonly TV C = c;

    /// <summary>Fills the lanes.</summary>
    public static ThresholdConstants<TV> From<TS>(ThresholdConstants constants)
        where TS : ISimd<TV> => new(TS.Broadcast(constants.A), TS.Broadcast(constants.B), TS.Broadcast(constants.C));
}
