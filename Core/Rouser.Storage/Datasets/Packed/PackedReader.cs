using Rouser.Core;
using Rouser.Data;

namespace Rouser.Storage.Datasets.Packed;

/// <summary>Opens a packed data set where it lies: checks every byte, copies none of the rasters.</summary>
internal static class PackedReader
{
    /// <summary>Maps and checks a file.</summary>
    /// <param name="path">The file.</param>
    /// <param name="digest">The data set that it must hold.</param>
    /// <returns>The set, on the mapped memory; or why the file is not that set.</returns>
    /// <exception cref="IOException">The file is missing or cannot be read.</exception>
    public static Result<Dataset> Open(string path, string digest)
    {
        MappedFile file = MappedFile.Open(path);
        string wrong = Check(file, digest, out PackedHeader header);
        if (wrong.Length == 0)
        {
            try
            {
                return ToDataset(file, header);
            }
            catch (ArgumentException)
            {
                // The checksum is right and the raster is not: whoever wrote it was wrong, or meant to be.
                wrong = "holds a sample that is no raster";
            }
        }
        file.Unmap();
        return new UserError(path, $"{wrong}; delete it, it is made or fetched again");
    }

    private static string Check(MappedFile file, string digest, out PackedHeader header)
    {
        header = default;
        if (PackedHeader.Read(file.Bytes(0, (int)Math.Min(file.Length, PackedHeader.Bytes)), out string wrong) is not { } read)
            return wrong;
        header = read;
        if (header.Digest != digest)
            return $"holds another data set, {header.Digest}";
        if (header.FileLength != file.Length)
            return $"is {file.Length} bytes long instead of {header.FileLength}";
        byte[] actual = BlockDigest.Of(file, header.TrailerOffset);
        return file.Bytes(header.TrailerOffset, BlockDigest.Size).SequenceEqual(actual) ? "" : "is damaged: its checksum differs";
    }

    /// <exception cref="ArgumentException">A raster is none, a label no class, or origins are not the samples'.</exception>
    private static Dataset ToDataset(MappedFile file, PackedHeader header)
    {
        Sample[] samples = new Sample[header.TrainCount + header.TestCount];
        ReadOnlyMemory<long> starts = file.Numbers<long>(PackedHeader.StartsOffset, samples.Length + 1);
        ReadOnlyMemory<int> labels = file.Numbers<int>(header.LabelsOffset, samples.Length);
        if (starts.Span[^1] != header.SpikeCount)
            throw new ArgumentException("The samples' spikes are not the set's.");
        int perSample = header.StepCount + 1;
        for (int i = 0; i < samples.Length; i++)
        {
            (long start, long end) = (starts.Span[i], starts.Span[i + 1]);
            if (start < 0 || end < start || end > header.SpikeCount || end - start > int.MaxValue)
                throw new ArgumentException("A sample has no place.");
            if ((uint)labels.Span[i] >= (uint)header.ClassCount)
                throw new ArgumentException("A label is no class.");
            SpikeRaster raster = new(
                header.InputCount,
                file.Numbers<int>(header.StepsOffset + (sizeof(int) * (long)i * perSample), perSample),
                file.Numbers<ushort>(header.NeuronsOffset + (sizeof(ushort) * start), (int)(end - start))
            );
            samples[i] = new(raster, labels.Span[i]);
        }
        return new(
            header.Name,
            header.Synthetic,
            header.Digest,
            header.InputCount,
            header.ClassCount,
            header.StepCount,
            new ArraySegment<Sample>(samples, 0, header.TrainCount),
            new ArraySegment<Sample>(samples, header.TrainCount, header.TestCount)
        )
        {
            TrainOrigins = PackedOrigins.Read(file.Bytes(header.OriginsOffset, header.OriginBytes), header.TrainCount),
        };
    }
}
