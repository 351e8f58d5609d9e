using System.Globalization;
using Rouser.Core;
using Rouser.Data;
using Rouser.Data.Formats;
using Rouser.Storage.Files;

namespace Rouser.Storage.Datasets;

/// <summary>MNIST as published, four files, each image recorded by <see cref="MnistSaccades"/>.</summary>
/// <param name="settings">Numbers of samples, binning and seed.</param>
/// <param name="train">Images and labels to train on.</param>
/// <param name="test">Images and labels to test on.</param>
internal sealed class MnistFolder(DatasetSettings settings, MnistFolder.Part train, MnistFolder.Part test) : IDatasetSource
{
    private static readonly DatasetDescription Set = MnistSaccades.Description;

    private readonly EventBinning _binning = Set.Binning(settings.Steps, settings.StepMilliseconds, settings.Raster);

    public IReadOnlyList<string> Files => [train.Images, train.Labels, test.Images, test.Labels];

    public IReadOnlyList<string> Remarks => [];

    public string Recipe =>
        string.Create(
            CultureInfo.InvariantCulture,
            $"{Set.Name} {MnistSaccades.Version} idx {IdxFile.Version} seed {settings.Seed} train {Count(settings.TrainSamples)} test "
                + $"{Count(settings.TestSamples)}"
        ) + BinningText.Of(_binning);

    /// <summary>Finds the files, without reading them.</summary>
    public static Result<IDatasetSource> Open(DatasetSettings settings)
    {
        if (settings.Root is not { Length: > 0 } root)
            return new UserError("dataset.root", $"is missing; {Set.Name} needs the folder that holds MNIST's four files");
        if (!Directory.Exists(root))
            return new UserError(root, "no such folder; set dataset.root to the folder that holds MNIST's four files");
        return Part.Find(root, "train")
            .Then(train => Part.Find(root, "t10k").Then<IDatasetSource>(test => new MnistFolder(settings, train, test)));
    }

    public Result<string> Digest(Action<DatasetProgress>? watch, CancellationToken cancellation) =>
        FileDigest.Of(this, Set.Name, watch, cancellation);

    public Result<Dataset> Load(Action<DatasetProgress>? watch, CancellationToken cancellation)
    {
        MnistSaccades camera = new(settings.Seed);
        return Digest(watch, cancellation)
            .Then(digest =>
                Record(DatasetSplit.Train, train, settings.TrainSamples)
                    .Then(first =>
                        Record(DatasetSplit.Test, test, settings.TestSamples)
                            .Then<Dataset>(second =>
                                new CheckedSet(Set.ClassNames, first, second).ToDataset(
                                    Set.Name,
                                    synthetic: true,
                                    digest,
                                    _binning
                                )
                            )
                    )
            );

        Result<CheckedSample[]> Record(DatasetSplit split, Part part, int? wanted) =>
            part.Read(wanted)
                .Then(read =>
                    OrderedParallel.Map<CheckedSample>(
                        read.Images.Length,
                        i =>
                            CheckedSample.Of(
                                camera.Record(read.Images[i], split, i),
                                _binning,
                                read.Labels[i],
                                string.Create(CultureInfo.InvariantCulture, $"{Path.GetFileName(part.Images)} image {i}")
                            ),
                        cancellation,
                        DatasetProgress.Of(watch, $"recording {Set.Name}, {part.Name}", read.Images.Length)
                    )
                );
    }

    private static string Count(int? samples) => samples?.ToString(CultureInfo.InvariantCulture) ?? "all";

    /// <summary>The two files of a split.</summary>
    /// <param name="Name">How their names begin: <c>train</c>.</param>
    /// <param name="Images">The path of the images.</param>
    /// <param name="Labels">The path of their labels.</param>
    internal sealed record Part(string Name, string Images, string Labels)
    {
        public static Result<Part> Find(string root, string name)
        {
            string images = $"{name}-images-idx3-ubyte",
                labels = $"{name}-labels-idx1-ubyte";
            return Path(root, images) is not { } imagesPath ? Missing(root, images)
                : Path(root, labels) is not { } labelsPath ? Missing(root, labels)
                : new Part(name, imagesPath, labelsPath);
        }

        /// <summary>The file of that name, plain or packed; null if neither is there.</summary>
        public static string? Path(string root, string name) =>
            new[] { name, name + ".gz" }.Select(file => System.IO.Path.Combine(root, file)).FirstOrDefault(File.Exists);

        public Result<(byte[][] Images, byte[] Labels)> Read(int? wanted) =>
            RegularFile
                .Read(Images, stream => IdxFile.Images(stream, Images, wanted))
                .Then(images =>
                    RegularFile
                        .Read(Labels, stream => IdxFile.Labels(stream, Labels, Set.ClassCount, wanted))
                        .Then<(byte[][], byte[])>(labels =>
                            labels.Length == images.Length
                                ? (images, labels)
                                : new UserError(
                                    Labels,
                                    string.Create(
                                        CultureInfo.InvariantCulture,
                                        $"holds {labels.Length} labels for {images.Length} images; fetch both files again"
                                    )
                                )
                        )
                );

        private static UserError Missing(string root, string file) =>
            new(
                System.IO.Path.Combine(root, file),
                "no such file, with or without .gz; MNIST has four files, which lie together"
            );
    }
}
