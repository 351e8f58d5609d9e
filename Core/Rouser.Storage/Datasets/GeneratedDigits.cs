using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Rouser.Core;
using Rouser.Core.Data;
using Rouser.Core.Sweeps;

namespace Rouser.Storage.Datasets;

/// <summary>The <c>saccade-digits</c> of a seed.</summary>
internal sealed class GeneratedDigits(DatasetSettings settings) : IDatasetSource
{
    private const int DefaultTrain = 1_000, DefaultTest = 200;

    private readonly int _train = settings.TrainSamples ?? DefaultTrain, _test = settings.TestSamples ?? DefaultTest;
    private readonly EventBinning _binning = new(NMnistDecoder.SensorSize, NMnistDecoder.SensorSize, settings.Steps, settings.StepMilliseconds);

    public IReadOnlyList<string> Files => [];

    public string Recipe => string.Create(
        CultureInfo.InvariantCulture,
        $"saccade-digits {SaccadeDigits.Version} seed {settings.Seed} train {_train} test {_test} steps {settings.Steps} step_ms {settings.StepMilliseconds}");

    public Result<string> Digest(CancellationToken cancellation) => Digest();

    public Result<Dataset> Load(CancellationToken cancellation)
    {
        SaccadeDigits digits = new(settings.Seed);
        return Make(DatasetSplit.Train, _train).Then(train => Make(DatasetSplit.Test, _test).Then<Dataset>(test => new Dataset(
            settings.Name, Synthetic: true, Digest(), _binning.ChannelCount, DatasetCatalog.SaccadeDigits.ClassCount, settings.Steps, train, test)));

        Result<Sample[]> Make(DatasetSplit split, int count) => OrderedParallel.Map<Sample>(
            count, i => new Sample(_binning.Bin(digits.Record(split, i)).Raster, SaccadeDigits.LabelOf(i)), cancellation);
    }

    private string Digest() => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(Recipe)));
}
