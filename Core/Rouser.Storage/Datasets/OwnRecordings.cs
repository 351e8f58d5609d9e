using System.Globalization;
using Rouser.Core;
using Rouser.Data;
using Rouser.Data.Formats;
using Rouser.Data.Splits;
using Rouser.Storage.Files;

namespace Rouser.Storage.Datasets;

/// <summary>
/// A user's own recordings: <c>Train|Test/&lt;class&gt;/&lt;any name&gt;.&lt;format&gt;</c>, or, where
/// <c>dataset.split</c> divides them, <c>&lt;class&gt;/…</c> too.
/// </summary>
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
                        .Then(train => RecordingFolder.Half(root, "Test").Then(test => Sources(train, test)))
                )
                .Then(sources => List(settings, root, sources));
        }
        catch (Exception e) when (DiskProblem.IsOne(e))
        {
            return DiskProblem.ToUserError(root, e);
        }

        Result<SplitFolder[]> Sources(string? train, string? test)
        {
            if (settings.Split is not null)
                return train is null && test is null
                    ? [new("", root)]
                    : new[] { ("Train", train), ("Test", test) }
                        .Where(half => half.Item2 is not null)
                        .Select(half => new SplitFolder(half.Item1, half.Item2!))
                        .ToArray();
            return train is null && test is null ? new UserError(root, RecordingFolder.Describe(root))
                : train is null || test is null
                    ? new UserError(
                        Path.Combine(root, train is null ? "Train" : "Test"),
                        "no such folder; it holds a folder for every class, with its recordings"
                    )
                : new SplitFolder[] { new("Train", train), new("Test", test) };
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

    /// <param name="sources">Train and Test; where <c>dataset.split</c> divides the recordings, wherever they lie.</param>
    private static Result<IDatasetSource> List(DatasetSettings settings, string root, SplitFolder[] sources)
    {
        string[] folders =
        [
            .. sources.SelectMany(source => RecordingFolder.Folders(source.Path)).Distinct().Order(StringComparer.Ordinal),
        ];
        List<string> remarks = [];
        Dictionary<(SplitFolder, string), string[]> recordings = [];
        foreach (SplitFolder half in sources)
        {
            foreach (string folder in folders)
                recordings[(half, folder)] = Recordings(half, folder, remarks);
            if (RecordingFolder.Files(half.Path).Count(name => EventFormat.Find(name) is not null) is > 0 and int loose)
                remarks.Add(
                    $"{(half.Name.Length > 0 ? half.Name : "the set's folder")} holds {loose} "
                        + $"{(loose == 1 ? "recording" : "recordings")} outside the folder of a class; not read"
                );
        }
        string[] empty = [.. folders.Where(f => sources.All(source => recordings[(source, f)].Length == 0))],
            classes = [.. folders.Except(empty)];
        if (empty.Length > 0)
            remarks.Add($"no class, because no recording lies in it: {string.Join(", ", empty)}");
        if (classes.Length > 0 && classes.All(c => long.TryParse(c, NumberStyles.None, CultureInfo.InvariantCulture, out _)))
            classes =
            [
                .. classes.OrderBy(c => long.Parse(c, CultureInfo.InvariantCulture)).ThenBy(c => c, StringComparer.Ordinal),
            ];
        foreach (SplitFolder half in sources)
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
        return Parts()
            .Then(parts =>
                Choose(parts.Train, settings.TrainSamples, "dataset.train_samples", sources[0].Path)
                    .Then(first =>
                        Choose(parts.Test, settings.TestSamples, "dataset.test_samples", sources[^1].Path)
                            .Then<IDatasetSource>(second => Of(settings, classes, first, second, remarks))
                    )
            );

        Result<(IReadOnlyList<RecordingFile> Train, IReadOnlyList<RecordingFile> Test)> Parts()
        {
            if (settings.Split is not { } rule)
                return (FilesOf(sources[0]), FilesOf(sources[1]));
            RecordingFile[] all = [.. sources.SelectMany(FilesOf)];
            return RecordingSplit
                .HeldOut(
                    [.. all.Select(file => new SampleOrigin(file.RelativePath, ""))],
                    [.. all.Select(file => file.Label)],
                    settings.Groups,
                    rule,
                    DatasetSettings.SplitParameters.Prefix,
                    root
                )
                .Then<(IReadOnlyList<RecordingFile>, IReadOnlyList<RecordingFile>)>(held =>
                    (all.Where((_, i) => !held[i]).ToArray(), all.Where((_, i) => held[i]).ToArray())
                );
        }

        RecordingFile[] FilesOf(SplitFolder source) =>
            [
                .. classes.SelectMany(
                    (name, label) =>
                        recordings[(source, name)]
                            .Select(file => new RecordingFile(
                                Path.Combine(source.Path, name, file),
                                $"{source.Place(name)}/{file}",
                                label
                            ))
                ),
            ];

        // By place within their class and then by class, so that a prefix holds all classes.
        static Result<IReadOnlyList<RecordingFile>> Choose(
            IReadOnlyList<RecordingFile> files,
            int? wanted,
            string wantedKey,
            string path
        ) =>
            wanted > files.Count
                ? new UserError(
                    path,
                    $"holds {files.Count} recordings, but {wantedKey} asks for {wanted}; lower it or leave it out"
                )
                : files
                    .GroupBy(file => file.Label)
                    .SelectMany(ofClass => ofClass.Select((file, place) => (place, file)))
                    .OrderBy(f => f.place)
                    .ThenBy(f => f.file.Label)
                    .Select(f => f.file)
                    .Take(wanted ?? files.Count)
                    .ToArray();
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
        remarks.AddRange(RecordingFolder.PassedOver(half.Place(folder), files.Except(recordings)));
        if (RecordingFolder.Folders(path).Any())
            remarks.Add(
                $"{half.Place(folder)} holds folders of its own, which are not read: "
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
        }
        + (
            settings.Split is { } split
                ? $" split {split.Text}{(split.Unit == SplitUnit.Group ? $" in {settings.Groups}" : "")}"
                : ""
        );

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

    /// <summary>Train or Test, and where it is; without a name the set's own folder.</summary>
    private sealed record SplitFolder(string Name, string Path)
    {
        /// <summary>A class's folder as the user knows it: <c>Train/a</c>.</summary>
        public string Place(string folder) => Name.Length > 0 ? $"{Name}/{folder}" : folder;
    }
}
