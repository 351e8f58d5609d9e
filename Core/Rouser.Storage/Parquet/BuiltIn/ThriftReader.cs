using System.Text;
using System.Text.Unicode;

namespace Rouser.Storage.Parquet.BuiltIn;

/// <summary>Reads Thrift's compact protocol. What it does not know it skips; what cannot be is damage.</summary>
internal ref struct ThriftReader(ReadOnlySpan<byte> bytes)
{
    // Parquet's own structs nest six deep; anything deeper is made to overflow a stack.
    private const int MaxDepth = 24;

    private ByteReader _bytes = new(bytes);
    private int _lastField;
    private int _depth;

    /// <summary>Reads one struct of type <typeparamref name="T"/>.</summary>
    public delegate T StructReader<out T>(ref ThriftReader reader);

    /// <summary>Bytes read so far.</summary>
    public readonly int Position => _bytes.Position;

    /// <summary>Begins a struct; hand the answer to <see cref="Leave"/> when <see cref="Next"/> has said that there are no more fields.</summary>
    public int Enter()
    {
        if (++_depth > MaxDepth) throw new InvalidDataException($"structs nest more than {MaxDepth} deep");
        int outer = _lastField;
        _lastField = 0;
        return outer;
    }

    /// <summary>Ends a struct.</summary>
    public void Leave(int outer)
    {
        _lastField = outer;
        _depth--;
    }

    /// <summary>The next field of the struct, or false at its end.</summary>
    public bool Next(out int field, out ThriftType type)
    {
        byte header = _bytes.Byte();
        type = (ThriftType)(header & 0xF);
        int distance = header >> 4;
        field = type == ThriftType.Stop ? 0 : distance == 0 ? (short)Unzigzag(_bytes.Varint()) : _lastField + distance;
        _lastField = field;
        return type != ThriftType.Stop;
    }

    /// <summary>A boolean, which is its field's type.</summary>
    public static bool Boolean(ThriftType type) => type switch
    {
        ThriftType.True => true,
        ThriftType.False => false,
        _ => throw Unexpected(type, ThriftType.True),
    };

    /// <summary>An 8-bit integer.</summary>
    public int Byte(ThriftType type) => Expect(type, ThriftType.Byte) ? _bytes.Byte() : 0;

    /// <summary>A 32-bit integer or an enumeration's value.</summary>
    public int Int32(ThriftType type)
    {
        long value = Expect(type, ThriftType.I32) ? Unzigzag(_bytes.Varint()) : 0;
        return value is >= int.MinValue and <= int.MaxValue ? (int)value : throw new InvalidDataException($"{value} does not fit 32 bits");
    }

    /// <summary>A 64-bit integer.</summary>
    public long Int64(ThriftType type) => Expect(type, ThriftType.I64) ? Unzigzag(_bytes.Varint()) : 0;

    /// <summary>A text in UTF-8.</summary>
    public string Text(ThriftType type)
    {
        Expect(type, ThriftType.Binary);
        ReadOnlySpan<byte> bytes = Bytes();
        return Utf8.IsValid(bytes) ? Encoding.UTF8.GetString(bytes) : throw new InvalidDataException("a text is not UTF-8");
    }

    /// <summary>A list of structs.</summary>
    public T[] Structs<T>(ThriftType type, StructReader<T> read)
    {
        int count = ListOf(ThriftType.Struct, type);
        var items = new List<T>();
        for (int i = 0; i < count; i++) items.Add(read(ref this));
        return [.. items];
    }

    /// <summary>A list of 32-bit integers or enumeration values.</summary>
    public int[] Int32s(ThriftType type)
    {
        int count = ListOf(ThriftType.I32, type);
        var items = new List<int>();
        for (int i = 0; i < count; i++) items.Add(Int32(ThriftType.I32));
        return [.. items];
    }

    /// <summary>A list of texts.</summary>
    public string[] Texts(ThriftType type)
    {
        int count = ListOf(ThriftType.Binary, type);
        var items = new List<string>();
        for (int i = 0; i < count; i++) items.Add(Text(ThriftType.Binary));
        return [.. items];
    }

    /// <summary>Passes over a value that means nothing to us.</summary>
    public void Skip(ThriftType type)
    {
        switch (type)
        {
            case ThriftType.True or ThriftType.False: break;
            case ThriftType.Byte: _bytes.Byte(); break;
            case ThriftType.I16 or ThriftType.I32 or ThriftType.I64: _bytes.Varint(); break;
            case ThriftType.Double: _bytes.Take(8); break;
            case ThriftType.Binary: Bytes(); break;
            case ThriftType.List or ThriftType.Set: SkipList(); break;
            case ThriftType.Map: SkipMap(); break;
            case ThriftType.Struct: SkipStruct(); break;
            default: throw new InvalidDataException($"Thrift has no type {(int)type}");
        }
    }

    private void SkipStruct()
    {
        int outer = Enter();
        while (Next(out _, out ThriftType type)) Skip(type);
        Leave(outer);
    }

    private void SkipList()
    {
        int outer = Enter();
        int count = ListHeader(out ThriftType element);
        for (int i = 0; i < count; i++) SkipElement(element);
        Leave(outer);
    }

    private void SkipMap()
    {
        int outer = Enter();
        int count = Count(_bytes.Varint());
        byte types = count > 0 ? _bytes.Byte() : (byte)0;
        for (int i = 0; i < count; i++)
        {
            SkipElement((ThriftType)(types >> 4));
            SkipElement((ThriftType)(types & 0xF));
        }
        Leave(outer);
    }

    // Within a container a boolean takes a byte; as a field it takes none.
    private void SkipElement(ThriftType type) => Skip(type is ThriftType.True or ThriftType.False ? ThriftType.Byte : type);

    private int ListOf(ThriftType expected, ThriftType type)
    {
        Expect(type, ThriftType.List);
        int count = ListHeader(out ThriftType element);
        Expect(element, expected);
        return count;
    }

    private int ListHeader(out ThriftType element)
    {
        byte header = _bytes.Byte();
        element = (ThriftType)(header & 0xF);
        return Count(header >> 4 == 0xF ? _bytes.Varint() : (ulong)(header >> 4));
    }

    // Every element takes at least a byte, so a count beyond the bytes that are left is damage, found before it costs memory or time.
    private readonly int Count(ulong count) =>
        count <= (ulong)_bytes.Remaining ? (int)count : throw new InvalidDataException($"a list of {count} is announced where {_bytes.Remaining} bytes are left");

    private ReadOnlySpan<byte> Bytes()
    {
        ulong length = _bytes.Varint();
        return _bytes.Take(length <= int.MaxValue ? (long)length : int.MaxValue);
    }

    private static long Unzigzag(ulong value) => (long)(value >> 1) ^ -(long)(value & 1);

    private static bool Expect(ThriftType type, ThriftType expected) => type == expected ? true : throw Unexpected(type, expected);

    private static InvalidDataException Unexpected(ThriftType type, ThriftType expected) =>
        new($"a field is of Thrift type {type} instead of {expected}");
}
