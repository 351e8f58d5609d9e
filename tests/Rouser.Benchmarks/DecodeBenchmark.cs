using Rouser.Core;
using Rouser.Data;
using Rouser.Data.Formats;
using Rouser.Data.Recordings;
using Rouser.Orchestrator.Benchmarks;

namespace Rouser.Benchmarks;

/// <summary>
/// Decoding and binning N-MNIST recordings on one thread, from memory: what the disk adds is not ours.
/// </summary>
internal static class DecodeBenchmark
{
    private const int GeneratedRecordings = 200;

    public static Result<Finding> Run(string? folder, int runs)
    {
        byte[][] files = folder is null
            ?
            [
                .. Enumerable
                    .Range(0, GeneratedRecordings)
                    .Select(i => Encode(new SaccadeDigits(0).Record(DatasetSplit.Train, i))),
            ]
            :
            [
                .. Directory
                    .EnumerateFiles(folder, "*.bin", SearchOption.AllDirectories)
                    .Order(StringComparer.Ordinal)
                    .Select(File.ReadAllBytes),
            ];
        if (files.Length == 0)
            return new UserError(folder ?? "", "holds no .bin files; give the folder with N-MNIST's Train and Test");

        var binning = new EventBinning(NMnistDecoder.SensorSize, NMnistDecoder.SensorSize, Steps: 300, StepMilliseconds: 1);
        Result<SensorEvent[]>[] decoded = [.. files.Select(Decode)];
        if (Array.Find(decoded, d => !d.IsOk) is { } bad)
            return Result<Finding>.Failed(bad.Errors);
        Spread[] seconds = Spread.Time(
            runs,
            () => Array.ForEach(files, file => Decode(file)),
            () => Array.ForEach(decoded, events => binning.Bin(events.Value))
        );

        SpikeRaster[] rasters = [.. decoded.Select(events => binning.Bin(events.Value).Raster)];
        Augmenter augmenter = new(new(JitterSteps: 2, Shift: 2), binning, slots: 1);
        Augmentation all = new(JitterSteps: 2, Shift: 2)
        {
            Drop = 0.1,
            Stretch = 0.1,
            Rotation = 10,
            Scale = 0.1,
            Blend = 1,
        };
        Augmenter every = new(all, binning, slots: 1);
        Spread[] processor = Processor(
            runs,
            () => Array.ForEach(files, file => Decode(file)),
            () => Array.ForEach(files, file => binning.Bin(Decode(file).Value)),
            () => Array.ForEach(files, file => CheckedSample.Of(Decode(file).Value, binning, 0, "")),
            () => Array.ForEach(rasters, raster => augmenter.Apply(raster, new RandomStream(0, "augment/1/0"), 0)),
            () =>
                Array.ForEach(rasters, raster => every.Apply(raster, new RandomStream(0, "augment/1/0"), 0, partner: rasters[0]))
        );
        double count = decoded.Sum(d => (double)d.Value.Length),
            bytes = files.Sum(f => (double)f.Length);
        return new Finding(
            "dataset-decode",
            $"{files.Length} {(folder is null ? "generated digits (synthetic)" : "N-MNIST recordings")}, {count:F0} events",
            1,
            [
                Measurement.Of("decode, per recording", seconds[0].Times(1e3 / files.Length), "ms"),
                new(
                    "decode",
                    count / seconds[0].Median / 1e6,
                    "10⁶ events/s",
                    Note: $"{bytes / seconds[0].Median / 1e6:F0} MB/s"
                ),
                Measurement.Of("bin, per recording", seconds[1].Times(1e3 / files.Length), "ms"),
                new("bin", count / seconds[1].Median / 1e6, "10⁶ events/s"),
                Measurement.Of("decode, of processor time", PerSecond(processor[0]), "MB/s"),
                Measurement.Of("decode and bin, of processor time", PerSecond(processor[1]), "MB/s"),
                Measurement.Of("decode, bin and check, of processor time", PerSecond(processor[2]), "MB/s"),
                new("the check's share of it", 100 * (1 - (processor[1].Median / processor[2].Median)), "%"),
                Measurement.Of("augment, per recording", processor[3].Times(1e3 / files.Length), "ms of processor time"),
                Measurement.Of(
                    "augment in all ways, per recording",
                    processor[4].Times(1e3 / files.Length),
                    "ms of processor time"
                ),
            ]
        );

        Spread PerSecond(Spread s) => new(bytes / s.Median / 1e6, bytes / s.Upper / 1e6, bytes / s.Lower / 1e6);
    }

    /// <summary>
    /// Processor time instead of time, seconds: what others do on the machine is not in it, what the runtime does
    /// meanwhile is.
    /// </summary>
    private static Spread[] Processor(int runs, params Action[] actions)
    {
        double[][] seconds = [.. actions.Select(_ => new double[runs])];
        for (int run = 0; run < runs; run++)
        {
            for (int k = 0; k < actions.Length; k++)
            {
                TimeSpan before = Environment.CpuUsage.TotalTime;
                actions[k]();
                seconds[k][run] = (Environment.CpuUsage.TotalTime - before).TotalSeconds;
            }
        }
        return [.. seconds.Select(s => Spread.Of(s))];
    }

    private static Result<SensorEvent[]> Decode(byte[] file)
    {
        using var stream = new MemoryStream(file, writable: false);
        return NMnistDecoder.Decode(stream, "benchmark");
    }

    /// <summary>A recording as N-MNIST stores it; <see cref="NMnistDecoder"/> has the format.</summary>
    private static byte[] Encode(SensorEvent[] events)
    {
        var file = new byte[events.Length * NMnistDecoder.RecordBytes];
        for (int i = 0, at = 0; i < events.Length; i++, at += NMnistDecoder.RecordBytes)
        {
            (file[at], file[at + 1]) = ((byte)events[i].X, (byte)events[i].Y);
            file[at + 2] = (byte)((events[i].Microseconds >> 16) | (events[i].On ? 0x80L : 0));
            (file[at + 3], file[at + 4]) = ((byte)(events[i].Microseconds >> 8), (byte)events[i].Microseconds);
        }
        return file;
    }
}
