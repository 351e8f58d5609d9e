using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Rouser.Core;
using Rouser.Data;
using Rouser.Data.Findings;

namespace Rouser.Storage.Datasets;

/// <summary>A generated data set.</summary>
/// <param name="settings">Numbers of samples and binning; the seed is the generator's.</param>
/// <param name="generator">Makes the samples.</param>
internal sealed class GeneratedSet(DatasetSettings settings, IEventGenerator generator) : IDatasetSource
{
    private const int DefaultTrain = 1_000,
        DefaultTest = 200;

    private readonly int _train = settings.TrainSamples ?? DefaultTrain,
        _test = settings.TestSamples ?? DefaultTest;
    private readonly EventBinning _binning = generator.Description.Binning(
        settings.Steps,
        settings.StepMilliseconds,
        settings.Raster
    );

    public IReadOnlyList<string> Files => [];

    public IReadOnlyList<string> Remarks => [];

    public string Recipe =>
        string.Create(
            CultureInfo.InvariantCulture,
            $"{generator.Description.Name} {generator.Version} seed {settings.Seed} train {_train} test {_test}"
        ) + BinningText.Of(_binning);

    public Result<string> Digest(Action<DatasetProgress>? watch, CancellationToken cancellation) => Digest();

    public Result<Dataset> Load(Action<DatasetProgress>? watch, CancellationToken cancellation)
    {
        return Make(DatasetSplit.Train, _train, "train")
            .Then(train =>
                Make(DatasetSplit.Test, _test, "test")
                    .Then<Dataset>(test =>
                        new CheckedSet(generator.Description.ClassNames, train, test).ToDataset(
                            generator.Description.Name,
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
                DatasetProgress.Of(watch, $"generating {generator.Description.Name}, {part}", count)
            );
    }

    private string Digest() => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(Recipe)));
}
