using Rouser.Data.Formats;

namespace Rouser.Data;

/// <summary>Which data, and how it is binned.</summary>
/// <param name="Name">Its name in the catalogue: <c>nmnist</c>.</param>
/// <param name="Root">The folder of a recorded set; null for a generated one. Not part of a trial's identity: the
/// data's digest is.</param>
/// <param name="Steps">T.</param>
/// <param name="StepMilliseconds">Length of a step, ms.</param>
/// <param name="TrainSamples">How many training samples to take, from the start of the set's fixed order; null for
/// all (of a generated set: 1,000).</param>
/// <param name="TestSamples">How many test samples; null for all (of a generated set: 200).</param>
/// <param name="Seed">The generator's seed; 0 for a recorded set.</param>
public sealed record DatasetSettings(
    string Name,
    string? Root,
    int Steps,
    double StepMilliseconds,
    int? TrainSamples,
    int? TestSamples,
    long Seed
)
{
    /// <summary>Columns of the sensor of a user's own recordings; other sets know theirs.</summary>
    public int Width { get; init; } = 128;

    /// <summary>Its rows.</summary>
    public int Height { get; init; } = 128;

    /// <summary>What a user's own files do not say themselves.</summary>
    public EventFileOptions Files { get; init; } = EventFileOptions.Plain;

    /// <summary>Where a user's own recordings start.</summary>
    public RecordingStart Start { get; init; }

    /// <summary>What is done to the sensor's addresses, and how steps are counted.</summary>
    public RasterOptions Raster { get; init; } = RasterOptions.Plain;

    /// <summary>How its events become rasters.</summary>
    /// <exception cref="InvalidOperationException">The catalogue has no such set.</exception>
    public EventBinning Binning() =>
        DatasetCatalog.Find(Name) switch
        {
            null => throw new InvalidOperationException($"There is no data set {Name}."),
            { Width: > 0 } known => known.Binning(Steps, StepMilliseconds, Raster),
            // An ear, of one row, has no polarity.
            _ => new(Width, Height, Steps, StepMilliseconds)
            {
                Options = Height == 1 ? Raster with { MergePolarities = true } : Raster,
            },
        };
}
