using Rouser.Data.Formats;
using Rouser.Testing;

namespace Rouser.Data.Tests.Formats;

public class AedatDecoderTests
{
    private static readonly SensorEvent[] Few = [new(7, 127, 0, true), new(8, 0, 127, false), new(8, 64, 65, true)];

    [Fact]
    public void Events_come_with_place_polarity_and_time() =>
        Assert.Equal(Few, Decode(new AedatWriter().Polarity(Few).Bytes).Value);

    [Fact]
    public void The_packets_overflow_is_the_upper_part_of_the_time()
    {
        SensorEvent[] late = [new((5L << 31) | 0x7FFFFFFF, 1, 2, true), new(5L << 31, 1, 3, false)];
        Assert.Equal([.. Few, .. late], Decode(new AedatWriter().Polarity(Few).Polarity(late).Bytes).Value);
    }

    [Fact]
    public void Invalid_events_spare_room_empty_packets_and_other_packets_are_passed_over()
    {
        byte[] file = new AedatWriter()
            .Other(0, 8, 3)
            .Polarity([])
            .Polarity(Few, spareRoom: 4, valid: i => i != 1)
            .Other(2, 100, 2)
            .Polarity(Few, spareRoom: 1)
            .Bytes;
        Assert.Equal([Few[0], Few[2], .. Few], Decode(file).Value);
        // A writer that was stopped need not have written the room that it did not use.
        Assert.Equal([Few[0], Few[2], .. Few], Decode(file[..^5]).Value);
    }

    [Fact]
    public void More_events_than_the_read_buffer_holds_are_read_whole()
    {
        SensorEvent[] many =
        [
            .. Enumerable.Range(0, 30_000).Select(i => new SensorEvent(i, (ushort)(i % 128), (ushort)(i / 7 % 128), i % 3 == 0)),
        ];
        Assert.Equal(many, Decode(new AedatWriter().Polarity(many).Bytes).Value);
    }

    [Fact]
    public void A_defect_is_one_mistake_with_file_and_offset()
    {
        int start = new AedatWriter().Bytes.Length;
        byte[] good = new AedatWriter().Polarity(Few).Bytes;
        Assert.StartsWith("byte 0 is no # of a header", Wrong([1, 2, 3]), StringComparison.Ordinal);
        Assert.StartsWith(
            "byte 0 is no #!AER-DAT3.1",
            Wrong(new AedatWriter("2.0").Polarity(Few).Bytes),
            StringComparison.Ordinal
        );
        Assert.StartsWith(
            $"byte {start} is truncated: the packet's header holds 27 of 28 bytes",
            Wrong(good[..(start + 27)]),
            StringComparison.Ordinal
        );
        Assert.StartsWith(
            $"byte {good.Length - 3} ends the file 3 bytes before its packet",
            Wrong(good[..^3]),
            StringComparison.Ordinal
        );
        Assert.StartsWith(
            $"byte {start + 28 + 8} has coordinates (128, 0) outside the 128×128 sensor",
            Wrong(new AedatWriter().Polarity([Few[0], new(1, 128, 0, true)]).Bytes),
            StringComparison.Ordinal
        );
        Assert.StartsWith("holds no polarity events", Wrong(new AedatWriter().Bytes), StringComparison.Ordinal);
        AedatWriter swollen = new();
        swollen.Header(1, 8, 4, 0, int.MaxValue, 1);
        Assert.StartsWith(
            $"byte {start} starts a packet of 17,179,869,176 bytes",
            Wrong(swollen.Bytes),
            StringComparison.Ordinal
        );
        AedatWriter crowded = new();
        crowded.Header(1, 8, 4, 0, 1, 2);
        Assert.StartsWith(
            $"byte {start} starts a packet of 2 events with room for 1",
            Wrong(crowded.Bytes),
            StringComparison.Ordinal
        );

        static string Wrong(byte[] file)
        {
            UserError mistake = Assert.Single(Decode(file).Errors);
            Assert.Equal("x.aedat", mistake.Location);
            return mistake.Message;
        }
    }

    [Fact]
    public void Ten_thousand_damaged_files_end_in_events_or_one_mistake()
    {
        SensorEvent[] some =
        [
            .. Enumerable
                .Range(0, 300)
                .Select(i => new SensorEvent(i * 1000L, (ushort)(i % 128), (ushort)(i * 7 % 128), i % 2 == 0)),
        ];
        byte[][] good =
        [
            new AedatWriter().Polarity(some[..150], spareRoom: 3).Other(0, 8, 2).Polarity(some[150..]).Bytes,
            new AedatWriter().Polarity(Few).Bytes,
        ];
        Mutations.Check(good, stream => AedatDecoder.Decode(stream, "x.aedat"), 128, 128, "x.aedat");
    }

    [SharedDataFact]
    public void Real_gestures_are_the_same_after_a_round_trip()
    {
        // The numbers of events, in the order of the files, are from the recordings' README.
        int[] counts = [63_471, 84_260, 113_063, 151_879, 181_179, 124_244, 159_617, 101_288, 141_773, 85_936];
        string[] files = [.. Directory.GetFiles(SharedData.Path("dvs128"), "*.bs2").Order(StringComparer.Ordinal)];
        Assert.Equal(10, files.Length);
        for (int i = 0; i < files.Length; i++)
        {
            using FileStream stream = File.OpenRead(files[i]);
            SensorEvent[] events = NMnistDecoder.Decode(stream, files[i], 128, 128).Value;
            Assert.Equal(counts[i], events.Length);
            AedatWriter writer = new();
            foreach (SensorEvent[] packet in events.Chunk(4_096))
                writer.Polarity(packet, spareRoom: i);
            Assert.Equal(events, Decode(writer.Bytes).Value);
        }
    }

    private static Result<SensorEvent[]> Decode(byte[] file)
    {
        using MemoryStream stream = new(file);
        return AedatDecoder.Decode(stream, "x.aedat");
    }
}
