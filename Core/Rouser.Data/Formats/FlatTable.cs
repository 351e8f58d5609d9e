using System.Buffers.Binary;
using System.Text;

namespace Rouser.Data.Formats;

/// <summary>
/// A table of a FlatBuffer, read in place; every access is checked, because the bytes may be damaged.
/// </summary>
/// <remarks>
/// A buffer starts with the u32 offset of its root table, relative to that number, and four letters that name its
/// kind. A table starts with the i32 distance back to its list of fields, u16 each after two u16 of sizes: where a
/// field lies in the table, 0 for one that is not there. Strings and lists stand behind a u32 offset and start with
/// their u32 length. All little-endian.
/// </remarks>
internal readonly ref struct FlatTable
{
    private readonly ReadOnlySpan<byte> _bytes,
        _fields;
    private readonly int _at;

    private FlatTable(ReadOnlySpan<byte> bytes, int at)
    {
        _bytes = bytes;
        _at = at;
        long list = at - (long)BinaryPrimitives.ReadInt32LittleEndian(At(at, 4));
        int size = BinaryPrimitives.ReadUInt16LittleEndian(At(list, 2));
        _fields = At(list, size);
    }

    /// <summary>The root table of a buffer of this kind.</summary>
    /// <exception cref="MalformedFileException">It is none.</exception>
    public static FlatTable Root(ReadOnlySpan<byte> buffer, ReadOnlySpan<byte> kind)
    {
        if (buffer.Length < 8 || !buffer.Slice(4, 4).SequenceEqual(kind))
            throw new MalformedFileException(0, $"is no packet of kind {Encoding.ASCII.GetString(kind)}");
        return new(buffer, (int)Math.Min(BinaryPrimitives.ReadUInt32LittleEndian(buffer), int.MaxValue));
    }

    /// <summary>A field that is an i32.</summary>
    public int Int32(int field, int absent) =>
        Place(field) is { } at ? BinaryPrimitives.ReadInt32LittleEndian(At(at, 4)) : absent;

    /// <summary>A field that is an i64.</summary>
    public long Int64(int field, long absent) =>
        Place(field) is { } at ? BinaryPrimitives.ReadInt64LittleEndian(At(at, 8)) : absent;

    /// <summary>A field that is a text.</summary>
    public string Text(int field) => Encoding.UTF8.GetString(List(field, 1));

    /// <summary>The bytes of a field that is a list.</summary>
    /// <param name="size">The bytes of an element.</param>
    public ReadOnlySpan<byte> List(int field, int size)
    {
        if (Place(field) is not { } at)
            return [];
        long list = at + (long)BinaryPrimitives.ReadUInt32LittleEndian(At(at, 4));
        return At(list + 4, size * (long)BinaryPrimitives.ReadUInt32LittleEndian(At(list, 4)));
    }

    private long? Place(int field)
    {
        int entry = 4 + (2 * field);
        if (entry + 2 > _fields.Length)
            return null;
        int offset = BinaryPrimitives.ReadUInt16LittleEndian(_fields[entry..]);
        return offset == 0 ? null : _at + (long)offset;
    }

    private ReadOnlySpan<byte> At(long offset, long length) =>
        offset >= 0 && length >= 0 && offset <= _bytes.Length - length
            ? _bytes.Slice((int)offset, (int)length)
            : throw new MalformedFileException(Math.Clamp(offset, 0, _bytes.Length), "points outside its packet");
}
