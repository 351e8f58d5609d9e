namespace Rouser.Snn;

/// <summary>
/// A kind of <see cref="ITrainingEngine"/>: what it is called in a trial's identity, what it offers, and how one is
/// made. An engine that is not part of the program offers itself by the one public class of its assembly that
/// implements this.
/// </summary>
/// <remarks>
/// An implementation is asked from several threads at once. It has a public constructor without parameters, which
/// does nothing that can fail.
/// </remarks>
public interface ITrainingEngineFactory
{
    /// <summary>
    /// Name and version, <c>fused/1</c>, part of a trial's identity; a mistake, with the remedy, if the engine cannot
    /// train here.
    /// </summary>
    Result<string> Version { get; }

    /// <summary>
    /// What these settings ask for and the engine does not offer, in words that go on "the engine does not offer";
    /// null if it offers all.
    /// </summary>
    string? Lacks(TrainingSettings settings);

    /// <summary>
    /// The libraries that compute, with their versions, where the last bits of a result depend on them and on the
    /// processor; null for an engine whose bytes are the same everywhere.
    /// </summary>
    string? Libraries => null;

    /// <summary>An engine for a network.</summary>
    /// <param name="settings">The trial's.</param>
    /// <param name="threads">Threads that it may use, the caller's included.</param>
    /// <exception cref="NotSupportedException"><see cref="Version"/> is a mistake, or the engine <see cref="Lacks"/>
    /// something.</exception>
    ITrainingEngine Create(TrainingSettings settings, int threads);
}
