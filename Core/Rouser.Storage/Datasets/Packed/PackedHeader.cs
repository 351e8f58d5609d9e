using System.Buffers.Binary;
using System.Text;
using Rouser.Data;

namespace Rouser.Storage.Datasets.Packed;

/// <summary>The head of a packed data set, from which the place of everything else follows.</summary>
/// <remarks>
/// The file, all numbers little-endian: this header of 176 bytes; where each sample's spikes start, u64[S + 1], S =
/// train + test; its label, i32[S]; its step offsets, i32[S × (T + 1)]; the neurons that spiked, u16[spikes], in
/// the order of <see cref="SpikeRaster.Neurons"/>; where the training samples are from (<see
/// cref="PackedOrigins"/>); and 32 bytes of <see cref="BlockDigest"/> over all before them. So a sample's raster is
/// two stretches of the file as they stand.
/// </remarks>
internal readonly record struct PackedHeader(
    string Digest,
    string Name,
    bool Synthetic,
    int InputCount,
    int ClassCount,
    int StepCount,
    int TrainCount,
    int TestCount,
    long SpikeCount,
    int OriginBytes
)
{
    public const int Bytes = 176,
        DigestLength = 64,
        MaxNameBytes = 64;

    private const int Version = 2,
        MaxSteps = 1_000_000,
        MaxSamples = 10_000_000;

    // On screen in an editor or by file(1): what it is, and a line end that a text conversion would change.
    private static ReadOnlySpan<byte> Magic => "RSRDATA\n"u8;

    private long Samples => (long)TrainCount + TestCount;

    public static long StartsOffset => Bytes;

    public long LabelsOffset => StartsOffset + (sizeof(ulong) * (Samples + 1));

    public long StepsOffset => LabelsOffset + (sizeof(int) * Samples);

    public long NeuronsOffset => StepsOffset + (sizeof(int) * Samples * (StepCount + 1L));

    public long OriginsOffset => NeuronsOffset + (sizeof(ushort) * SpikeCount);

    public long TrailerOffset => OriginsOffset + OriginBytes;

    public long FileLength => TrailerOffset + BlockDigest.Size;

    /// <summary>The header of a set.</summary>
    public static PackedHeader Of(Dataset set, int originBytes) =>
        new(
            set.Digest,
            set.Name,
            set.Synthetic,
            set.InputCount,
            set.ClassCount,
            set.StepCount,
            set.Train.Count,
            set.Test.Count,
            set.Train.Concat(set.Test).Sum(s => (long)s.Raster.SpikeCount),
            originBytes
        );

    /// <summary>
    /// Reads a header; null with what is wrong if it is none of this version, or says what cannot be.
    /// </summary>
    public static PackedHeader? Read(ReadOnlySpan<byte> bytes, out string wrong)
    {
        wrong = "";
        if (bytes.Length < Bytes || !bytes[..8].SequenceEqual(Magic))
            wrong = "is no packed data set";
        else if (Int(bytes, 8) != Version)
            wrong = $"is a packed data set of version {Int(bytes, 8)}, not {Version}";
        if (wrong.Length > 0)
            return null;

        ReadOnlySpan<byte> name = bytes[112..Bytes];
        PackedHeader header = new(
            Encoding.ASCII.GetString(bytes.Slice(48, DigestLength)),
            Encoding.UTF8.GetString(name.TrimEnd((byte)0)),
            (Int(bytes, 12) & 1) != 0,
            Int(bytes, 16),
            Int(bytes, 20),
            Int(bytes, 24),
            Int(bytes, 28),
            Int(bytes, 32),
            BinaryPrimitives.ReadInt64LittleEndian(bytes[40..]),
            Int(bytes, 36)
        );
        bool possible =
            header is
            {
                InputCount: >= 1 and <= SpikeRaster.MaxNeurons,
                ClassCount: >= 1,
                StepCount: >= 1 and <= MaxSteps,
                TrainCount: >= 0 and <= MaxSamples,
                TestCount: >= 0 and <= MaxSamples,
                SpikeCount: >= 0 and < 1L << 48,
                OriginBytes: >= 0,
            };
        if (possible)
            return header;
        wrong = "has a header that cannot be";
        return null;
    }

    public void Write(Span<byte> bytes)
    {
        bytes[..Bytes].Clear();
        Magic.CopyTo(bytes);
        Int(bytes, 8, Version);
        Int(bytes, 12, Synthetic ? 1 : 0);
        Int(bytes, 16, InputCount);
        Int(bytes, 20, ClassCount);
        Int(bytes, 24, StepCount);
        Int(bytes, 28, TrainCount);
        Int(bytes, 32, TestCount);
        Int(bytes, 36, OriginBytes);
        BinaryPrimitives.WriteInt64LittleEndian(bytes[40..], SpikeCount);
        Encoding.ASCII.GetBytes(Digest, bytes.Slice(48, DigestLength));
        Encoding.UTF8.GetBytes(Name, bytes.Slice(112, MaxNameBytes));
    }

    private static int Int(ReadOnlySpan<byte> bytes, int at) => BinaryPrimitives.ReadInt32LittleEndian(bytes[at..]);

    private static void Int(Span<byte> bytes, int at, int value) => BinaryPrimitives.WriteInt32LittleEndian(bytes[at..], value);
}
