using Rouser.Data.Formats;

namespace Rouser.Data.Tests.Formats;

public class Aedat4DecoderTests
{
    private static readonly SensorEvent[] Few =
    [
        new(1_700_000_000_000_000, 7, 0, true),
        new(1_700_000_000_000_001, 0, 3, false),
        new(1_700_000_000_000_900, 4, 2, true),
    ];

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public void Events_come_with_place_polarity_and_time_however_they_are_compressed(int compression)
    {
        Aedat4Writer writer = new Aedat4Writer(compression, streams: ["FRME", "EVTS", "IMUS"])
            .Packet(0, [1, 2, 3, 4, 5])
            .Events(1, Few)
            .Packet(2, [9])
            .Events(1)
            .Events(1, Few[1..]);
        Assert.Equal([.. Few, .. Few[1..]], Decode(writer.File()).Value.Events);
        Assert.Equal([.. Few, .. Few[1..]], Decode(writer.File(table: false)).Value.Events);
    }

    [Fact]
    public void Many_events_in_many_packets_are_read_whole()
    {
        SensorEvent[] many =
        [
            .. Enumerable
                .Range(0, 30_000)
                .Select(i => new SensorEvent(i * 10L, (ushort)(i % 8), (ushort)(i / 7 % 4), i % 3 == 0)),
        ];
        Aedat4Writer writer = new(1);
        foreach (SensorEvent[] packet in many.Chunk(4_999))
            writer.Events(0, packet);
        Assert.Equal(many, Decode(writer.File()).Value.Events);
    }

    [Fact]
    public void What_is_wrong_is_said_with_its_place()
    {
        byte[] good = new Aedat4Writer(1).Events(0, Few).File(table: false);
        Assert.StartsWith($"byte {good.Length - 3} ends the file too early", Wrong(good[..^3]), StringComparison.Ordinal);
        Assert.Contains(
            "is from a sensor of 346×260; set dataset.width: 346 and dataset.height: 260",
            Wrong(new Aedat4Writer(1, 346, 260).Events(0, Few).File()),
            StringComparison.Ordinal
        );
        Assert.Contains(
            "names no stream of polarity events",
            Wrong(new Aedat4Writer(1, streams: ["FRME"]).File()),
            StringComparison.Ordinal
        );
        Assert.Contains("holds no polarity events", Wrong(new Aedat4Writer(1).File()), StringComparison.Ordinal);
        Assert.Contains(
            "coordinates (9, 0) outside the 8×4 sensor",
            Wrong(new Aedat4Writer(1).Events(0, new SensorEvent(0, 9, 0, true)).File()),
            StringComparison.Ordinal
        );
        Assert.Contains(
            "cannot be unpacked",
            Wrong(new Aedat4Writer(3).Events(0, Few).File(table: false)[..^5].Concat(new byte[5]).ToArray()),
            StringComparison.Ordinal
        );
        Assert.Equal(
            "of 2 streams of events the first is read",
            Decode(new Aedat4Writer(0, streams: ["EVTS", "EVTS"]).Events(0, Few).File()).Value.Remark
        );
    }

    [Fact]
    public void Other_versions_of_the_family_go_to_their_reader_or_are_named()
    {
        Assert.Equal(Few, Family(new Aedat4Writer(1).Events(0, Few).File()).Value.Events);
        SensorEvent[] older = [new(5, 1, 2, true)];
        Assert.Equal(older, Family(new AedatWriter().Polarity(older).Bytes).Value.Events);
        Assert.StartsWith(
            "is AEDAT 2.0, whose addresses mean something else on every chip",
            Assert.Single(Family("#!AER-DAT2.0\r\n# This is a raw AE data file\r\n12345678"u8.ToArray()).Errors).Message,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void Ten_thousand_damaged_files_end_in_events_or_one_mistake()
    {
        SensorEvent[] some =
        [
            .. Enumerable.Range(0, 120).Select(i => new SensorEvent(i * 1000L, (ushort)(i % 8), (ushort)(i * 7 % 4), i % 2 == 0)),
        ];
        byte[][] good =
        [
            .. new[] { 0, 1, 3 }.Select(c =>
                new Aedat4Writer(c, streams: ["EVTS", "FRME"])
                    .Events(0, some[..60])
                    .Packet(1, [1, 2, 3])
                    .Events(0, some[60..])
                    .File(table: c == 1)
            ),
        ];
        Mutations.Check(
            good,
            stream => Aedat4Decoder.Decode(stream, "x.aedat4", 8, 4).Then<SensorEvent[]>(r => r.Events),
            8,
            4,
            "x.aedat4"
        );
    }

    private static Result<RecordedEvents> Decode(byte[] file)
    {
        using MemoryStream stream = new(file);
        return Aedat4Decoder.Decode(stream, "x.aedat4", 8, 4);
    }

    private static Result<RecordedEvents> Family(byte[] file)
    {
        using MemoryStream stream = new(file);
        return AedatFile.Decode(stream, "x.aedat", 8, 4);
    }

    private static string Wrong(byte[] file) => Assert.Single(Decode(file).Errors).Message;
}
