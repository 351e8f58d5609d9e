using Rouser.Data.Splits;

namespace Rouser.Data;

/// <summary>A data set in memory, binned to steps. Immutable and shared by all trials of a process.</summary>
/// <param name="Name">Its name in the sweep file: <c>nmnist</c>, <c>saccade-digits</c>.</param>
/// <param name="Synthetic">Whether a generator made it; every output that rests on it then says "synthetic".</param>
/// <param name="Digest">SHA-256 (hex) of the recordings or of the generator's version and parameters, and of the
/// binning.</param>
/// <param name="InputCount">N, the neurons of the input raster.</param>
/// <param name="ClassCount">The number of classes.</param>
/// <param name="StepCount">T, the steps of every sample.</param>
/// <param name="Train">The training samples, in a fixed order.</param>
/// <param name="Test">The test samples, in a fixed order.</param>
public sealed record Dataset(
    string Name,
    bool Synthetic,
    string Digest,
    int InputCount,
    int ClassCount,
    int StepCount,
    IReadOnlyList<Sample> Train,
    IReadOnlyList<Sample> Test
)
{
    /// <summary>
    /// What was seen of the recordings when they were read; null where that is not known, as of a packed set that
    /// came from elsewhere.
    /// </summary>
    public DatasetFindings? Findings { get; init; }

    /// <summary>
    /// The validation samples, in a fixed order; none until <see cref="DatasetParts.WithValidation"/> takes them from
    /// <see cref="Train"/>.
    /// </summary>
    public IReadOnlyList<Sample> Validation { get; init; } = [];

    /// <summary>Where the training samples are from, one each; empty for a generated set.</summary>
    public IReadOnlyList<SampleOrigin> TrainOrigins { get; init; } = [];
}
