using System.Buffers;
using System.IO.MemoryMappedFiles;

namespace Rouser.Storage.Datasets.Packed;

/// <summary>
/// A file as read-only memory, which all processes that map it share and the kernel may take back at any time.
/// </summary>
/// <remarks>
/// It stays mapped until the process ends, or until <see cref="Unmap"/> is called by whoever has handed nothing of it
/// out. A span does not keep its file alive, so unmapping by the garbage collector could pull the memory from under a
/// training loop; what stays costs address space only. Files are replaced by renaming, so what is mapped never
/// changes.
/// </remarks>
internal sealed unsafe class MappedFile
{
    private readonly MemoryMappedFile _file;
    private readonly MemoryMappedViewAccessor _view;
    private readonly byte* _start;

    private MappedFile(MemoryMappedFile file, long length)
    {
        (_file, Length) = (file, length);
        _view = file.CreateViewAccessor(0, length, MemoryMappedFileAccess.Read);
        // Never released: the handle then outlives its finalizer.
        _view.SafeMemoryMappedViewHandle.AcquirePointer(ref _start);
        _start += _view.PointerOffset;
    }

    /// <summary>The file's length in bytes.</summary>
    public long Length { get; }

    /// <summary>Maps a file that is not empty.</summary>
    /// <exception cref="IOException">It is missing, empty or cannot be read.</exception>
    /// <exception cref="UnauthorizedAccessException">It may not be read.</exception>
    public static MappedFile Open(string path)
    {
        FileStream stream = new(path, FileMode.Open, FileAccess.Read, FileShare.Read | FileShare.Delete, bufferSize: 0);
        long length = stream.Length;
        if (length == 0)
        {
            stream.Dispose();
            throw new IOException($"'{path}' is empty");
        }
        return new(
            MemoryMappedFile.CreateFromFile(
                stream,
                null,
                0,
                MemoryMappedFileAccess.Read,
                HandleInheritability.None,
                leaveOpen: false
            ),
            length
        );
    }

    /// <summary>Part of the file.</summary>
    public ReadOnlySpan<byte> Bytes(long offset, int count)
    {
        CheckInside(offset, count);
        return new(_start + offset, count);
    }

    /// <summary>Part of the file as numbers, little-endian as the machine.</summary>
    /// <param name="offset">In bytes; a multiple of the size of a number.</param>
    /// <param name="count">In numbers.</param>
    public ReadOnlyMemory<T> Numbers<T>(long offset, int count)
        where T : unmanaged
    {
        CheckInside(offset, (long)count * sizeof(T));
        return count == 0 ? ReadOnlyMemory<T>.Empty : new Part<T>((T*)(_start + offset), count).Memory;
    }

    /// <summary>Ends the mapping. Only for a caller that alone knows of it, and of nothing taken from it.</summary>
    public void Unmap()
    {
        _view.SafeMemoryMappedViewHandle.ReleasePointer();
        _view.Dispose();
        _file.Dispose();
    }

    private void CheckInside(long offset, long bytes)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(offset);
        ArgumentOutOfRangeException.ThrowIfNegative(bytes);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(offset, Length - bytes);
    }

    private sealed class Part<T>(T* start, int count) : MemoryManager<T>
        where T : unmanaged
    {
        public override Span<T> GetSpan() => new(start, count);

        // It neither moves nor goes away.
        public override MemoryHandle Pin(int elementIndex = 0) => new(start + elementIndex);

        public override void Unpin() { }

        protected override void Dispose(bool disposing) { }
    }
}
