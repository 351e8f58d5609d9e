using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Rouser.Core;
using Rouser.Data;
using Rouser.Data.Formats;
using Rouser.Storage.Files;

namespace Rouser.Storage.Datasets;

/// <summary>A recording's file.</summary>
/// <param name="Path">Where it is.</param>
/// <param name="RelativePath">Where it is in the data set, with forward slashes: <c>Train/3/00012.bin</c>.</param>
/// <param name="Label">Its class, from 0.</param>
internal sealed record RecordingFile(string Path, string RelativePath, int Label);

/// <summary>A data set with a file for each sample: N-MNIST, and a user's own recordings.</summary>
/// <param name="name">The set's name.</param>
/// <param name="version">The decoder and its version, in words, for the digest.</param>
/// <param name="classNames">The classes in their order.</param>
/// <param name="binning">How events become rasters.</param>
/// <param name="train">The training files in their order.</param>
/// <param name="test">The test files in their order.</param>
/// <param name="maxBytes">The longest file that is read.</param>
/// <param name="decode">A file's events.</param>
internal sealed class RecordingFiles(
    string name,
    string version,
    IReadOnlyList<string> classNames,
    EventBinning binning,
    IReadOnlyList<RecordingFile> train,
    IReadOnlyList<RecordingFile> test,
    long maxBytes,
    Func<RecordingFile, Stream, Result<RecordedEvents>> decode
) : IDatasetSource
{
    /// <summary>What was passed over when the folder was listed, each as one sentence.</summary>
    public IReadOnlyList<string> Remarks { get; init; } = [];

    /// <inheritdoc cref="DatasetFindings"/>
    public bool AssumedUnit { get; init; }

    /// <inheritdoc cref="DatasetFindings"/>
    public bool StartsAsRecorded { get; init; }

    public IReadOnlyList<string> Files => [.. train.Concat(test).Select(f => f.Path)];

    public string Recipe => version + BinningText.Of(binning);

    public Result<string> Digest(Action<DatasetProgress>? watch, CancellationToken cancellation) =>
        Read<byte[]>("reading", "train", (_, bytes) => SHA256.HashData(bytes), watch, cancellation)
            .Then(first =>
                Read<byte[]>("reading", "test", (_, bytes) => SHA256.HashData(bytes), watch, cancellation)
                    .Then<string>(second => Combine(first, second))
            );

    public Result<Dataset> Load(Action<DatasetProgress>? watch, CancellationToken cancellation) =>
        Read("decoding", "train", Decode, watch, cancellation)
            .Then(first =>
                Read("decoding", "test", Decode, watch, cancellation)
                    .Then<Dataset>(second =>
                        new CheckedSet(classNames, [.. first.Select(r => r.Sample)], [.. second.Select(r => r.Sample)])
                        {
                            AssumedUnit = AssumedUnit,
                            StartsAsRecorded = StartsAsRecorded,
                            Remarks = RemarksOn(first.Concat(second)),
                        }.ToDataset(
                            name,
                            synthetic: false,
                            Combine(first.Select(r => r.Hash), second.Select(r => r.Hash)),
                            binning
                        )
                    )
            );

    /// <summary>What readers assumed, with the number of files and the first of them.</summary>
    private static IReadOnlyList<string> RemarksOn(IEnumerable<Recording> recordings) =>
        [
            .. recordings
                .Where(r => r.Remark.Length > 0)
                .GroupBy(r => r.Remark, StringComparer.Ordinal)
                .Select(g =>
                    string.Create(
                        CultureInfo.InvariantCulture,
                        $"{g.Key}, in {g.Count():N0} {(g.Count() == 1 ? "file" : "files")}, {g.First().Sample.Place} first"
                    )
                ),
        ];

    /// <summary>Reads every file once; its bytes live only until <paramref name="make"/> returns.</summary>
    private Result<T[]> Read<T>(
        string work,
        string part,
        Func<RecordingFile, byte[], Result<T>> make,
        Action<DatasetProgress>? watch,
        CancellationToken cancellation
    )
    {
        IReadOnlyList<RecordingFile> files = part == "train" ? train : test;
        return OrderedParallel.Map(
            files.Count,
            i =>
            {
                try
                {
                    long length = RegularFile.Length(files[i].Path);
                    if (length > maxBytes)
                        return new UserError(files[i].Path, $"is far longer than a recording of {name}; fetch or write it again");
                    byte[] bytes = new byte[length];
                    using (Stream stream = RegularFile.OpenRead(files[i].Path))
                        stream.ReadExactly(bytes);
                    return make(files[i], bytes);
                }
                catch (Exception e) when (DiskProblem.IsOne(e))
                {
                    return DiskProblem.ToUserError(files[i].Path, e);
                }
            },
            cancellation,
            DatasetProgress.Of(watch, $"{work} {name}, {part}", files.Count)
        );
    }

    private Result<Recording> Decode(RecordingFile file, byte[] bytes)
    {
        if (EventFormat.DescribeContent(file.Path, bytes) is { Length: > 0 } what)
            return new UserError(file.Path, what);
        using MemoryStream stream = new(bytes, writable: false);
        return decode(file, stream)
            .Then(recorded =>
                recorded.StartsAgain() is { } why ? new UserError(file.Path, why) : (Result<RecordedEvents>)recorded
            )
            .Then<Recording>(recorded => new Recording(
                CheckedSample.Of(recorded.Events, binning, file.Label, file.RelativePath),
                SHA256.HashData(bytes),
                recorded.Remark
            ));
    }

    /// <summary>
    /// The digest of the set from those of its files: one line a file, with its path and the SHA-256 of its content.
    /// </summary>
    private string Combine(IEnumerable<byte[]> first, IEnumerable<byte[]> second)
    {
        using IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        Append($"{Recipe}\n");
        foreach ((RecordingFile file, byte[] content) in train.Zip(first).Concat(test.Zip(second)))
            Append($"{file.RelativePath} {Convert.ToHexStringLower(content)}\n");
        return Convert.ToHexStringLower(hash.GetHashAndReset());

        void Append(FormattableString line) =>
            hash.AppendData(Encoding.UTF8.GetBytes(line.ToString(CultureInfo.InvariantCulture)));
    }

    private readonly record struct Recording(CheckedSample Sample, byte[] Hash, string Remark);
}
