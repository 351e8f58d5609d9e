namespace Rouser.Core.Snn;

/// <summary>The numbers that weights and states are rounded to.</summary>
public enum Quantization
{
    /// <summary>Floating-point numbers as they are.</summary>
    None,

    /// <summary>The fixed-point numbers of SLAYER 2.0, which are Loihi's; <see cref="Reference.LavaFixedPoint"/> has the equations.</summary>
    Lava,
}
