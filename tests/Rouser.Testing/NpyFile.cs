using System.Buffers.Binary;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.RegularExpressions;

namespace Rouser.Testing;

/// <summary>Reads NumPy's <c>.npy</c> files: little-endian float32 or float64, C order, any shape.</summary>
internal static partial class NpyFile
{
    /// <summary>The values in C order, and the shape.</summary>
    /// <exception cref="InvalidDataException">The file is not such an array; the message names it.</exception>
    public static (double[] Values, int[] Shape) Read(string path)
    {
        byte[] bytes = File.ReadAllBytes(path);
        if (bytes.Length < 12 || bytes[0] != 0x93 || !bytes.AsSpan(1, 5).SequenceEqual("NUMPY"u8))
            throw new InvalidDataException($"{path} is not a .npy file");
        bool version1 = bytes[6] == 1;
        int headerStart = version1 ? 10 : 12;
        int headerLength = version1
            ? BinaryPrimitives.ReadUInt16LittleEndian(bytes.AsSpan(8))
            : (int)BinaryPrimitives.ReadUInt32LittleEndian(bytes.AsSpan(8));
        string header = Encoding.ASCII.GetString(bytes, headerStart, headerLength);
        if (header.Contains("'fortran_order': True", StringComparison.Ordinal))
            throw new InvalidDataException($"{path} is in Fortran order");
        int[] shape =
        [
            .. Shape()
                .Match(header)
                .Groups[1]
                .Value.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)
                .Select(n => int.Parse(n, CultureInfo.InvariantCulture)),
        ];
        ReadOnlySpan<byte> data = bytes.AsSpan(headerStart + headerLength);
        double[] values =
            header.Contains("'<f8'", StringComparison.Ordinal) ? MemoryMarshal.Cast<byte, double>(data).ToArray()
            : header.Contains("'<f4'", StringComparison.Ordinal)
                ? Array.ConvertAll(MemoryMarshal.Cast<byte, float>(data).ToArray(), x => (double)x)
            : throw new InvalidDataException($"{path} holds neither float32 nor float64: {header}");
        if (values.Length != shape.Aggregate(1, (x, y) => x * y))
            throw new InvalidDataException($"{path} is truncated");
        return (values, shape);
    }

    [GeneratedRegex(@"'shape': \(([^)]*)\)")]
    private static partial Regex Shape();
}
