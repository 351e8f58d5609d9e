using System.IO.Compression;
using System.IO.Hashing;
using Rouser.Data.Recordings;

namespace Rouser.Data.Formats;

/// <summary>
/// A file of a zip archive as it is read, summed up on the way: <see cref="ZipArchive"/> does not hold what it gives
/// against the checksum that the archive has of it, so that a flipped bit would pass for another time.
/// </summary>
internal sealed class ChecksummedEntry(ZipArchiveEntry entry) : Stream
{
    private readonly Stream _content = entry.Open();
    private readonly Crc32 _sum = new();
    private long _read;

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => _read;
        set => throw new NotSupportedException();
    }

    public override int Read(Span<byte> buffer)
    {
        int read = _content.Read(buffer);
        _sum.Append(buffer[..read]);
        _read += read;
        return read;
    }

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    /// <summary>To be called when all that is expected of it has been read.</summary>
    /// <exception cref="MalformedFileException">It has more, or its checksum is another.</exception>
    public void Verify()
    {
        if (Read(stackalloc byte[1]) > 0)
            throw new MalformedFileException(_read - 1, "goes on after the end of the array");
        if (_sum.GetCurrentHashAsUInt32() != entry.Crc32)
            throw new MalformedFileException(0, "starts an array that is not the one that was written: its checksum is another");
    }

    public override void Flush() { }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (disposing)
            _content.Dispose();
        base.Dispose(disposing);
    }
}
