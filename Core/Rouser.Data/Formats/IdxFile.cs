using System.Buffers.Binary;
using System.Globalization;
using System.IO.Compression;

namespace Rouser.Data.Formats;

/// <summary>
/// Reads MNIST's IDX files (LeCun, Cortes and Burges 1998): unsigned bytes in an array of one dimension (labels) or
/// three (images), plain or as gzip, whatever the name says.
/// </summary>
/// <remarks>
/// Big-endian: two zero bytes, the type (8 = unsigned byte), the number of dimensions, a length of 32 bits for each,
/// then the bytes, the last dimension fastest.
/// </remarks>
public static class IdxFile
{
    /// <summary>Rows and columns of an image.</summary>
    public const int ImageSize = 28;

    /// <summary>Part of a data set's digest; changes whenever the same file would give other images.</summary>
    public const int Version = 1;

    private const uint OfLabels = 0x0000_0801,
        OfImages = 0x0000_0803;

    /// <summary>Reads images of <see cref="ImageSize"/>².</summary>
    /// <param name="stream">The file; read from its position on, not closed. It can seek.</param>
    /// <param name="place">Its name for mistakes.</param>
    /// <param name="wanted">How many from the start; null for all.</param>
    /// <returns>An array of 784 bytes for each, row by row, 0 the ground and 255 full ink; or what is wrong.</returns>
    public static Result<byte[][]> Images(Stream stream, string place, int? wanted) =>
        Read<byte[]>(
            stream,
            place,
            OfImages,
            "images",
            wanted,
            (file, count) =>
            {
                if (file.Length() is var rows && file.Length() is var columns && (rows, columns) is not (ImageSize, ImageSize))
                    return Wrong(place, $"holds images of {rows}×{columns}, not {ImageSize}×{ImageSize}");
                // The file may promise more than it holds, so that nothing is allocated on its word.
                List<byte[]> images = [];
                for (int i = 0; i < count; i++)
                {
                    byte[] image = new byte[ImageSize * ImageSize];
                    if (!file.Fill(image))
                        return Cut(place, i, "images");
                    images.Add(image);
                }
                return images.ToArray();
            }
        );

    /// <summary>Reads labels.</summary>
    /// <param name="stream">The file; read from its position on, not closed. It can seek.</param>
    /// <param name="place">Its name for mistakes.</param>
    /// <param name="classes">Labels are below it.</param>
    /// <param name="wanted">How many from the start; null for all.</param>
    /// <returns>The labels; or what is wrong.</returns>
    public static Result<byte[]> Labels(Stream stream, string place, int classes, int? wanted) =>
        Read<byte>(
            stream,
            place,
            OfLabels,
            "labels",
            wanted,
            (file, count) =>
            {
                List<byte> labels = [];
                byte[] label = new byte[1];
                for (int i = 0; i < count; i++)
                {
                    if (!file.Fill(label))
                        return Cut(place, i, "labels");
                    if (label[0] >= classes)
                        return Wrong(place, $"gives image {i} the label {label[0]}, but there are {classes} classes");
                    labels.Add(label[0]);
                }
                return labels.ToArray();
            }
        );

    private static Result<T[]> Read<T>(
        Stream stream,
        string place,
        uint magic,
        string what,
        int? wanted,
        Func<Bytes, int, Result<T[]>> read
    )
    {
        ArgumentNullException.ThrowIfNull(stream);
        try
        {
            Bytes file = new(stream);
            if (file.Length() != magic)
                return Wrong(place, $"is no IDX file of {what}");
            uint count = file.Length();
            if (count is 0 or > DatasetSettings.MaxSamples)
                return Wrong(place, $"says that it holds {count} {what}; 1 to {DatasetSettings.MaxSamples} are read");
            if (wanted > count)
                return new UserError(
                    place,
                    string.Create(
                        CultureInfo.InvariantCulture,
                        $"holds {count} {what}, but the sweep asks for {wanted} samples; lower that or leave it out"
                    )
                );
            Result<T[]> items = read(file, wanted ?? (int)count);
            return items.IsOk && wanted is null && !file.IsAtEnd() ? Wrong(place, $"holds more than its {count} {what}") : items;
        }
        catch (InvalidDataException)
        {
            return Wrong(place, "is a damaged gzip file");
        }
    }

    private static UserError Cut(string place, int whole, string what) =>
        Wrong(place, $"ends after {whole} whole {what}; it was cut");

    private static UserError Wrong(string place, FormattableString what) =>
        Wrong(place, what.ToString(CultureInfo.InvariantCulture));

    private static UserError Wrong(string place, string what) => new(place, $"{what}; fetch it again, in MNIST's format");

    /// <summary>The file's bytes, unpacked where it is a gzip file.</summary>
    private sealed class Bytes(Stream stream)
    {
        private readonly Stream _stream = IsGzip(stream)
            ? new GZipStream(stream, CompressionMode.Decompress, leaveOpen: true)
            : stream;

        /// <summary>The next number of 32 bits; where the file ends before it, one that fits nothing.</summary>
        public uint Length()
        {
            Span<byte> number = stackalloc byte[sizeof(uint)];
            return Fill(number) ? BinaryPrimitives.ReadUInt32BigEndian(number) : uint.MaxValue;
        }

        public bool Fill(Span<byte> bytes) => _stream.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false) == bytes.Length;

        public bool IsAtEnd() => _stream.ReadByte() < 0;

        private static bool IsGzip(Stream stream)
        {
            long start = stream.Position;
            bool gzip = stream.ReadByte() == 0x1F && stream.ReadByte() == 0x8B;
            stream.Position = start;
            return gzip;
        }
    }
}
