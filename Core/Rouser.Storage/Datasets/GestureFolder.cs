using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Rouser.Core;
using Rouser.Data;
using Rouser.Data.Formats;
using Rouser.Data.Recordings;
using Rouser.Storage.Files;

namespace Rouser.Storage.Datasets;

/// <summary>
/// DVS128 Gesture in its published layout: two lists of recordings, and for each its file and its labels.
/// </summary>
/// <remarks>
/// Samples come in the order of the lists and of the labels. A sample's time starts with its label; events at its end
/// are no longer part of it.
/// </remarks>
internal sealed class GestureFolder : IDatasetSource
{
    private readonly DatasetSettings _settings;
    private readonly EventBinning _binning;
    private readonly IReadOnlyList<Recording> _train,
        _test;

    private GestureFolder(DatasetSettings settings, IReadOnlyList<Recording> train, IReadOnlyList<Recording> test)
    {
        (_settings, _train, _test) = (settings, train, test);
        _binning = DatasetCatalog.Dvs128.Binning(settings.Steps, settings.StepMilliseconds, settings.Raster);
    }

    public IReadOnlyList<string> Files => [.. _train.Concat(_test).SelectMany(r => new[] { r.Path, r.LabelPath })];

    public IReadOnlyList<string> Remarks => [];

    public string Recipe =>
        string.Create(
            CultureInfo.InvariantCulture,
            $"dvs128 {AedatDecoder.Version} train {Samples(_train)} test {Samples(_test)}"
        ) + BinningText.Of(_binning);

    /// <summary>Reads the lists and the labels, but no recording.</summary>
    public static Result<IDatasetSource> Open(DatasetSettings settings)
    {
        if (settings.Root is not { Length: > 0 } root)
            return new UserError("dataset.root", "is missing; dvs128 needs the folder that DvsGesture.tar.gz unpacks to");
        if (!Directory.Exists(root))
            return new UserError(root, "no such folder; set dataset.root to the folder that DvsGesture.tar.gz unpacks to");
        // The archive holds one folder, which a user may or may not have entered.
        if (Directory.Exists(Path.Combine(root, "DvsGesture")))
            root = Path.Combine(root, "DvsGesture");
        try
        {
            return List(root, "trials_to_train.txt", settings.TrainSamples, "dataset.train_samples")
                .Then(train =>
                    List(root, "trials_to_test.txt", settings.TestSamples, "dataset.test_samples")
                        .Then<IDatasetSource>(test =>
                            train.FirstOrDefault(r => test.Any(t => t.Name == r.Name)) is { } both
                                ? new UserError(
                                    System.IO.Path.Combine(root, "trials_to_test.txt"),
                                    $"names {both.Name}, which trials_to_train.txt names too; take it out of one of them"
                                )
                                : new GestureFolder(settings, train, test)
                        )
                );
        }
        catch (Exception e) when (DiskProblem.IsOne(e))
        {
            return DiskProblem.ToUserError(root, e);
        }
    }

    public Result<string> Digest(Action<DatasetProgress>? watch, CancellationToken cancellation) =>
        Hash(_train, "train", watch, cancellation)
            .Then(train => Hash(_test, "test", watch, cancellation).Then<string>(test => Combine(train, test)));

    public Result<Dataset> Load(Action<DatasetProgress>? watch, CancellationToken cancellation) =>
        Load(_train, "train", watch, cancellation)
            .Then(train =>
                Load(_test, "test", watch, cancellation)
                    .Then<Dataset>(test =>
                        new CheckedSet(
                            DatasetCatalog.Dvs128.ClassNames,
                            [.. train.SelectMany(t => t.Samples)],
                            [.. test.SelectMany(t => t.Samples)]
                        ).ToDataset(
                            _settings.Name,
                            synthetic: false,
                            Combine(train.Select(t => t.Hash), test.Select(t => t.Hash)),
                            _binning
                        )
                    )
            );

    private static int Samples(IReadOnlyList<Recording> recordings) => recordings.Sum(r => r.Spans.Count);

    private static Result<IReadOnlyList<Recording>> List(string root, string list, int? wanted, string wantedKey)
    {
        string listPath = Path.Combine(root, list);
        return Read(listPath, GestureLabels.ReadList)
            .Then<IReadOnlyList<Recording>>(names =>
            {
                List<Recording> recordings = [];
                int left = wanted ?? int.MaxValue;
                foreach (string name in names)
                {
                    if (left == 0)
                        break;
                    string path = Path.Combine(root, name),
                        labelPath = Path.Combine(root, Path.GetFileNameWithoutExtension(name) + "_labels.csv");
                    if (!File.Exists(path))
                        return new UserError(path, $"no such file, but {list} names it; unpack DvsGesture.tar.gz again");
                    Result<IReadOnlyList<LabelledSpan>> spans = Read(
                        labelPath,
                        (stream, place) => GestureLabels.Read(stream, place)
                    );
                    if (!spans.IsOk)
                        return Result<IReadOnlyList<Recording>>.Failed(spans.Errors);
                    recordings.Add(new(path, labelPath, name, [.. spans.Value.Take(left)]));
                    left -= recordings[^1].Spans.Count;
                }
                return wanted is not null && left > 0
                    ? new UserError(
                        listPath,
                        $"names recordings with {wanted - left} gestures, but {wantedKey} asks for {wanted}; lower it or leave "
                            + $"it out"
                    )
                    : recordings;
            });
    }

    private static Result<T> Read<T>(string path, Func<Stream, string, Result<T>> read)
    {
        if (!File.Exists(path))
            return new UserError(path, "no such file; unpack DvsGesture.tar.gz again");
        using Stream stream = RegularFile.OpenRead(path);
        return read(stream, path);
    }

    private static Result<byte[][]> Hash(
        IReadOnlyList<Recording> recordings,
        string part,
        Action<DatasetProgress>? watch,
        CancellationToken cancellation
    ) =>
        OrderedParallel.Map(
            recordings.Count,
            i => OnDisk<byte[]>(recordings[i].Path, stream => SHA256.HashData(stream)),
            cancellation,
            DatasetProgress.Of(watch, $"reading dvs128, {part}", recordings.Count)
        );

    private Result<(byte[] Hash, CheckedSample[] Samples)[]> Load(
        IReadOnlyList<Recording> recordings,
        string part,
        Action<DatasetProgress>? watch,
        CancellationToken cancellation
    ) =>
        OrderedParallel.Map(
            recordings.Count,
            i => Load(recordings[i]),
            cancellation,
            DatasetProgress.Of(watch, $"decoding dvs128, {part}", recordings.Count)
        );

    private Result<(byte[] Hash, CheckedSample[] Samples)> Load(Recording recording) =>
        OnDisk<(byte[], CheckedSample[])>(
            recording.Path,
            stream =>
            {
                byte[] hash = SHA256.HashData(stream);
                stream.Position = 0;
                return AedatDecoder
                    .Decode(stream, recording.Path)
                    .Then<(byte[], CheckedSample[])>(events =>
                    {
                        if (Outside(recording, events) is UserError wrong)
                            return wrong;
                        return (
                            hash,
                            [
                                .. recording.Spans.Select(
                                    (span, i) =>
                                        Cut(
                                            events,
                                            span,
                                            string.Create(CultureInfo.InvariantCulture, $"{recording.Name}, gesture {i + 1}")
                                        ) with
                                        {
                                            Recording = recording.Name,
                                            Group = SubjectOf(recording.Name),
                                        }
                                ),
                            ]
                        );
                    });
            }
        );

    /// <summary>The subject of <c>user01_fluorescent.aedat</c>.</summary>
    private static string SubjectOf(string name) => name.Split('_')[0];

    /// <summary>
    /// A label that lies before the first event of its recording, or after the last, is of another recording or in
    /// another unit.
    /// </summary>
    private static UserError? Outside(Recording recording, SensorEvent[] events)
    {
        (long first, long last) = (events.Min(e => e.Microseconds), events.Max(e => e.Microseconds));
        for (int i = 0; i < recording.Spans.Count; i++)
        {
            LabelledSpan span = recording.Spans[i];
            if (span.Start <= last && span.End > first)
                continue;
            return new UserError(
                recording.LabelPath,
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"places gesture {i + 1} at {span.Start:N0} to {span.End:N0} µs, outside the recording, "
                        + $"{first:N0} to {last:N0} µs; fetch both again"
                )
            );
        }
        return null;
    }

    private CheckedSample Cut(SensorEvent[] events, LabelledSpan span, string place)
    {
        List<SensorEvent> inside = [];
        foreach (ref readonly SensorEvent e in events.AsSpan())
        {
            if (e.Microseconds >= span.Start && e.Microseconds < span.End)
                inside.Add(e with { Microseconds = e.Microseconds - span.Start });
        }
        return CheckedSample.Of(
            System.Runtime.InteropServices.CollectionsMarshal.AsSpan(inside),
            _binning,
            span.Class - 1,
            place
        );
    }

    private static Result<T> OnDisk<T>(string path, Func<Stream, Result<T>> read)
    {
        try
        {
            using Stream stream = RegularFile.OpenRead(path);
            return read(stream);
        }
        catch (Exception e) when (DiskProblem.IsOne(e))
        {
            return DiskProblem.ToUserError(path, e);
        }
    }

    /// <summary>A line for each recording with the SHA-256 of its content, then one for each of its samples.</summary>
    private string Combine(IEnumerable<byte[]> train, IEnumerable<byte[]> test)
    {
        using IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        Append($"{Recipe}\n");
        foreach ((Recording recording, byte[] content) in _train.Zip(train).Concat(_test.Zip(test)))
        {
            Append($"{recording.Name} {Convert.ToHexStringLower(content)}\n");
            foreach (LabelledSpan span in recording.Spans)
                Append($"{span.Class} {span.Start} {span.End}\n");
        }
        return Convert.ToHexStringLower(hash.GetHashAndReset());

        void Append(FormattableString line) =>
            hash.AppendData(Encoding.UTF8.GetBytes(line.ToString(CultureInfo.InvariantCulture)));
    }

    private sealed record Recording(string Path, string LabelPath, string Name, IReadOnlyList<LabelledSpan> Spans);
}
