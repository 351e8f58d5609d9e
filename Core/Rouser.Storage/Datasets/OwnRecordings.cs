using System.Globalization;
using Rouser.Core;
using Rouser.Data;
using Rouser.Data.Formats;
using Rouser.Storage.Files;

namespace Rouser.Storage.Datasets;

/// <summary>A user's own recordings: <c>Train|Test/&lt;class&gt;/&lt;any name&gt;.&lt;format&gt;</c>.</summary>
/// <remarks>
/// Classes are the folders of Train and Test together that hold a recording, in order of their numbers if all are
/// whole numbers, else of their names. Recordings are ordered by their place within their class and then by class, so
/// that a prefix holds all classes.
/// </remarks>
internal static class OwnRecordings
{
    /// <summary>Part of the digest.</summary>
    private const int Version = 1;

    private const long MaxBytes = 1L << 30;

    /// <summary>
    /// Formats that were read from the start. Where a recording lies there in one of them and in a later one too, the
    /// later one is passed over, as it was before it could be read.
    /// </summary>
    private static readonly string[] FirstEndings = [".aedat", ".bin", ".bs2", ".csv", ".npy", ".npz"];

    /// <summary>Lists the folder, without reading a recording.</summary>
    public static Result<IDatasetSource> Open(DatasetSettings settings)
    {
        if (settings.Root is not { Length: > 0 } root)
            return new UserError("dataset.root", "is missing; events needs the folder that holds Train and Test");
        if (!Directory.Exists(root))
            return new UserError(root, "no such folder; set dataset.root to the folder that holds your Train and Test");
        try
        {
            return SetCard
                .Check(root, settings)
                .Then(_ =>
                    RecordingFolder
                        .Half(root, "Train")
                        .Then(train =>
                            RecordingFolder
                                .Half(root, "Test")
                                .Then(test =>
                                    train is null && test is null ? new UserError(root, RecordingFolder.Describe(root))
                                    : train is null || test is null
                                        ? new UserError(
                                            Path.Combine(root, train is null ? "Train" : "Test"),
                                            "no such folder; it holds a folder for every class, with its recordings"
                                        )
                                    : List(settings, root, new("Train", train), new("Test", test))
                                )
                        )
                );
        }
        catch (Exception e) when (DiskProblem.IsOne(e))
        {
            return DiskProblem.ToUserError(root, e);
        }
    }

    /// <summary>The recordings of these files.</summary>
    public static RecordingFiles Of(
        DatasetSettings settings,
        string[] classes,
        IReadOnlyList<RecordingFile> train,
        IReadOnlyList<RecordingFile> test,
        IReadOnlyList<string> remarks
    )
    {
        EventFormat[] formats = [.. train.Concat(test).Select(f => FormatOf(f.Path))];
        return new(
            settings.Name,
            Recipe(settings, classes),
            classes,
            settings.Binning(),
            train,
            test,
            MaxBytes,
            (file, stream) => Decode(file, stream, settings)
        )
        {
            Remarks = remarks,
            AssumedUnit = settings.Files.TimeUnit == TimeUnit.Us && formats.Any(f => !f.SaysUnit),
            StartsAsRecorded =
                settings.Start == RecordingStart.Zero
                || (settings.Start == RecordingStart.ByFormat && formats.Any(f => !f.HasCameraClock)),
        };
    }

    private static Result<IDatasetSource> List(DatasetSettings settings, string root, SplitFolder train, SplitFolder test)
    {
        string[] folders =
        [
            .. RecordingFolder
                .Folders(train.Path)
                .Concat(RecordingFolder.Folders(test.Path))
                .Distinct()
                .Order(StringComparer.Ordinal),
        ];
        List<string> remarks = [];
        Dictionary<(SplitFolder, string), string[]> recordings = [];
        foreach (SplitFolder half in new[] { train, test })
        {
            foreach (string folder in folders)
                recordings[(half, folder)] = Recordings(half, folder, remarks);
            if (RecordingFolder.Files(half.Path).Count(name => EventFormat.Find(name) is not null) is > 0 and int loose)
                remarks.Add(
                    $"{half.Name} holds {loose} {(loose == 1 ? "recording" : "recordings")} outside the folder of a class; not read"
                );
        }
        string[] empty = [.. folders.Where(f => recordings[(train, f)].Length + recordings[(test, f)].Length == 0)],
            classes = [.. folders.Except(empty)];
        if (empty.Length > 0)
            remarks.Add($"no class, because no recording lies in it: {string.Join(", ", empty)}");
        if (classes.Length > 0 && classes.All(c => long.TryParse(c, NumberStyles.None, CultureInfo.InvariantCulture, out _)))
            classes =
            [
                .. classes.OrderBy(c => long.Parse(c, CultureInfo.InvariantCulture)).ThenBy(c => c, StringComparer.Ordinal),
            ];
        foreach (SplitFolder half in new[] { train, test })
        {
            if (classes.All(c => recordings[(half, c)].Length == 0))
            {
                return new UserError(
                    half.Path,
                    $"holds no recordings; they end in {EventFormat.Endings}"
                        + (
                            remarks.FirstOrDefault(r => r.StartsWith(half.Name + "/", StringComparison.Ordinal)) is { } why
                                ? $"; {why}"
                                : ""
                        )
                );
            }
        }
        if (classes.Length < 2)
            return new UserError(
                root,
                $"holds recordings of one class only, {classes[0]}; there have to be two folders at least"
            );
        if (UnusedSetting(settings.Files, recordings.Values.SelectMany(names => names)) is UserError unused)
            return unused;
        return Choose(train, settings.TrainSamples, "dataset.train_samples")
            .Then(first =>
                Choose(test, settings.TestSamples, "dataset.test_samples")
                    .Then<IDatasetSource>(second => Of(settings, classes, first, second, remarks))
            );

        Result<IReadOnlyList<RecordingFile>> Choose(SplitFolder half, int? wanted, string wantedKey)
        {
            (int Place, RecordingFile File)[] files =
            [
                .. classes.SelectMany(
                    (name, label) =>
                        recordings[(half, name)]
                            .Select(
                                (file, i) =>
                                    (
                                        i,
                                        new RecordingFile(
                                            Path.Combine(half.Path, name, file),
                                            $"{half.Name}/{name}/{file}",
                                            label
                                        )
                                    )
                            )
                ),
            ];
            if (wanted > files.Length)
                return new UserError(
                    half.Path,
                    $"holds {files.Length} recordings, but {wantedKey} asks for {wanted}; lower it or leave it out"
                );
            return files
                .OrderBy(f => f.Place)
                .ThenBy(f => f.File.Label)
                .Select(f => f.File)
                .Take(wanted ?? files.Length)
                .ToArray();
        }
    }

    /// <summary>The recordings of a class folder; what else lies there is remarked on.</summary>
    private static string[] Recordings(SplitFolder half, string folder, List<string> remarks)
    {
        string path = Path.Combine(half.Path, folder);
        if (!Directory.Exists(path))
            return [];
        string[] files = [.. RecordingFolder.Files(path)];
        HashSet<string> first = [.. files.Where(IsFirst).Select(name => Path.GetFileNameWithoutExtension(name))];
        string[] recordings =
        [
            .. files.Where(name =>
                EventFormat.Find(name) is not null && (IsFirst(name) || !first.Contains(Path.GetFileNameWithoutExtension(name)))
            ),
        ];
        remarks.AddRange(RecordingFolder.PassedOver($"{half.Name}/{folder}", files.Except(recordings)));
        if (RecordingFolder.Folders(path).Any())
            remarks.Add(
                $"{half.Name}/{folder} holds folders of its own, which are not read: "
                    + $"{RecordingFolder.Folders(path).First()}"
            );
        return recordings;

        static bool IsFirst(string name) => FirstEndings.Contains(Path.GetExtension(name), StringComparer.OrdinalIgnoreCase);
    }

    /// <summary>
    /// What the digest rests on beside the files. What came later is silent at its default, so that older digests
    /// stay.
    /// </summary>
    private static string Recipe(DatasetSettings settings, string[] classes) =>
        string.Create(
            CultureInfo.InvariantCulture,
            $"events {Version} sensor {settings.Width} {settings.Height} classes {string.Join('/', classes)}"
        )
        + (settings.Files.TimeUnit == TimeUnit.Us ? "" : $" time_unit {settings.Files.TimeUnit.SymbolOf()}")
        + (settings.Files.Columns is { } columns ? $" columns {columns}" : "")
        + settings.Start switch
        {
            RecordingStart.FirstEvent => " start first_event",
            RecordingStart.Zero => " start zero",
            _ => "",
        };

    /// <summary>
    /// A setting for files of a kind that is not there changes nothing, and whoever set it meant something.
    /// </summary>
    private static UserError? UnusedSetting(EventFileOptions options, IEnumerable<string> names)
    {
        EventFormat[] formats = [.. names.Select(FormatOf).Distinct()];
        if (options.TimeUnit != TimeUnit.Us && formats.All(f => f.SaysUnit))
            return new UserError(
                "dataset.time_unit",
                $"changes nothing: {string.Join(", ", formats.Select(f => f.Ending))} say the unit of their "
                    + $"times; leave it out"
            );
        if (options.Columns is not null && !formats.Any(f => f.Ending is ".csv" or ".tsv"))
            return new UserError(
                "dataset.columns",
                $"changes nothing: {string.Join(", ", formats.Select(f => f.Ending))} have no columns of text; leave it out"
            );
        return null;
    }

    private static EventFormat FormatOf(string name) =>
        EventFormat.Find(name) ?? throw new InvalidOperationException($"{name} was listed as a recording.");

    /// <summary>Reads a recording by the end of its name.</summary>
    private static Result<RecordedEvents> Decode(RecordingFile file, Stream stream, DatasetSettings settings)
    {
        EventFormat format = FormatOf(file.Path);
        Result<RecordedEvents> decoded = format.Decode(stream, file.Path, settings.Width, settings.Height, settings.Files);
        bool shifts =
            settings.Start == RecordingStart.FirstEvent || (settings.Start == RecordingStart.ByFormat && format.HasCameraClock);
        return shifts ? decoded.Then<RecordedEvents>(FromFirstEvent) : decoded;
    }

    private static Result<RecordedEvents> FromFirstEvent(RecordedEvents recorded)
    {
        long start = recorded.Events.Min(e => e.Microseconds);
        return recorded with
        {
            Events = Array.ConvertAll(recorded.Events, e => e with { Microseconds = e.Microseconds - start }),
        };
    }

    /// <summary>Train or Test, and where it is.</summary>
    private sealed record SplitFolder(string Name, string Path);
}
