using Rouser.Data.Recordings;

namespace Rouser.Data.Formats;

/// <summary>A form in which recordings come, told by the end of a file's name in small or capital letters.</summary>
/// <param name="Ending">The end of the name, small: <c>.npz</c>.</param>
/// <param name="SaysUnit">Whether the format, and not the user, says the unit of its times.</param>
/// <param name="HasCameraClock">Whether times count from when a camera was switched on, so that a recording starts at
/// its first event.</param>
/// <param name="Decode">Reads a file: the stream, its name for mistakes, the sensor's columns and rows, what the user
/// says.</param>
public sealed record EventFormat(
    string Ending,
    bool SaysUnit,
    bool HasCameraClock,
    Func<Stream, string, int, int, EventFileOptions, Result<RecordedEvents>> Decode
)
{
    /// <summary>All that are read.</summary>
    public static IReadOnlyList<EventFormat> All { get; } =
    [
        new(
            ".aedat",
            SaysUnit: true,
            HasCameraClock: true,
            (stream, place, width, height, _) => AedatFile.Decode(stream, place, width, height)
        ),
        new(
            ".aedat4",
            SaysUnit: true,
            HasCameraClock: true,
            (stream, place, width, height, _) => AedatFile.Decode(stream, place, width, height)
        ),
        new(
            ".bin",
            SaysUnit: true,
            HasCameraClock: false,
            (stream, place, width, height, _) => FiveByteRecords(stream, place, width, height)
        ),
        new(
            ".bs2",
            SaysUnit: true,
            HasCameraClock: false,
            (stream, place, width, height, _) => FiveByteRecords(stream, place, width, height)
        ),
        new(".csv", SaysUnit: false, HasCameraClock: false, CsvEventDecoder.Decode),
        new(
            ".dat",
            SaysUnit: true,
            HasCameraClock: true,
            (stream, place, width, height, _) => Plain(PropheseeDecoder.DecodeDat(stream, place, width, height))
        ),
        new(
            ".npy",
            SaysUnit: false,
            HasCameraClock: false,
            (stream, place, width, height, options) =>
                NpzEventDecoder.DecodeSingle(stream, place, width, height, options.TimeUnit)
        ),
        new(
            ".npz",
            SaysUnit: false,
            HasCameraClock: false,
            (stream, place, width, height, options) => NpzEventDecoder.Decode(stream, place, width, height, options.TimeUnit)
        ),
        new(
            ".raw",
            SaysUnit: true,
            HasCameraClock: true,
            (stream, place, width, height, _) => Plain(PropheseeDecoder.DecodeRaw(stream, place, width, height))
        ),
        new(".tsv", SaysUnit: false, HasCameraClock: false, CsvEventDecoder.Decode),
    ];

    /// <summary>What else people have, and what to do with it.</summary>
    private static readonly (string[] Endings, string What)[] Foreign =
    [
        ([".h5", ".hdf5"], "HDF5 events, as DSEC and Tonic write them; save t, x, y and p of each recording with numpy.savez"),
        ([".txt"], "text; if it holds events in columns, rename it to .csv"),
        ([".mat"], "MATLAB; save t, x, y and p of each recording with numpy.savez"),
        ([".es"], "Event Stream; convert it to .csv or .npz with Loris"),
        ([".bag", ".db3", ".mcap"], "a ROS bag; save t, x, y and p of each recording with numpy.savez"),
        ([".pt", ".pkl"], "a Python object, which is never opened; save t, x, y and p with numpy.savez"),
        ([".wav", ".flac", ".mp3"], "sound; make a data set of WAV files with rouser data convert audio"),
        ([".gz", ".zip", ".tar", ".7z", ".xz", ".zst"], "packed; unpack it"),
        ([".mp4", ".avi", ".png", ".jpg"], "pictures, not events"),
    ];

    /// <summary>
    /// How files start that lie under the name of a recording and are none: a character for each byte, letters small;
    /// the ending of recordings that start so by right; what such a file is.
    /// </summary>
    private static readonly (string Start, string? Ending, string What)[] Signatures =
    [
        ("version https://git-lfs.", null, "is a pointer of Git LFS, not the recording; fetch that with git lfs pull"),
        ("/annex/objects/", null, "is a pointer of git-annex, not the recording; fetch that with git annex get"),
        ("<!doctype html", null, "is a web page, not a recording; download it again"),
        ("<html", null, "is a web page, not a recording; download it again"),
        ("\u001f\u008b\b", null, "is packed with gzip; unpack it"),
        ("bzh", null, "is packed with bzip2; unpack it"),
        ("\u00fd7zxz\0", null, "is packed with xz; unpack it"),
        ("(\u00b5/\u00fd", null, "is packed with zstd; unpack it"),
        ("pk\u0003\u0004", ".npz", "is a zip archive; if it holds arrays of NumPy, name it .npz, else unpack it"),
        ("\u0093numpy", ".npy", "is an array of NumPy; name it .npy"),
        ("\u0089hdf\r\n", null, "is HDF5; save t, x, y and p of each recording with numpy.savez"),
    ];

    /// <summary>The endings that are read, for a message.</summary>
    public static string Endings => string.Join(", ", All.Select(f => f.Ending));

    /// <summary>The format of a file's name; null if it is none that is read.</summary>
    public static EventFormat? Find(string name) =>
        All.FirstOrDefault(f => name.EndsWith(f.Ending, StringComparison.OrdinalIgnoreCase));

    /// <summary>
    /// What a file that is not read is, and what to do with it, in half a sentence; empty for a stranger.
    /// </summary>
    public static string Describe(string name) =>
        Foreign.FirstOrDefault(f => f.Endings.Any(e => name.EndsWith(e, StringComparison.OrdinalIgnoreCase))).What ?? "";

    /// <summary>
    /// What a file is by its first bytes, if it is not what its name says, and what to do with it, as half a sentence;
    /// empty if nothing is known against it. Without this a pointer to a recording would pass for a recording of five
    /// bytes an event, which has no mark of its own.
    /// </summary>
    /// <param name="name">The file's name.</param>
    /// <param name="content">Its bytes, or the first of them.</param>
    public static string DescribeContent(string name, ReadOnlySpan<byte> content)
    {
        foreach ((string start, string? ending, string what) in Signatures)
        {
            if (ending is not null && name.EndsWith(ending, StringComparison.OrdinalIgnoreCase))
                continue;
            bool starts = content.Length >= start.Length;
            for (int i = 0; starts && i < start.Length; i++)
                starts = content[i] == start[i] || (content[i] is >= (byte)'A' and <= (byte)'Z' && content[i] + 32 == start[i]);
            if (starts)
                return what;
        }
        return "";
    }

    private static Result<RecordedEvents> FiveByteRecords(Stream stream, string place, int width, int height) =>
        Plain(NMnistDecoder.Decode(stream, place, Math.Min(width, 256), Math.Min(height, 240)));

    private static Result<RecordedEvents> Plain(Result<SensorEvent[]> events) =>
        events.Then<RecordedEvents>(e => new RecordedEvents(e));
}
