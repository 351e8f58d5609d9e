using System.Buffers.Binary;
using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using Rouser.Data.Recordings;

namespace Rouser.Data.Formats;

/// <summary>
/// A one-dimensional array of NumPy's <c>.npy</c> format (NEP 1): of plain numbers, or of records with named fields
/// of plain numbers.
/// </summary>
/// <remarks>
/// <c>\x93NUMPY</c>, a version of two bytes, the length of the header (u16, from version 2 on u32), a Python
/// dictionary with <c>descr</c>, <c>fortran_order</c> and <c>shape</c>, the data.
/// </remarks>
internal sealed partial class NpyArray
{
    private const int MaxHeader = 1 << 16,
        MaxStride = 64;

    private readonly byte[] _data;
    private readonly int _stride;

    private NpyArray(byte[] data, int stride, int count, IReadOnlyDictionary<string, Field> fields) =>
        (_data, _stride, Count, Fields) = (data, stride, count, fields);

    /// <summary>The elements.</summary>
    public int Count { get; }

    /// <summary>The fields by name; one without a name for an array of numbers.</summary>
    public IReadOnlyDictionary<string, Field> Fields { get; }

    /// <summary>Reads an array of at most <paramref name="maxCount"/> elements.</summary>
    /// <exception cref="MalformedFileException">It is none.</exception>
    public static NpyArray Read(Stream stream, int maxCount)
    {
        Span<byte> head = stackalloc byte[12];
        Fill(stream, head[..8], 0);
        if (head[0] != 0x93 || !head[1..6].SequenceEqual("NUMPY"u8) || head[6] is < 1 or > 3)
            throw new MalformedFileException(0, "is no array of NumPy");
        int lengthBytes = head[6] == 1 ? 2 : 4;
        Fill(stream, head.Slice(8, lengthBytes), 8);
        uint length =
            lengthBytes == 2
                ? BinaryPrimitives.ReadUInt16LittleEndian(head[8..])
                : BinaryPrimitives.ReadUInt32LittleEndian(head[8..]);
        if (length > MaxHeader)
            throw new MalformedFileException(8, $"says the header is {length} bytes long");
        byte[] header = new byte[length];
        Fill(stream, header, 8 + lengthBytes);
        string text = Encoding.Latin1.GetString(header);
        (int stride, Dictionary<string, Field> fields) = Descr(text);
        int count = Shape(text, maxCount);
        if (stride > MaxStride)
            throw new MalformedFileException(10, $"has elements of {stride} bytes, more than an event needs");
        return new(ReadData(stream, count * stride, 8 + lengthBytes + length), stride, count, fields);
    }

    /// <summary>Element <paramref name="i"/> of a field, as a number.</summary>
    public double Number(Field field, int i) =>
        LittleEndianNumber.Read(field.Kind, field.Size, _data.AsSpan((i * _stride) + field.Offset, field.Size));

    private static (int Stride, Dictionary<string, Field> Fields) Descr(string header)
    {
        if (Plain().Match(header) is { Success: true } plain)
        {
            Field field = ToField(plain.Groups[1].Value, 0);
            return (field.Size, new() { [""] = field });
        }
        Match record = Record().Match(header);
        if (!record.Success && Times().IsMatch(header))
            throw new MalformedFileException(
                10,
                "has times of type datetime64 or timedelta64; save them as numbers, t.astype('timedelta64[us]').astype('int64')"
            );
        if (!record.Success)
            throw new MalformedFileException(10, "has no descr of plain numbers or of records of them");
        Dictionary<string, Field> fields = [];
        int stride = 0;
        foreach (Match entry in Entry().Matches(record.Groups[1].Value))
        {
            Field field = ToField(entry.Groups[2].Value, stride);
            if (entry.Groups[1].Value.Length > 0)
                fields[entry.Groups[1].Value] = field;
            stride += field.Size;
        }
        return (stride, fields);
    }

    private static Field ToField(string type, int offset)
    {
        char kind = type[1];
        if (!int.TryParse(type.AsSpan(2), NumberStyles.None, CultureInfo.InvariantCulture, out int size))
            size = 1;
        bool known =
            (kind, size) is ('f', 2 or 4 or 8) or ('i' or 'u', 1 or 2 or 4 or 8) or ('b', 1)
            || (kind == 'V' && size is > 0 and < 1024);
        if (!known || (type[0] == '>' && size > 1))
            throw new MalformedFileException(10, $"has elements of type {type}; read are little-endian numbers of up to 8 bytes");
        return new(kind, size, offset);
    }

    private static int Shape(string header, int maxCount)
    {
        Match shape = OneDimension().Match(header);
        if (!shape.Success)
            throw new MalformedFileException(
                10,
                SeveralDimensions().IsMatch(header)
                    ? "starts a table of several dimensions, whose columns have no names; save t, x, y and p by name with numpy.savez"
                    : "has no shape of one dimension"
            );
        if (
            !long.TryParse(shape.Groups["count"].Value, NumberStyles.None, CultureInfo.InvariantCulture, out long count)
            || count > maxCount
        )
            throw new MalformedFileException(
                10,
                $"has {shape.Groups["count"].Value} elements, more than the {maxCount} that a recording may hold"
            );
        return (int)count;
    }

    /// <summary>Grows with what comes, because a damaged header can promise any length.</summary>
    private static byte[] ReadData(Stream stream, int length, long offset)
    {
        byte[] data = new byte[Math.Min(length, 1 << 20)];
        for (int filled = 0; ; )
        {
            Fill(stream, data.AsSpan(filled), offset + filled);
            if (data.Length == length)
                return data;
            filled = data.Length;
            Array.Resize(ref data, (int)Math.Min(length, 2L * filled));
        }
    }

    private static void Fill(Stream stream, Span<byte> bytes, long offset)
    {
        int got = stream.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false);
        if (got < bytes.Length)
            throw new MalformedFileException(offset + got, "ends the array too early");
    }

    [GeneratedRegex("""'descr':\s*'([<>|=][a-zA-Z]\d{0,4})'""")]
    private static partial Regex Plain();

    [GeneratedRegex("""'descr':\s*\[((?:\('[^']{0,64}',\s*'[<>|=][a-zA-Z]\d{0,4}'\)(?:,\s*)?){1,64})\]""")]
    private static partial Regex Record();

    [GeneratedRegex("""\('([^']{0,64})',\s*'([<>|=][a-zA-Z]\d{0,4})'\)""")]
    private static partial Regex Entry();

    [GeneratedRegex("""'[<>|=][mM]8(?:\[\w{1,4}\])?'""")]
    private static partial Regex Times();

    /// <summary>A column (n, 1) or a row (1, n) is a list, too: MATLAB knows no other, and SciPy passes them on.</summary>
    [GeneratedRegex("""'shape':\s*\((?:1,\s*(?<count>\d{1,18})\s*|(?<count>\d{1,18}),\s*(?:1\s*)?)\)""")]
    private static partial Regex OneDimension();

    [GeneratedRegex("""'shape':\s*\(\d{1,18},\s*\d""")]
    private static partial Regex SeveralDimensions();

    /// <summary>
    /// A number within an element: NumPy's kind (f, i, u, b; V for padding), its size and its offset in bytes.
    /// </summary>
    public readonly record struct Field(char Kind, int Size, int Offset);
}
