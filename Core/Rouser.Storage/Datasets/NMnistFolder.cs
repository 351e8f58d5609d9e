using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Rouser.Core;
using Rouser.Core.Data;
using Rouser.Core.Sweeps;

namespace Rouser.Storage.Datasets;

/// <summary>N-MNIST in its published layout: <c>Train|Test/&lt;digit&gt;/&lt;id&gt;.bin</c>.</summary>
/// <remarks>
/// Recordings are ordered by id, then digit. Ids are MNIST's own order, in which the classes are mixed, so a prefix holds them all.
/// </remarks>
internal sealed class NMnistFolder : IDatasetSource
{
    private readonly DatasetSettings _settings;
    private readonly EventBinning _binning;
    private readonly IReadOnlyList<NMnistFile> _train, _test;

    private NMnistFolder(DatasetSettings settings, IReadOnlyList<NMnistFile> train, IReadOnlyList<NMnistFile> test)
    {
        (_settings, _train, _test) = (settings, train, test);
        _binning = new(NMnistDecoder.SensorSize, NMnistDecoder.SensorSize, settings.Steps, settings.StepMilliseconds);
    }

    public IReadOnlyList<string> Files => [.. _train.Concat(_test).Select(f => f.Path)];

    public string Recipe =>
        string.Create(CultureInfo.InvariantCulture, $"nmnist {NMnistDecoder.Version} steps {_settings.Steps} step_ms {_settings.StepMilliseconds}");

    /// <summary>Lists the folder, without reading a recording.</summary>
    public static Result<IDatasetSource> Open(DatasetSettings settings)
    {
        if (settings.Root is not { Length: > 0 } root) return new Mistake("dataset.root", "is missing; nmnist needs the folder that holds Train and Test");
        if (!Directory.Exists(root))
            return new Mistake(root, "no such folder; set dataset.root to the folder that holds N-MNIST's Train and Test");
        try
        {
            return NMnistListing.List(root, "Train", settings.TrainSamples, "dataset.train_samples").Then(train =>
                NMnistListing.List(root, "Test", settings.TestSamples, "dataset.test_samples").Then<IDatasetSource>(test =>
                    new NMnistFolder(settings, train, test)));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return new Mistake(root, $"cannot be listed: {e.Message}");
        }
    }

    public Result<string> Digest(CancellationToken cancellation) =>
        Read<byte[]>(_train, (_, bytes) => SHA256.HashData(bytes), cancellation).Then(train =>
            Read<byte[]>(_test, (_, bytes) => SHA256.HashData(bytes), cancellation).Then<string>(test => Combine(train, test)));

    public Result<Dataset> Load(CancellationToken cancellation) =>
        Read(_train, Decode, cancellation).Then(train => Read(_test, Decode, cancellation).Then<Dataset>(test => new Dataset(
            _settings.Name, Synthetic: false, Combine(train.Select(r => r.Hash), test.Select(r => r.Hash)),
            _binning.ChannelCount, DatasetCatalog.NMnist.ClassCount, _settings.Steps,
            [.. train.Select(r => r.Sample)], [.. test.Select(r => r.Sample)])));

    /// <summary>Reads every file once; its bytes live only until <paramref name="make"/> returns.</summary>
    private static Result<T[]> Read<T>(IReadOnlyList<NMnistFile> files, Func<NMnistFile, byte[], Result<T>> make, CancellationToken cancellation) =>
        OrderedParallel.Map(files.Count, i =>
        {
            try
            {
                if (new FileInfo(files[i].Path).Length > (long)NMnistDecoder.MaxRecords * NMnistDecoder.RecordBytes)
                    return new Mistake(files[i].Path, "is far longer than an N-MNIST recording; fetch it again");
                return make(files[i], File.ReadAllBytes(files[i].Path));
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                return new Mistake(files[i].Path, $"cannot be read: {e.Message}");
            }
        }, cancellation);

    private Result<Recording> Decode(NMnistFile file, byte[] bytes)
    {
        using MemoryStream stream = new(bytes, writable: false);
        return NMnistDecoder.Decode(stream, file.Path).Then<Recording>(events =>
            new Recording(new Sample(_binning.Bin(events).Raster, file.Digit), SHA256.HashData(bytes)));
    }

    /// <summary>The digest of the set from those of its files: one line a file, with its path and the SHA-256 of its content.</summary>
    private string Combine(IEnumerable<byte[]> train, IEnumerable<byte[]> test)
    {
        using IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        Append($"{Recipe}\n");
        foreach ((NMnistFile file, byte[] content) in _train.Zip(train).Concat(_test.Zip(test)))
            Append($"{file.RelativePath} {Convert.ToHexStringLower(content)}\n");
        return Convert.ToHexStringLower(hash.GetHashAndReset());

        void Append(FormattableString line) => hash.AppendData(Encoding.UTF8.GetBytes(line.ToString(CultureInfo.InvariantCulture)));
    }

    private readonly record struct Recording(Sample Sample, byte[] Hash);
}
