namespace Rouser.Core.Snn.Fused;

/// <summary>
/// What a threshold does within a sample and how the surrogate sees it, as the kernels are compiled for it. The members are constants of a compilation: what is false
/// costs nothing.
/// </summary>
internal interface IThresholdPath
{
    /// <summary>Thresholds come as a row per step, <c>[T × 32]</c>, and the surrogate's height and factor as one number each, <c>[T]</c>.</summary>
    static virtual bool PerStep => false;

    /// <summary>Each neuron adds to its threshold what it remembers of its own spikes.</summary>
    static virtual bool Adapts => false;

    /// <summary>The surrogate sees V/Th − 1, else V − Th.</summary>
    static virtual bool IsRelative => false;
}

/// <summary>A threshold that stands still within a batch.</summary>
internal readonly struct ConstantThreshold : IThresholdPath;

/// <summary>A threshold that stands still and is the unit of the surrogate's width: diet, trsg.</summary>
internal readonly struct RelativeThreshold : IThresholdPath
{
    /// <inheritdoc/>
    public static bool IsRelative => true;
}

/// <summary>One threshold and one surrogate for a whole layer at each step: ds_atgo.</summary>
internal readonly struct SteppedThreshold : IThresholdPath
{
    /// <inheritdoc/>
    public static bool PerStep => true;
}

/// <summary>A threshold that a neuron's own spikes raise: adaptive.</summary>
internal readonly struct AdaptingThreshold : IThresholdPath
{
    /// <inheritdoc/>
    public static bool Adapts => true;
}
