using System.Globalization;
using Rouser.Core;
using Rouser.Data;
using Rouser.Storage.Datasets.Packed;
using Rouser.Storage.Files;

namespace Rouser.Storage.Datasets;

/// <summary>
/// A folder of data sets that are decoded and binned, one file each, named by the set's digest. Every process that
/// opens one maps the same memory. Safe for use by several threads and processes at once; anything in the folder may
/// be deleted at any time.
/// </summary>
/// <remarks>
/// A file is written under a name of the writer's own and renamed, so that two who make the same set do not meet and
/// a reader sees a whole file or none. Opening checks every byte against the file's checksum and every raster for
/// what the training loops rely on. The digest names what the set was made of, which a file cannot prove: a file is
/// as trustworthy as who wrote or sent it.
/// </remarks>
/// <param name="folder">The folder; made when first written to.</param>
public sealed class PackedDatasets(string folder)
{
    private const string Extension = ".rouser-data";

    /// <summary>Half-written files of killed processes are deleted after this time.</summary>
    private static readonly TimeSpan LeftOver = TimeSpan.FromDays(1);

    /// <summary>The folder.</summary>
    public string Folder { get; } = Path.GetFullPath(folder);

    /// <summary>What is known of the digests of recordings.</summary>
    internal DigestMemo Digests { get; } = new(Path.GetFullPath(folder));

    /// <summary>
    /// The folder of this user: <c>$ROUSER_CACHE</c>, or the place where the system keeps what can be made again
    /// (<c>~/.cache/rouser</c> on Linux).
    /// </summary>
    public static PackedDatasets OfUser() => new(Path.Combine(UserCache.Folder(), "datasets"));

    /// <summary>Where the set of a digest is or would be.</summary>
    /// <exception cref="ArgumentException">That is no digest: 64 hexadecimal digits in lower case. So no digest leads
    /// out of the folder.</exception>
    public string PathOf(string digest) =>
        IsDigest(digest)
            ? Path.Combine(Folder, digest + Extension)
            : throw new ArgumentException("A digest is 64 hexadecimal digits.", nameof(digest));

    /// <summary>
    /// All files that Rouser has made in the folder, packed sets and what is known of recordings; all of it can be made
    /// again.
    /// </summary>
    /// <exception cref="IOException">The disk refuses.</exception>
    public IReadOnlyList<FileInfo> Files() =>
        Directory.Exists(Folder)
            ? [.. new DirectoryInfo(Folder).EnumerateFiles().Where(file => IsDigest(file.Name.Split('.')[0]))]
            : [];

    /// <summary>Whether a text is a digest.</summary>
    public static bool IsDigest(string text) =>
        text is { Length: PackedHeader.DigestLength } && text.All(char.IsAsciiHexDigitLower);

    /// <summary>Opens the set of a digest where it lies.</summary>
    /// <returns>The set; or a mistake if it is not there, damaged or not readable.</returns>
    public Result<Dataset> Open(string digest)
    {
        string path = PathOf(digest);
        try
        {
            return File.Exists(path)
                ? PackedReader.Open(path, digest)
                : new UserError(path, "is not there; the data set has to be made or fetched first");
        }
        catch (Exception e) when (DiskProblem.IsOne(e))
        {
            return DiskProblem.ToUserError(path, e);
        }
    }

    /// <summary>What was seen of the recordings of a set when it was packed here; null if that is not known.</summary>
    internal DatasetFindings? Findings(string digest) => FindingsFile.Read(FindingsPath(digest));

    private string FindingsPath(string digest) => PathOf(digest)[..^Extension.Length] + ".findings.json";

    /// <summary>Writes a set with its findings, replacing what has its digest, and opens it.</summary>
    /// <param name="watch">Takes how far it is, after each sample.</param>
    public Result<Dataset> Add(Dataset set, Action<DatasetProgress>? watch = null)
    {
        ArgumentNullException.ThrowIfNull(set);
        Result<Dataset> packed = Replace(
            set.Digest,
            stream =>
                PackedWriter.Write(
                    set,
                    stream,
                    DatasetProgress.Of(watch, $"packing {set.Name}", set.Train.Count + set.Test.Count)
                )
        );
        if (!packed.IsOk || set.Findings is null)
            return packed;
        try
        {
            FindingsFile.Write(FindingsPath(set.Digest), set.Findings);
        }
        catch (Exception e) when (DiskProblem.IsOne(e))
        {
            // Without it the recordings are read again.
        }
        return packed;
    }

    /// <summary>
    /// Takes the set of a digest from a stream that brings the bytes of such a file, checks it, and opens it.
    /// </summary>
    /// <param name="digest">The set that is wanted; the file must say that it is that one.</param>
    /// <param name="from">Read from its position to the end of the file that it brings, and no further.</param>
    /// <param name="maxBytes">A longer file is refused before it is read.</param>
    /// <param name="cancellation">Stops between blocks.</param>
    /// <exception cref="OperationCanceledException"><paramref name="cancellation"/> was signalled.</exception>
    public Result<Dataset> Import(string digest, Stream from, long maxBytes, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(from);
        try
        {
            return Replace(digest, to => Copy(digest, from, to, maxBytes, cancellation));
        }
        catch (InvalidDataException e)
        {
            return new UserError(digest, e.Message);
        }
    }

    private Result<Dataset> Replace(string digest, Action<Stream> write)
    {
        string path = PathOf(digest);
        try
        {
            Directory.CreateDirectory(Folder);
            DeleteLeftOvers();
            string own =
                $"{path}.{Environment.ProcessId.ToString(CultureInfo.InvariantCulture)}-{Path.GetRandomFileName()}{DurableFile.TemporarySuffix}";
            DurableFile.Write(path, own, write);
        }
        catch (Exception e) when (DiskProblem.IsOne(e))
        {
            return DiskProblem.ToUserError(path, e);
        }
        return Open(digest);
    }

    /// <exception cref="InvalidDataException">The stream brings something else; what it is.</exception>
    private static void Copy(string digest, Stream from, Stream to, long maxBytes, CancellationToken cancellation)
    {
        byte[] buffer = new byte[1 << 16];
        if (
            from.ReadAtLeast(buffer.AsSpan(0, PackedHeader.Bytes), PackedHeader.Bytes, throwOnEndOfStream: false)
            < PackedHeader.Bytes
        )
            throw new InvalidDataException("the sender's data set ends in its header");
        if (PackedHeader.Read(buffer, out string wrong) is not { } header)
            throw new InvalidDataException($"what the sender sent {wrong}");
        if (header.Digest != digest)
            throw new InvalidDataException($"the sender sent another data set, {header.Digest}");
        if (header.FileLength > maxBytes)
            throw new InvalidDataException(
                $"the sender's data set takes {header.FileLength:N0} bytes, more than the {maxBytes:N0} that are allowed"
            );

        using BlockDigest sum = new();
        int filled = PackedHeader.Bytes;
        for (long left = header.TrailerOffset; left > 0; )
        {
            cancellation.ThrowIfCancellationRequested();
            sum.Append(buffer.AsSpan(0, filled));
            to.Write(buffer.AsSpan(0, filled));
            left -= filled;
            filled = left > 0 ? from.Read(buffer, 0, (int)Math.Min(buffer.Length, left)) : 0;
            if (left > 0 && filled == 0)
                throw new InvalidDataException("the sender's data set is cut short");
        }
        Span<byte> trailer = buffer.AsSpan(0, BlockDigest.Size);
        if (
            from.ReadAtLeast(trailer, trailer.Length, throwOnEndOfStream: false) < trailer.Length
            || !trailer.SequenceEqual(sum.Finish())
        )
            throw new InvalidDataException("the data set was damaged on its way");
        to.Write(trailer);
    }

    private void DeleteLeftOvers()
    {
        foreach (FileInfo file in new DirectoryInfo(Folder).EnumerateFiles("*" + DurableFile.TemporarySuffix))
        {
            if (DateTime.UtcNow - file.LastWriteTimeUtc > LeftOver)
                file.Delete();
        }
    }
}
