using System.Buffers;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Rouser.Storage.Parquet.BuiltIn.Plain;

/// <summary>Fixed-width numbers lie in the file as they lie in memory.</summary>
internal static class LittleEndian
{
    /// <summary>How many values fill <paramref name="bytes"/> bytes.</summary>
    public static int Fitting<T>(ReadOnlySpan<T> values, int bytes)
        where T : unmanaged => Math.Min(values.Length, Math.Max(1, bytes / Unsafe.SizeOf<T>()));

    /// <summary>Appends the values.</summary>
    public static void Write<T>(IBufferWriter<byte> output, ReadOnlySpan<T> values)
        where T : unmanaged => output.Write(MemoryMarshal.AsBytes(values));

    /// <summary>Fills <paramref name="values"/>.</summary>
    public static void Read<T>(ref ByteReader bytes, Span<T> values)
        where T : unmanaged
    {
        Span<byte> target = MemoryMarshal.AsBytes(values);
        bytes.Take(target.Length).CopyTo(target);
    }
}
