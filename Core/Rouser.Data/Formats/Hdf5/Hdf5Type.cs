using Rouser.Data.Recordings;

namespace Rouser.Data.Formats.Hdf5;

/// <summary>
/// The type of an element: a little-endian number, or a list of such numbers that lies in the file's global heap.
/// </summary>
/// <param name="Size">The size of an element in the data set, bytes; 16 for a list.</param>
/// <param name="Kind">f, i (signed) or u; of a list, what it holds.</param>
/// <param name="NumberSize">The size of a number, bytes.</param>
/// <param name="IsList">Whether an element is a list.</param>
internal readonly record struct Hdf5Type(int Size, char Kind, int NumberSize, bool IsList)
{
    private const int FixedPoint = 0,
        Floating = 1,
        VariableLength = 9,
        ListBytes = 16;

    /// <summary>Reads a datatype message (HDF5 specification, IV.A.2.d).</summary>
    public static Hdf5Type Read(Hdf5Message message)
    {
        Hdf5Fields fields = message.Fields();
        byte classAndVersion = fields.U8();
        if ((classAndVersion & 15) != VariableLength)
            return ReadNumber(message.Fields());
        int kind = fields.U8() & 15;
        fields.Skip(2);
        if (kind != 0 || fields.U32() != ListBytes)
            throw fields.Defect("is a type of variable length that is no list");
        return ReadNumber(fields) with { Size = ListBytes, IsList = true };
    }

    /// <summary>A number at the start of the bytes.</summary>
    public double Number(ReadOnlySpan<byte> at) => LittleEndianNumber.Read(Kind, NumberSize, at);

    private static Hdf5Type ReadNumber(Hdf5Fields fields)
    {
        int typeClass = fields.U8() & 15,
            bits = fields.U8();
        fields.Skip(2);
        uint size = fields.U32();
        if ((bits & 1) != 0)
            throw fields.Defect(
                "is a type in big-endian order; write the file again with little-endian numbers, NumPy's '<f2' and '<u2'"
            );
        return (typeClass, size) switch
        {
            (FixedPoint, 1 or 2 or 4 or 8) => new((int)size, (bits & 8) != 0 ? 'i' : 'u', (int)size, false),
            (Floating, 2 or 4 or 8) => new((int)size, 'f', (int)size, false),
            _ => throw fields.Defect($"is a type of class {typeClass} and {size} bytes, where a number is expected"),
        };
    }
}
