using System.Buffers;
using System.Text;

namespace Rouser.Storage.Parquet.BuiltIn;

/// <summary>The wire types of Thrift's compact protocol; a boolean field carries its value in its type.</summary>
internal enum ThriftType : byte
{
    Stop = 0,
    True = 1,
    False = 2,
    Byte = 3,
    I16 = 4,
    I32 = 5,
    I64 = 6,
    Double = 7,
    Binary = 8,
    List = 9,
    Set = 10,
    Map = 11,
    Struct = 12,
}

/// <summary>Writes Thrift's compact protocol: as much of it as Parquet's footer and page headers need.</summary>
/// <remarks>A field's header holds the distance from the last field's id where that is below 16, and zigzag varints hold integers.</remarks>
internal sealed class ThriftWriter(IBufferWriter<byte> output)
{
    private int _lastField;

    /// <summary>Writes a struct: the fields that <paramref name="fields"/> writes, then the stop.</summary>
    public void Struct<T>(T value, Action<ThriftWriter, T> fields)
    {
        int outer = _lastField;
        _lastField = 0;
        fields(this, value);
        Byte((byte)ThriftType.Stop);
        _lastField = outer;
    }

    /// <summary>A field that is a struct.</summary>
    public void Struct<T>(int field, T value, Action<ThriftWriter, T> fields)
    {
        Field(field, ThriftType.Struct);
        Struct(value, fields);
    }

    /// <summary>A field that is a struct without fields, as unions of logical types use it.</summary>
    public void Empty(int field) => Struct(field, 0, static (_, _) => { });

    /// <summary>A field that is a list of structs.</summary>
    public void Structs<T>(int field, IReadOnlyCollection<T> values, Action<ThriftWriter, T> fields)
    {
        List(field, ThriftType.Struct, values.Count);
        foreach (T value in values) Struct(value, fields);
    }

    /// <summary>A field that is a list of 32-bit integers or enumeration values.</summary>
    public void Int32s(int field, ReadOnlySpan<int> values)
    {
        List(field, ThriftType.I32, values.Length);
        foreach (int value in values) Varint(Zigzag(value));
    }

    /// <summary>A field that is a list of texts.</summary>
    public void Texts(int field, params ReadOnlySpan<string> values)
    {
        List(field, ThriftType.Binary, values.Length);
        foreach (string value in values) Bytes(Encoding.UTF8.GetBytes(value));
    }

    /// <summary>A boolean field.</summary>
    public void Boolean(int field, bool value) => Field(field, value ? ThriftType.True : ThriftType.False);

    /// <summary>A 16-bit field.</summary>
    public void Int16(int field, short value) => Integer(field, ThriftType.I16, value);

    /// <summary>A 32-bit field or an enumeration's value.</summary>
    public void Int32(int field, int value) => Integer(field, ThriftType.I32, value);

    /// <summary>A 64-bit field.</summary>
    public void Int64(int field, long value) => Integer(field, ThriftType.I64, value);

    /// <summary>A text field.</summary>
    public void Text(int field, string value) => Binary(field, Encoding.UTF8.GetBytes(value));

    /// <summary>A field of bytes.</summary>
    public void Binary(int field, ReadOnlySpan<byte> value)
    {
        Field(field, ThriftType.Binary);
        Bytes(value);
    }

    private void Integer(int field, ThriftType type, long value)
    {
        Field(field, type);
        Varint(Zigzag(value));
    }

    private void List(int field, ThriftType element, int count)
    {
        Field(field, ThriftType.List);
        if (count < 15)
        {
            Byte((byte)(count << 4 | (int)element));
            return;
        }
        Byte((byte)(0xF0 | (int)element));
        Varint((ulong)count);
    }

    private void Field(int field, ThriftType type)
    {
        int distance = field - _lastField;
        if (distance is not (> 0 and < 16)) throw new ArgumentOutOfRangeException(nameof(field), field, "Fields are written in ascending order.");
        Byte((byte)(distance << 4 | (int)type));
        _lastField = field;
    }

    private static ulong Zigzag(long value) => (ulong)(value << 1 ^ value >> 63);

    private void Bytes(ReadOnlySpan<byte> value)
    {
        Varint((ulong)value.Length);
        output.Write(value);
    }

    private void Varint(ulong value) => BuiltIn.Varint.Write(output, value);

    private void Byte(byte value) => output.Write([value]);
}
