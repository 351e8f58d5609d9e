namespace Rouser.Core.Snn.Fused;

/// <summary>Whether the decay of the potential has a gradient, as the backward kernel is compiled for it.</summary>
internal interface IMembrane
{
    /// <summary>It has.</summary>
    static abstract bool IsTrained { get; }
}

/// <summary>The decay stays.</summary>
internal readonly struct PlainMembrane : IMembrane
{
    /// <inheritdoc/>
    public static bool IsTrained => false;
}

/// <summary>The decay is trained: plif, leak.</summary>
internal readonly struct TrainedMembrane : IMembrane
{
    /// <inheritdoc/>
    public static bool IsTrained => true;
}
