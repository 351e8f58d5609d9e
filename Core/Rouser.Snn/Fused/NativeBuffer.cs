using System.Runtime.InteropServices;

namespace Rouser.Snn.Fused;

/// <summary>
/// Zeroed memory outside the garbage-collected heap, aligned to cache lines. It neither moves nor counts as an
/// allocation, and pages that are never touched take no memory.
/// </summary>
internal sealed unsafe class NativeBuffer<T> : IDisposable
    where T : unmanaged
{
    private const int Alignment = 64;

    private void* _block;

    /// <summary>Takes room for <paramref name="length"/> elements.</summary>
    public NativeBuffer(nint length) => Allocate(length);

    /// <summary>Frees what was not disposed.</summary>
    ~NativeBuffer() => NativeMemory.Free(_block);

    /// <summary>The first element.</summary>
    public T* Pointer { get; private set; }

    /// <summary>The number of elements.</summary>
    public nint Length { get; private set; }

    /// <summary>The elements; only for buffers below 2³¹ elements.</summary>
    public Span<T> Span => new(Pointer, checked((int)Length));

    /// <summary>
    /// Makes room for at least <paramref name="length"/> elements; what the buffer held is lost if it had less.
    /// </summary>
    public void Reserve(nint length)
    {
        if (length <= Length)
            return;
        NativeMemory.Free(_block);
        _block = null;
        Allocate(length + (length / 2));
    }

    /// <summary>Sets all elements to 0.</summary>
    public void Clear() => NativeMemory.Clear(Pointer, checked((nuint)Length * (nuint)sizeof(T)));

    /// <inheritdoc/>
    public void Dispose()
    {
        NativeMemory.Free(_block);
        _block = null;
        Pointer = null;
        Length = 0;
        GC.SuppressFinalize(this);
    }

    private void Allocate(nint length)
    {
        nuint bytes = checked(((nuint)length * (nuint)sizeof(T)) + Alignment);
        _block = NativeMemory.AllocZeroed(bytes);
        NativeMemoryCount.Taken += (long)bytes;
        Pointer = (T*)(((nuint)_block + Alignment - 1) & ~(nuint)(Alignment - 1));
        Length = length;
    }
}

/// <summary>Counts memory outside the garbage-collected heap, as the collector counts its own.</summary>
internal static class NativeMemoryCount
{
    [ThreadStatic]
    private static long _taken;

    /// <summary>Bytes that this thread has taken for buffers since it started, freed ones included.</summary>
    public static long Taken
    {
        get => _taken;
        set => _taken = value;
    }
}
