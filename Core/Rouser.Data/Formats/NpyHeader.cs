using System.Buffers.Binary;
using System.Text;

namespace Rouser.Data.Formats;

/// <summary>What stands before the numbers of an array in NumPy's <c>.npy</c> format (NEP 1, version 1.0).</summary>
public static class NpyHeader
{
    private const int Before = 10,
        Alignment = 64;

    /// <summary>
    /// Magic, version, the length of the dictionary and the dictionary: together a multiple of 64 bytes, ending in a
    /// newline.
    /// </summary>
    /// <param name="type">NumPy's word for the elements: <c>&lt;f4</c>.</param>
    /// <param name="shape">The sizes as Python has them between the brackets of a tuple: <c>3,</c>, <c>3, 4</c>, or
    /// nothing.</param>
    public static byte[] Of(string type, string shape)
    {
        string text = $"{{'descr': '{type}', 'fortran_order': False, 'shape': ({shape}), }}";
        int length = ((Before + text.Length + Alignment) / Alignment * Alignment) - Before;
        byte[] header = [0x93, .. "NUMPY"u8, 1, 0, 0, 0, .. Encoding.ASCII.GetBytes(text.PadRight(length - 1) + "\n")];
        BinaryPrimitives.WriteUInt16LittleEndian(header.AsSpan(8), (ushort)length);
        return header;
    }
}
