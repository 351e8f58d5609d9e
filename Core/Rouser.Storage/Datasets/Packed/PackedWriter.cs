using System.Buffers.Binary;
using System.Runtime.InteropServices;
using Rouser.Data;

namespace Rouser.Storage.Datasets.Packed;

/// <summary>Writes a data set as <see cref="PackedHeader"/> says, front to back.</summary>
internal static class PackedWriter
{
    /// <summary>Writes the set; the same set gives the same bytes.</summary>
    /// <param name="to">Written from its position on.</param>
    /// <param name="done">Takes the number of samples whose spikes are written, after each: nearly all of the
    /// file.</param>
    public static void Write(Dataset set, Stream to, Action<int>? done = null)
    {
        // Not disposed: that would close the stream of the caller.
        BufferedStream buffered = new(to, 1 << 16);
        using BlockDigest digest = new();
        Span<byte> header = stackalloc byte[PackedHeader.Bytes];
        byte[] origins = PackedOrigins.Write(set.TrainOrigins);
        PackedHeader.Of(set, origins.Length).Write(header);
        Put(header);

        Span<byte> number = stackalloc byte[sizeof(ulong)];
        number.Clear();
        Put(number);
        long start = 0;
        foreach (Sample sample in All())
        {
            BinaryPrimitives.WriteInt64LittleEndian(number, start += sample.Raster.SpikeCount);
            Put(number);
        }
        foreach (Sample sample in All())
        {
            BinaryPrimitives.WriteInt32LittleEndian(number, sample.Label);
            Put(number[..sizeof(int)]);
        }
        foreach (Sample sample in All())
            Put(MemoryMarshal.AsBytes(sample.Raster.StepOffsets));
        int written = 0;
        foreach (Sample sample in All())
        {
            Put(MemoryMarshal.AsBytes(sample.Raster.Neurons));
            done?.Invoke(++written);
        }
        Put(origins);
        buffered.Write(digest.Finish());
        buffered.Flush();

        IEnumerable<Sample> All() => set.Train.Concat(set.Test);

        void Put(ReadOnlySpan<byte> bytes)
        {
            digest.Append(bytes);
            buffered.Write(bytes);
        }
    }
}
