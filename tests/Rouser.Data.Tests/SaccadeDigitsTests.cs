using System.Buffers.Binary;
using System.Security.Cryptography;
using Rouser.Data.Recordings;
using Rouser.Data.Tests.Formats;
using Rouser.Testing;

namespace Rouser.Data.Tests;

public class SaccadeDigitsTests
{
    [Fact]
    public void The_same_seed_gives_the_same_bytes_in_every_version_and_on_every_machine()
    {
        // If this fails after a change to the generator, raise SaccadeDigits.Version with the constant; if not, the
        // generator is not reproducible.
        SaccadeDigits digits = new(seed: 7);
        using IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        for (int i = 0; i < 40; i++)
            hash.AppendData(Bytes(digits.Record(i < 30 ? DatasetSplit.Train : DatasetSplit.Test, i)));
        Assert.Equal(1, SaccadeDigits.Version);
        Assert.Equal(
            "7b802cdc7556b91ea69a6a342ecc5a8f472c8fcb2ded218cf06b946f49f66783",
            Convert.ToHexStringLower(hash.GetHashAndReset())
        );
    }

    [Fact]
    public void A_sample_depends_on_seed_split_and_index_alone()
    {
        SaccadeDigits digits = new(3);
        byte[] fifth = Bytes(digits.Record(DatasetSplit.Train, 5));
        digits.Record(DatasetSplit.Train, 6);
        Assert.Equal(fifth, Bytes(digits.Record(DatasetSplit.Train, 5)));
        Assert.Equal(fifth, Bytes(new SaccadeDigits(3).Record(DatasetSplit.Train, 5)));
        Assert.NotEqual(fifth, Bytes(digits.Record(DatasetSplit.Test, 5)));
        Assert.NotEqual(fifth, Bytes(digits.Record(DatasetSplit.Train, 15)));
        Assert.NotEqual(fifth, Bytes(new SaccadeDigits(4).Record(DatasetSplit.Train, 5)));
    }

    [Fact]
    public void Samples_made_in_parallel_are_those_made_in_turn()
    {
        SaccadeDigits digits = new(1);
        byte[][] serial = [.. Enumerable.Range(0, 100).Select(i => Bytes(digits.Record(DatasetSplit.Train, i)))];
        byte[][] parallel = new byte[100][];
        Parallel.For(0, 100, i => parallel[i] = Bytes(digits.Record(DatasetSplit.Train, i)));
        Assert.Equal(serial, parallel);
    }

    [Fact]
    public void Every_ten_samples_hold_each_class_once() =>
        Assert.Equal(Enumerable.Range(0, 10), Enumerable.Range(30, 10).Select(SaccadeDigits.LabelOf));

    [Fact]
    public void Events_lie_on_the_sensor_in_order_within_315_ms()
    {
        for (int i = 0; i < 100; i++)
        {
            SensorEvent[] events = new SaccadeDigits(i).Record(DatasetSplit.Test, i);
            Assert.True(events.All(e => e is { X: < 34, Y: < 34, Microseconds: >= 0 and < 315_000 }), $"seed {i}");
            Assert.True(events.Zip(events.Skip(1)).All(pair => pair.First.Microseconds <= pair.Second.Microseconds), $"seed {i}");
        }
    }

    /// <summary>
    /// Bands around what the 1,000 real recordings show; the values are in the remarks of
    /// <see cref="SaccadeDigits"/>.
    /// </summary>
    [Fact]
    public void Counts_timing_polarity_and_spread_are_those_of_nmnist()
    {
        RecordingStatistics generated = new();
        SaccadeDigits digits = new(0);
        for (int i = 0; i < 500; i++)
            generated.Add(digits.Record(DatasetSplit.Train, i));

        Assert.InRange(generated.MeanCount, 3_900, 4_350);
        Assert.InRange(generated.CountDeviation, 800, 1_250);
        Assert.InRange(generated.LeastCount, 1_000, 2_200);
        Assert.InRange(generated.MostCount, 5_800, 8_500);
        Assert.InRange(generated.OnShare, 0.48, 0.52);
        Assert.InRange(generated.SpreadX, 4.4, 5.2);
        Assert.InRange(generated.SpreadY, 6.0, 6.8);
        // The middle of each saccade is a burst, the ends of each are quiet.
        foreach (int saccade in new[] { 0, 1, 2 })
        {
            Assert.InRange(generated.ShareOfSaccade(saccade), 0.25, 0.42);
            Assert.InRange(generated.ShareBetween((105 * saccade) + 25, (105 * saccade) + 70), 0.15, 0.32);
        }
        Assert.InRange(
            generated.ShareBetween(0, 10) + generated.ShareBetween(85, 110) + generated.ShareBetween(210, 225),
            0.005,
            0.06
        );
    }

    [SharedDataFact]
    public void The_statistics_are_close_to_those_of_the_real_recordings()
    {
        RecordingStatistics real = new(),
            generated = new();
        foreach (string file in NMnistDecoderTests.Files("Train").Concat(NMnistDecoderTests.Files("Test")))
            real.Add(NMnistDecoderTests.Read(file));
        SaccadeDigits digits = new(0);
        for (int i = 0; i < 1000; i++)
            generated.Add(digits.Record(DatasetSplit.Train, i));
        string both =
            $"real: {real}; generated: {generated}; time {generated.TimeDistanceTo(real):F3}, place {generated.PlaceDistanceTo(real):F3}";

        Assert.True(Math.Abs((generated.MeanCount / real.MeanCount) - 1) < 0.04, both);
        Assert.True(Math.Abs((generated.CountDeviation / real.CountDeviation) - 1) < 0.2, both);
        Assert.True(Math.Abs(generated.OnShare - real.OnShare) < 0.01, both);
        Assert.True(Math.Abs((generated.SpreadX / real.SpreadX) - 1) < 0.08, both);
        Assert.True(Math.Abs((generated.SpreadY / real.SpreadY) - 1) < 0.08, both);
        Assert.True(generated.TimeDistanceTo(real) < 0.11, both);
        Assert.True(generated.PlaceDistanceTo(real) < 0.11, both);
    }

    private static byte[] Bytes(SensorEvent[] events)
    {
        byte[] bytes = new byte[events.Length * 13];
        for (int i = 0; i < events.Length; i++)
        {
            Span<byte> record = bytes.AsSpan(i * 13);
            BinaryPrimitives.WriteInt64LittleEndian(record, events[i].Microseconds);
            BinaryPrimitives.WriteUInt16LittleEndian(record[8..], events[i].X);
            BinaryPrimitives.WriteUInt16LittleEndian(record[10..], events[i].Y);
            record[12] = events[i].On ? (byte)1 : (byte)0;
        }
        return bytes;
    }
}
