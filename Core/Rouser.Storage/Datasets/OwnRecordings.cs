using System.Globalization;
using Rouser.Core;
using Rouser.Core.Data;
using Rouser.Core.Data.Formats;
using Rouser.Core.Sweeps;
using Rouser.Storage.Files;

namespace Rouser.Storage.Datasets;

/// <summary>A user's own recordings: <c>Train|Test/&lt;class&gt;/&lt;any name&gt;.&lt;format&gt;</c>.</summary>
/// <remarks>
/// Classes are the folders of Train and Test together, in order of their numbers if all are whole numbers, else of their names. Recordings are ordered by their
/// place within their class and then by class, so that a prefix holds all classes.
/// </remarks>
internal static class OwnRecordings
{
    /// <summary>Part of the digest.</summary>
    private const int Version = 1;

    private const long MaxBytes = 1L << 30;

    private static readonly string[] Splits = ["Train", "Test"];

    private static readonly string[] Formats = [".aedat", ".bin", ".bs2", ".csv", ".npy", ".npz"];

    /// <summary>Lists the folder, without reading a recording.</summary>
    public static Result<IDatasetSource> Open(DatasetSettings settings)
    {
        if (settings.Root is not { Length: > 0 } root) return new Mistake("dataset.root", "is missing; events needs the folder that holds Train and Test");
        if (!Directory.Exists(root)) return new Mistake(root, "no such folder; set dataset.root to the folder that holds your Train and Test");
        string[] classes;
        try
        {
            classes = [.. Splits.Select(split => Path.Combine(root, split)).Where(Directory.Exists)
                .SelectMany(Directory.EnumerateDirectories).Select(p => Path.GetFileName(p)).Where(name => !name.StartsWith('.')).Distinct().Order(StringComparer.Ordinal)];
            if (classes.All(c => long.TryParse(c, NumberStyles.None, CultureInfo.InvariantCulture, out _)))
                classes = [.. classes.OrderBy(c => long.Parse(c, CultureInfo.InvariantCulture)).ThenBy(c => c, StringComparer.Ordinal)];
            if (classes.Length < 2) return new Mistake(root, "needs folders Train and Test, each with a folder for every class, at least two");
            return List(root, "Train", classes, settings.TrainSamples, "dataset.train_samples").Then(train =>
                List(root, "Test", classes, settings.TestSamples, "dataset.test_samples").Then<IDatasetSource>(test => new RecordingFiles(
                    settings.Name, string.Create(CultureInfo.InvariantCulture, $"events {Version} sensor {settings.Width} {settings.Height} classes {string.Join('/', classes)}"),
                    classes.Length, settings.Binning(), train, test, MaxBytes, (file, stream) => Decode(file, stream, settings.Width, settings.Height))));
        }
        catch (Exception e) when (DiskProblem.IsOne(e))
        {
            return DiskProblem.ToMistake(root, e);
        }
    }

    /// <summary>Reads a recording by the end of its name.</summary>
    private static Result<SensorEvent[]> Decode(RecordingFile file, Stream stream, int width, int height) => Path.GetExtension(file.Path) switch
    {
        ".aedat" => FromStart(AedatDecoder.Decode(stream, file.Path, width, height)),
        ".csv" => CsvEventDecoder.Decode(stream, file.Path, width, height),
        ".npz" => NpzEventDecoder.Decode(stream, file.Path, width, height),
        ".npy" => NpzEventDecoder.DecodeSingle(stream, file.Path, width, height),
        _ => NMnistDecoder.Decode(stream, file.Path, Math.Min(width, 256), Math.Min(height, 240)),
    };

    /// <summary>Whether a file's name ends as one of the formats.</summary>
    private static bool IsRecording(string path) => Formats.Contains(Path.GetExtension(path)) && !Path.GetFileName(path).StartsWith('.');

    /// <summary>A camera's clock starts when it was switched on, a sample at its first event.</summary>
    private static Result<SensorEvent[]> FromStart(Result<SensorEvent[]> decoded) => decoded.Then<SensorEvent[]>(events =>
    {
        long start = events.Min(e => e.Microseconds);
        return Array.ConvertAll(events, e => e with { Microseconds = e.Microseconds - start });
    });

    private static Result<IReadOnlyList<RecordingFile>> List(string root, string split, string[] classes, int? wanted, string wantedKey)
    {
        string folder = Path.Combine(root, split);
        if (!Directory.Exists(folder)) return new Mistake(folder, "no such folder; it holds a folder for every class, with its recordings");
        List<(int Place, RecordingFile File)> files = [];
        for (int label = 0; label < classes.Length; label++)
        {
            string path = Path.Combine(folder, classes[label]);
            if (!Directory.Exists(path)) continue;
            string[] names = [.. Directory.EnumerateFiles(path).Where(IsRecording).Select(p => Path.GetFileName(p)).Order(StringComparer.Ordinal)];
            for (int i = 0; i < names.Length; i++) files.Add((i, new(Path.Combine(path, names[i]), $"{split}/{classes[label]}/{names[i]}", label)));
        }
        if (files.Count == 0) return new Mistake(folder, $"holds no recordings; they end in {string.Join(", ", Formats)}");
        if (wanted > files.Count) return new Mistake(folder, $"holds {files.Count} recordings, but {wantedKey} asks for {wanted}; lower it or leave it out");
        return files.OrderBy(f => f.Place).ThenBy(f => f.File.Label).Select(f => f.File).Take(wanted ?? files.Count).ToArray();
    }
}
