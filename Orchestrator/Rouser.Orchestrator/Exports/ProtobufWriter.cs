using System.Buffers;
using System.Buffers.Binary;
using System.Text;

namespace Rouser.Orchestrator.Exports;

/// <summary>
/// A message in the wire format of Protocol Buffers (https://protobuf.dev/programming-guides/encoding): fields one after
/// another, each with its number. Whoever writes a message says where its numbers are from.
/// </summary>
internal sealed class ProtobufWriter
{
    private const int Varint = 0,
        Fixed64 = 1,
        Delimited = 2,
        Fixed32 = 5;

    private readonly ArrayBufferWriter<byte> _bytes = new();

    /// <summary>What was written.</summary>
    public ReadOnlySpan<byte> Written => _bytes.WrittenSpan;

    /// <summary>A whole number, an enumeration or a truth value.</summary>
    public ProtobufWriter Number(int field, long value)
    {
        Key(field, Varint);
        Raw(unchecked((ulong)value));
        return this;
    }

    /// <summary>A <c>double</c>.</summary>
    public ProtobufWriter Double(int field, double value)
    {
        Key(field, Fixed64);
        BinaryPrimitives.WriteDoubleLittleEndian(_bytes.GetSpan(sizeof(double)), value);
        _bytes.Advance(sizeof(double));
        return this;
    }

    /// <summary>A <c>float</c>.</summary>
    public ProtobufWriter Float(int field, float value)
    {
        Key(field, Fixed32);
        BinaryPrimitives.WriteSingleLittleEndian(_bytes.GetSpan(sizeof(float)), value);
        _bytes.Advance(sizeof(float));
        return this;
    }

    /// <summary>A <c>string</c>.</summary>
    public ProtobufWriter Text(int field, string value) => Bytes(field, Encoding.UTF8.GetBytes(value));

    /// <summary>A message within this one.</summary>
    public ProtobufWriter Message(int field, Action<ProtobufWriter> write)
    {
        ProtobufWriter inner = new();
        write(inner);
        return Bytes(field, inner.Written);
    }

    /// <summary><c>bytes</c>, which a message within another is, too.</summary>
    public ProtobufWriter Bytes(int field, ReadOnlySpan<byte> value)
    {
        Key(field, Delimited);
        Raw((ulong)value.Length);
        _bytes.Write(value);
        return this;
    }

    private void Key(int field, int type) => Raw(((ulong)field << 3) | (uint)type);

    // Seven bits a byte, the lowest first; the highest bit says that more follow.
    private void Raw(ulong value)
    {
        for (; value >= 0x80; value >>= 7)
            _bytes.Write([(byte)(value | 0x80)]);
        _bytes.Write([(byte)value]);
    }
}
