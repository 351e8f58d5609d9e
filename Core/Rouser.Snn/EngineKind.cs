namespace Rouser.Snn;

/// <summary>
/// The implementations of <see cref="ITrainingEngine"/>. They train the same network; their results agree to
/// rounding, not to the byte.
/// </summary>
public enum EngineKind
{
    /// <summary><see cref="FusedEngine"/>: event-driven, on the processor. Every build has it.</summary>
    Fused,

    /// <summary>
    /// Dense, by the autograd of libtorch. Not part of the program: an <see cref="ITrainingEngineFactory"/> in a
    /// folder of its own.
    /// </summary>
    Torch,

    /// <summary>
    /// None: nothing is trained, and the epochs' numbers are made up. For tries of a cluster and for tests under
    /// load.
    /// </summary>
    Noop,
}
