using System.IO.Compression;
using Rouser.Core;
using Rouser.Data.Audio;
using Rouser.Data.Formats;
using Rouser.Data.Recordings;
using Rouser.Storage.Files;

namespace Rouser.Storage.Datasets;

/// <summary>Makes a data set <c>events</c> of WAV files, by listening to them with <see cref="InnerEar"/>.</summary>
public static class AudioFolder
{
    /// <summary>Every so many-th file of a class, in order of their names, is for testing.</summary>
    public const int TestEvery = 5;

    /// <summary>The ear that listens, in 250 steps of 4 ms: a second of sound.</summary>
    public static SetCard Card { get; } = new(InnerEar.Channels, 1, Steps: 250, StepMs: 4);

    private static EnumerationOptions AnyCase =>
        new() { RecurseSubdirectories = true, MatchCasing = MatchCasing.CaseInsensitive };

    /// <summary>
    /// Listens to every WAV file and writes <c>Train|Test/&lt;class&gt;/&lt;name&gt;.npz</c>. A file's class is its
    /// folder below
    /// <paramref name="from"/>, or, where the files lie in
    /// <paramref name="from"/> itself, the beginning of its name up to the first <c>_</c>.
    /// </summary>
    /// <param name="from">The folder with the sounds.</param>
    /// <param name="to">A new folder for the data set.</param>
    /// <param name="stop">Stops between files.</param>
    /// <param name="watch">Takes how far it is, after each file and from any thread.</param>
    /// <returns>How many files were written; or the first that cannot be read.</returns>
    /// <exception cref="OperationCanceledException"><paramref name="stop"/> was signalled.</exception>
    public static Result<int> Convert(string from, string to, CancellationToken stop, Action<DatasetProgress>? watch = null)
    {
        if (!Directory.Exists(from))
            return new UserError(from, "no such folder; name one with WAV files");
        try
        {
            (string Path, string Class)[] files =
            [
                .. Directory
                    .EnumerateFiles(from, "*.wav", AnyCase)
                    .Where(p => Path.GetRelativePath(from, p).Split(Path.DirectorySeparatorChar).All(RecordingFolder.IsMeant))
                    .Order(StringComparer.Ordinal)
                    .Select(p => (p, ClassOf(from, p))),
            ];
            if (files.Length == 0)
                return new UserError(from, "holds no .wav files");
            if (files.Select(f => f.Class).Distinct().Count() < 2)
                return new UserError(
                    from,
                    "holds one class only; put the files of a class into a folder of its own, or begin their names with "
                        + "it: CLASS_anything.wav"
                );
            if (
                files.GroupBy(f => NameOf(from, f.Path), StringComparer.OrdinalIgnoreCase).FirstOrDefault(g => g.Count() > 1) is
                { } alike
            )
                return new UserError(
                    alike.ElementAt(1).Path,
                    $"would overwrite what becomes of {Path.GetRelativePath(from, alike.First().Path)}, {alike.Key}; rename one of them"
                );
            if (Directory.Exists(to) && Directory.EnumerateFileSystemEntries(to).Any())
                return new UserError(to, "is not empty; choose another folder with --out");

            Card.Write(Directory.CreateDirectory(to).FullName);
            InnerEar ear = new();
            (string Path, string Class, string Split)[] split =
            [
                .. files
                    .GroupBy(f => f.Class)
                    .SelectMany(group =>
                        group.Select((f, i) => (f.Path, f.Class, i % TestEvery == TestEvery - 1 ? "Test" : "Train"))
                    ),
            ];
            return OrderedParallel
                .Map<bool>(
                    split.Length,
                    i =>
                    {
                        (string path, string label, string part) = split[i];
                        using Stream stream = RegularFile.OpenRead(path);
                        Result<float[]> sound = WavDecoder.Decode(stream, path);
                        if (!sound.IsOk)
                            return Result<bool>.Failed(sound.Errors);
                        InnerEar.Normalize(sound.Value);
                        SensorEvent[] spikes = ear.Listen(sound.Value);
                        if (spikes.Length == 0)
                            return new UserError(path, "is silent; move it away");
                        string folder = Path.Combine(to, part, label);
                        Directory.CreateDirectory(folder);
                        using FileStream target = File.Create(Path.Combine(folder, NameOf(from, path)));
                        WriteNpz(target, spikes);
                        return true;
                    },
                    stop,
                    DatasetProgress.Of(watch, "listening", split.Length)
                )
                .Then<int>(done => done.Length);
        }
        catch (Exception e)
            when (DiskProblem.IsOne(e) || e is AggregateException { InnerException: IOException or UnauthorizedAccessException })
        {
            return DiskProblem.ToUserError(to, e is AggregateException many ? many.InnerException! : e);
        }
    }

    /// <summary>What a sound is called in the set: its path with dashes, unlike that of any other sound.</summary>
    private static string NameOf(string root, string path) =>
        Path.ChangeExtension(Path.GetRelativePath(root, path).Replace(Path.DirectorySeparatorChar, '-'), ".npz");

    private static string ClassOf(string root, string path)
    {
        string relative = Path.GetRelativePath(root, path);
        int folder = relative.IndexOf(Path.DirectorySeparatorChar, StringComparison.Ordinal);
        if (folder > 0)
            return relative[..folder];
        string name = Path.GetFileNameWithoutExtension(path);
        int end = name.IndexOf('_', StringComparison.Ordinal);
        return end > 0 ? name[..end] : name;
    }

    /// <summary>Arrays t (µs) and x (channel), as NumPy reads them.</summary>
    private static void WriteNpz(Stream to, SensorEvent[] spikes)
    {
        using ZipArchive archive = new(to, ZipArchiveMode.Create, leaveOpen: true);
        Add("t", "<i8", writer => Array.ForEach(spikes, e => writer.Write(e.Microseconds)));
        Add("x", "<u2", writer => Array.ForEach(spikes, e => writer.Write(e.X)));

        void Add(string name, string type, Action<BinaryWriter> write)
        {
            using Stream entry = archive.CreateEntry(name + ".npy", CompressionLevel.Optimal).Open();
            using BinaryWriter writer = new(entry);
            writer.Write(NpyHeader.Of(type, $"{spikes.Length},"));
            write(writer);
        }
    }
}
