using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Rouser.Core;
using Rouser.Data;

namespace Rouser.Storage.Datasets;

/// <summary>A generated data set.</summary>
/// <param name="settings">Numbers of samples, binning and seed.</param>
/// <param name="description">The set.</param>
/// <param name="generator">Makes the samples.</param>
internal sealed class GeneratedSet(DatasetSettings settings, DatasetDescription description, IEventGenerator generator)
    : IDatasetSource
{
    private readonly int _train = settings.TrainSamples ?? DatasetSettings.GeneratedTrainSamples,
        _test = settings.TestSamples ?? DatasetSettings.GeneratedTestSamples;
    private readonly EventBinning _binning = description.Binning(settings.Steps, settings.StepMilliseconds, settings.Raster);

    public IReadOnlyList<string> Files => [];

    public IReadOnlyList<string> Remarks => [];

    public string Recipe =>
        string.Create(
            CultureInfo.InvariantCulture,
            $"{description.Name} {generator.Version} seed {settings.Seed} train {_train} test {_test}"
        )
        + BinningText.Of(_binning)
        // Who changes a generator in a plug-in need not know of its version.
        + (DatasetCatalog.PluginOf(description.Name) is { } plugin ? $" by {plugin.Identity}" : "");

    public Result<string> Digest(Action<DatasetProgress>? watch, CancellationToken cancellation) => Digest();

    public Result<Dataset> Load(Action<DatasetProgress>? watch, CancellationToken cancellation)
    {
        return Make(DatasetSplit.Train, _train, "train")
            .Then(train =>
                Make(DatasetSplit.Test, _test, "test")
                    .Then<Dataset>(test =>
                        new CheckedSet(description.ClassNames, train, test).ToDataset(
                            description.Name,
                            synthetic: true,
                            Digest(),
                            _binning
                        )
                    )
            );

        Result<CheckedSample[]> Make(DatasetSplit split, int count, string part) =>
            OrderedParallel.Map<CheckedSample>(
                count,
                i =>
                    CheckedSample.Of(
                        generator.Record(split, i),
                        _binning,
                        generator.LabelOf(i),
                        string.Create(CultureInfo.InvariantCulture, $"{part} sample {i}")
                    ),
                cancellation,
                DatasetProgress.Of(watch, $"generating {description.Name}, {part}", count)
            );
    }

    private string Digest() => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(Recipe)));
}
