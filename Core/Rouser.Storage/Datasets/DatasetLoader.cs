using Rouser.Core;
using Rouser.Data;

namespace Rouser.Storage.Datasets;

/// <summary>
/// Turns the data set that a trial names into samples: reads or generates it, or opens it where it was packed before.
/// </summary>
/// <remarks>
/// A set's digest is the SHA-256 of its recordings' paths and contents, or of the generator's version and parameters,
/// and of the binning. All methods agree on it. A relative root is taken from the current folder; resolve it before.
/// </remarks>
public static class DatasetLoader
{
    /// <summary>
    /// The digest that <see cref="Load(DatasetSettings, CancellationToken)"/> would give: reads the recordings once,
    /// generates nothing.
    /// </summary>
    public static Result<string> Digest(DatasetSettings settings) =>
        Open(settings).Then(source => source.Digest(null, CancellationToken.None));

    /// <summary>The same, without reading recordings whose digest is remembered.</summary>
    /// <param name="settings">The set.</param>
    /// <param name="packed">Remembers digests.</param>
    /// <param name="cancellation">Stops between recordings.</param>
    /// <param name="watch">Takes how far it is, after each recording and from any thread.</param>
    /// <exception cref="OperationCanceledException"><paramref name="cancellation"/> was signalled.</exception>
    public static Result<string> Digest(
        DatasetSettings settings,
        PackedDatasets packed,
        CancellationToken cancellation,
        Action<DatasetProgress>? watch = null
    )
    {
        ArgumentNullException.ThrowIfNull(packed);
        return Open(settings)
            .Then(source =>
            {
                string? stamp = Stamp(source);
                if (packed.Digests.Find(stamp) is { } known)
                    return known;
                Result<string> digest = source.Digest(watch, cancellation);
                if (digest.IsOk)
                    Remember(packed, source, stamp, digest.Value);
                return digest;
            });
    }

    /// <summary>
    /// Loads the samples into memory, in parallel, in an order that does not depend on it, and refuses a set whose
    /// <see cref="DatasetFindings"/> do.
    /// </summary>
    /// <returns>The set; or what is wrong with the settings, the folder or the first defective file, with its
    /// remedy.</returns>
    /// <exception cref="OperationCanceledException"><paramref name="cancellation"/> was signalled.</exception>
    public static Result<Dataset> Load(DatasetSettings settings, CancellationToken cancellation) =>
        Open(settings).Then(source => Read(source, null, cancellation)).Then(set => Accept(settings, set));

    /// <summary>
    /// Opens the packed set; makes and packs it where there is none, or a damaged one. Where that cannot be written
    /// it stays in memory.
    /// </summary>
    /// <param name="settings">The set.</param>
    /// <param name="packed">Where packed sets lie.</param>
    /// <param name="cancellation">Stops between recordings.</param>
    /// <param name="watch">Takes how far it is, after each recording or sample and from any thread.</param>
    /// <inheritdoc cref="Load(DatasetSettings, CancellationToken)"/>
    public static Result<Dataset> Load(
        DatasetSettings settings,
        PackedDatasets packed,
        CancellationToken cancellation,
        Action<DatasetProgress>? watch = null
    ) => Look(settings, packed, cancellation, watch).Then(set => Accept(settings, set));

    /// <summary>
    /// The same for whoever wants to look at a set, be it as it may: <see cref="DatasetFindings.Refusal"/> is not
    /// asked.
    /// </summary>
    /// <inheritdoc cref="Load(DatasetSettings, PackedDatasets, CancellationToken, Action{DatasetProgress})"/>
    public static Result<Dataset> Look(
        DatasetSettings settings,
        PackedDatasets packed,
        CancellationToken cancellation,
        Action<DatasetProgress>? watch = null
    )
    {
        ArgumentNullException.ThrowIfNull(packed);
        return Open(settings)
            .Then(source =>
            {
                string? stamp = Stamp(source);
                string? known = source.Files.Count == 0 ? source.Digest(watch, cancellation).Value : packed.Digests.Find(stamp);
                if (known is not null && packed.Open(known) is { IsOk: true } there)
                {
                    // Of a generated set nothing has to be known; recordings that nobody looked at yet are read again.
                    if (packed.Findings(known) is { } findings)
                        return there.Value with { Findings = WithRemarks(findings, source) };
                    if (source.Files.Count == 0)
                        return there;
                }
                return source
                    .Load(watch, cancellation)
                    .Then<Dataset>(made =>
                    {
                        Remember(packed, source, stamp, made.Digest);
                        Dataset kept = packed.Add(made, watch) is { IsOk: true } opened ? opened.Value : made;
                        return kept with { Findings = WithRemarks(made.Findings, source) };
                    });
            });
    }

    private static Result<Dataset> Read(IDatasetSource source, Action<DatasetProgress>? watch, CancellationToken cancellation) =>
        source.Load(watch, cancellation).Then<Dataset>(made => made with { Findings = WithRemarks(made.Findings, source) });

    /// <summary>What was passed over in the folder is no part of what was read, and is listed anew.</summary>
    private static DatasetFindings? WithRemarks(DatasetFindings? findings, IDatasetSource source) =>
        findings is null || source.Remarks.Count == 0
            ? findings
            : findings with
            {
                Remarks = [.. findings.Remarks, .. source.Remarks],
            };

    private static Result<Dataset> Accept(DatasetSettings settings, Dataset set) =>
        !set.Synthetic && set.Findings?.Refusal(settings.Root ?? settings.Name) is { } refusal
            ? refusal
            // Divided only where it is trained on: all trials on a set share it whole.
            : set.WithValidation(settings).Then<Dataset>(_ => set);

    private static void Remember(PackedDatasets packed, IDatasetSource source, string? stamp, string digest)
    {
        // A file that changed while it was read leaves it open which state the digest is of.
        if (stamp == Stamp(source))
            packed.Digests.Keep(stamp, digest);
    }

    private static string? Stamp(IDatasetSource source) =>
        source.Files.Count == 0 ? null : DigestMemo.Stamp(source.Recipe, source.Files);

    private static Result<IDatasetSource> Open(DatasetSettings settings)
    {
        ArgumentNullException.ThrowIfNull(settings);
        if (Wrong(settings) is UserError error)
            return error;
        if (DatasetCatalog.Find(settings.Name) is not { } description)
        {
            return new UserError(
                "dataset.name",
                $"{settings.Name} is unknown; known are {string.Join(", ", DatasetCatalog.All.Select(d => d.Name))}"
            );
        }
        return description.Generator is { } generator
            ? new GeneratedSet(settings, description, generator(settings.Seed))
            : Recorded[settings.Name](settings);
    }

    /// <summary>How recorded sets are found in their folders: a new one is its reader and a line here.</summary>
    private static readonly Dictionary<string, Func<DatasetSettings, Result<IDatasetSource>>> Recorded = new(
        StringComparer.Ordinal
    )
    {
        [DatasetCatalog.NMnist.Name] = NMnistListing.Open,
        [MnistSaccades.Description.Name] = MnistFolder.Open,
        [DatasetCatalog.Dvs128.Name] = GestureFolder.Open,
        [DatasetCatalog.Shd.Name] = SpeechFolder.Open,
        [DatasetCatalog.Events.Name] = OwnRecordings.Open,
    };

    private static UserError? Wrong(DatasetSettings settings) =>
        settings switch
        {
            { Raster: { Crop: < 0 } or { Downsample: < 1 } or { MinEvents: < 1 } or { EventsPerStep: < 0 } } => new(
                "dataset",
                "has a raster that cannot be"
            ),
            { Name: not "events", Split: not null } => new(
                "dataset.split",
                $"divides your own recordings (dataset.name: events); {settings.Name} says itself what its test set is, so leave it out"
            ),
            { Name: "events", Width: < 1 or > SpikeRaster.MaxNeurons }
            or { Name: "events", Height: < 1 or > SpikeRaster.MaxNeurons } => new(
                "dataset.width",
                $"and height ({settings.Width}×{settings.Height}) must be 1 to {SpikeRaster.MaxNeurons}"
            ),
            _ when Inputs(settings) is < 1 => new(
                "dataset.crop",
                $"({settings.Raster.Crop}) leaves nothing of the sensor; lower it"
            ),
            _ when Inputs(settings) is > SpikeRaster.MaxNeurons and { } inputs => new(
                "dataset.downsample",
                $"({settings.Raster.Downsample}) leaves {inputs:N0} inputs, more than the {SpikeRaster.MaxNeurons:N0} of a "
                    + $"raster; raise it, or crop"
            ),
            { Steps: < 1 or > DatasetSettings.MaxSteps } => new(
                "dataset.steps",
                $"({settings.Steps}) must be 1 to {DatasetSettings.MaxSteps}"
            ),
            { StepMilliseconds: not (> 0 and < double.PositiveInfinity) } => new(
                "dataset.step_ms",
                $"({settings.StepMilliseconds}) must be positive"
            ),
            { TrainSamples: < 1 or > DatasetSettings.MaxSamples } => new(
                "dataset.train_samples",
                $"({settings.TrainSamples}) must be 1 to {DatasetSettings.MaxSamples}; leave it out for the default"
            ),
            { TestSamples: < 1 or > DatasetSettings.MaxSamples } => new(
                "dataset.test_samples",
                $"({settings.TestSamples}) must be 1 to {DatasetSettings.MaxSamples}; leave it out for the default"
            ),
            _ => null,
        };

    private static long? Inputs(DatasetSettings settings)
    {
        if (DatasetCatalog.Find(settings.Name) is not { } known)
            return null;
        (int width, int height) = known.Width > 0 ? (known.Width, known.Height) : (settings.Width, settings.Height);
        long columns = settings.Raster.SizeOf(width),
            rows = height == 1 ? 1 : settings.Raster.SizeOf(height);
        // An ear has no polarity, whoever recorded with it.
        return columns < 1 || rows < 1
            ? 0
            : columns * rows * (known.Polar && height > 1 && !settings.Raster.MergePolarities ? 2 : 1);
    }
}

/// <summary>A data set that is known to be there, but not read yet.</summary>
internal interface IDatasetSource
{
    /// <summary>The files that the digest comes from; none for a generator, whose digest costs nothing.</summary>
    IReadOnlyList<string> Files { get; }

    /// <summary>What else the digest comes from, in words.</summary>
    string Recipe { get; }

    /// <summary>What was passed over when the set was listed, each as one sentence.</summary>
    IReadOnlyList<string> Remarks { get; }

    /// <summary>The digest alone.</summary>
    Result<string> Digest(Action<DatasetProgress>? watch, CancellationToken cancellation);

    /// <summary>The samples, with the same digest.</summary>
    Result<Dataset> Load(Action<DatasetProgress>? watch, CancellationToken cancellation);
}
