using System.Buffers.Binary;

namespace Rouser.Data.Formats.Hdf5;

/// <summary>
/// The bytes of a file by their address. Everything read through it lies in the file, so a damaged address is a
/// defect and never much memory.
/// </summary>
internal sealed class Hdf5Bytes(Stream stream)
{
    /// <summary>HDF5's "no address".</summary>
    public const ulong Undefined = ulong.MaxValue;

    private readonly long _length = stream.Length;

    /// <summary>Reads <paramref name="count"/> bytes.</summary>
    /// <exception cref="MalformedFileException">They do not lie in the file.</exception>
    public byte[] Read(ulong address, long count)
    {
        if (count < 0 || address > (ulong)_length || count > _length - (long)address)
            throw new MalformedFileException(
                (long)Math.Min(address, long.MaxValue),
                $"should be {count} bytes, but the file has {_length}"
            );
        if (count > Array.MaxLength)
            throw new MalformedFileException((long)address, $"should be {count} bytes, more than is read at once");
        byte[] bytes = new byte[count];
        stream.Position = (long)address;
        stream.ReadExactly(bytes);
        return bytes;
    }

    /// <summary>Reads bytes that must start with a signature of four letters.</summary>
    public byte[] Read(ulong address, long count, ReadOnlySpan<byte> signature)
    {
        byte[] bytes = Read(address, count);
        if (!bytes.AsSpan(0, 4).SequenceEqual(signature))
            throw new MalformedFileException((long)address, $"should be {System.Text.Encoding.ASCII.GetString(signature)}");
        return bytes;
    }
}

/// <summary>Numbers of a structure, one after the other.</summary>
internal ref struct Hdf5Fields(ReadOnlySpan<byte> bytes, ulong address)
{
    private readonly ReadOnlySpan<byte> _bytes = bytes;

    public int At { get; private set; }

    public readonly int Left => _bytes.Length - At;

    public byte U8() => Take(1)[0];

    public ushort U16() => BinaryPrimitives.ReadUInt16LittleEndian(Take(2));

    public uint U32() => BinaryPrimitives.ReadUInt32LittleEndian(Take(4));

    public ulong U64() => BinaryPrimitives.ReadUInt64LittleEndian(Take(8));

    public ReadOnlySpan<byte> Take(long count)
    {
        if (count < 0 || count > Left)
            throw Defect("is cut short");
        ReadOnlySpan<byte> taken = _bytes.Slice(At, (int)count);
        At += (int)count;
        return taken;
    }

    public void Skip(long count) => Take(count);

    public readonly MalformedFileException Defect(string what) => new((long)address + At, what);
}
