using Rouser.Core;
using Rouser.Core.Data;
using Rouser.Core.Sweeps;

namespace Rouser.Storage.Datasets;

/// <summary>Turns the data set that a trial names into samples in memory.</summary>
/// <remarks>
/// A set's digest is the SHA-256 of its recordings' paths and contents, or of the generator's version and parameters, and of the binning.
/// <see cref="Digest(DatasetSettings)"/> and <see cref="Load"/> agree on it. A relative root is taken from the current folder; resolve it before.
/// </remarks>
public static class DatasetLoader
{
    /// <summary>The digest that <see cref="Load"/> would give: reads the recordings once, generates nothing.</summary>
    public static Result<string> Digest(DatasetSettings settings) => Digest(settings, CancellationToken.None);

    /// <inheritdoc cref="Digest(DatasetSettings)"/>
    /// <exception cref="OperationCanceledException"><paramref name="cancellation"/> was signalled.</exception>
    public static Result<string> Digest(DatasetSettings settings, CancellationToken cancellation) =>
        Open(settings).Then(source => source.Digest(cancellation));

    /// <summary>Loads the samples, in parallel, in an order that does not depend on it.</summary>
    /// <returns>The set; or what is wrong with the settings, the folder or the first defective file, with its remedy.</returns>
    /// <exception cref="OperationCanceledException"><paramref name="cancellation"/> was signalled.</exception>
    public static Result<Dataset> Load(DatasetSettings settings, CancellationToken cancellation) =>
        Open(settings).Then(source => source.Load(cancellation));

    private static Result<IDatasetSource> Open(DatasetSettings settings)
    {
        ArgumentNullException.ThrowIfNull(settings);
        if (Wrong(settings) is Mistake mistake) return mistake;
        return settings.Name switch
        {
            "nmnist" => NMnistFolder.Open(settings),
            "saccade-digits" => new GeneratedDigits(settings),
            _ => new Mistake("dataset.name", $"{settings.Name} is unknown; known are {string.Join(" and ", DatasetCatalog.All.Select(d => d.Name))}"),
        };
    }

    private static Mistake? Wrong(DatasetSettings settings) => settings switch
    {
        { Steps: < 1 or > MaxSteps } => new("dataset.steps", $"({settings.Steps}) must be 1 to {MaxSteps}"),
        { StepMilliseconds: not (> 0 and < double.PositiveInfinity) } => new("dataset.step_ms", $"({settings.StepMilliseconds}) must be positive"),
        { TrainSamples: < 1 or > MaxSamples } => new(
            "dataset.train_samples", $"({settings.TrainSamples}) must be 1 to {MaxSamples}; leave it out for the default"),
        { TestSamples: < 1 or > MaxSamples } => new(
            "dataset.test_samples", $"({settings.TestSamples}) must be 1 to {MaxSamples}; leave it out for the default"),
        _ => null,
    };

    /// <summary>A raster holds an offset per step and a set a raster per sample, so that both need a bound before anything is allocated.</summary>
    private const int MaxSteps = 100_000, MaxSamples = 1_000_000;
}

/// <summary>A data set that is known to be there, but not read yet.</summary>
internal interface IDatasetSource
{
    /// <summary>The digest alone.</summary>
    Result<string> Digest(CancellationToken cancellation);

    /// <summary>The samples, with the same digest.</summary>
    Result<Dataset> Load(CancellationToken cancellation);
}
