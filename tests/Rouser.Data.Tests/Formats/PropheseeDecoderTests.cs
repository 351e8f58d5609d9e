using System.Text;
using Rouser.Data.Formats;

namespace Rouser.Data.Tests.Formats;

/// <summary>Words are put together here bit by bit, as Prophesee's descriptions of its formats say.</summary>
public class PropheseeDecoderTests
{
    private const string Evt2 = "% date 2024-01-01 10:00:00\n% evt 2.0\n% geometry 8x4\n% end\n",
        Evt3 = "% format EVT3;height=4;width=8\n% end\n";

    private static readonly string[] Dat = ["% Data file containing CD events", "% Version 2", "% Width 8", "% Height 4"];

    [Fact]
    public void Evt2_joins_the_upper_time_to_each_events_lower_six_bits()
    {
        byte[] file = Raw(Evt2, Cd(1, 9, 1, 1), High2(3), Cd(1, 5, 7, 0), 0xA000_0000, Cd(0, 63, 0, 3), High2(4), Cd(0, 0, 2, 2));
        Assert.Equal(
            [new((3 << 6) + 5, 7, 0, true), new((3 << 6) + 63, 0, 3, false), new(4 << 6, 2, 2, false)],
            DecodeRaw(file).Value
        );
    }

    [Fact]
    public void Evt3_keeps_row_time_and_base_until_they_change()
    {
        byte[] file = Raw16(
            Evt3,
            0x2003,
            0x8002,
            0x6005,
            0x0001,
            0x2803,
            0x2004,
            0x0003,
            0x3800,
            0x5081,
            0x6006,
            0x3000,
            0x4005,
            0x7000,
            0xE123,
            0x8003,
            0x2801
        );
        long time = (2 << 12) + 5;
        Assert.Equal(
            [
                new(time, 3, 1, true),
                new(time, 4, 1, false),
                new(time, 0, 3, true),
                new(time, 7, 3, true),
                new(time + 1, 0, 3, false),
                new(time + 1, 2, 3, false),
                new(3 << 12, 1, 3, true),
            ],
            DecodeRaw(file).Value
        );
    }

    [Fact]
    public void Evt3_goes_on_when_its_24_bits_of_time_are_full()
    {
        SensorEvent[] events = DecodeRaw(Raw16(Evt3, 0x8FFF, 0x6FFF, 0x0000, 0x2000, 0x8000, 0x6001, 0x2001)).Value;
        Assert.Equal([(1L << 24) - 1, (1L << 24) + 1], events.Select(e => e.Microseconds));
    }

    [Fact]
    public void Dat_holds_time_and_address_in_two_words()
    {
        byte[] file = DatFile(Dat, 12, 8, 5, 7 | (1 << 14) | (1u << 28), 9, 0 | (3 << 14));
        Assert.Equal([new(5, 7, 1, true), new(9, 0, 3, false)], DecodeDat(file).Value);
    }

    [Fact]
    public void What_is_not_read_is_named()
    {
        Assert.Contains(
            "is Prophesee 'EVT21'; read are EVT2 and EVT3",
            Wrong(DecodeRaw(Raw("% format EVT21;height=4;width=8\n% end\n"))),
            StringComparison.Ordinal
        );
        Assert.Contains("its head names no format", Wrong(DecodeRaw([0, 1, 2, 3])), StringComparison.Ordinal);
        Assert.Contains(
            "is from a sensor of 1280×720; set dataset.width: 1280 and dataset.height: 720",
            Wrong(DecodeRaw(Raw("% evt 3.0\n% geometry 1280x720\n% end\n"))),
            StringComparison.Ordinal
        );
        Assert.Contains(
            "has coordinates (9, 0) outside the 8×4 sensor",
            Wrong(DecodeRaw(Raw("% evt 2.0\n% end\n", High2(0), Cd(1, 0, 9, 0)))),
            StringComparison.Ordinal
        );
        Assert.Contains(
            "ends the file within a word of 4 bytes",
            Wrong(DecodeRaw(Raw(Evt2, High2(0))[..^1])),
            StringComparison.Ordinal
        );
        Assert.Contains("holds no contrast events", Wrong(DecodeRaw(Raw(Evt2, High2(0)))), StringComparison.Ordinal);
        Assert.Contains("does not start with %", Wrong(DecodeDat([1, 2, 3])), StringComparison.Ordinal);
        Assert.Contains(
            "is truncated: the event holds 7 of 8 bytes",
            Wrong(DecodeDat(DatFile(Dat, 12, 8, 5, 7)[..^1])),
            StringComparison.Ordinal
        );
        Assert.Contains("holds events of kind 14 and 16 bytes", Wrong(DecodeDat(DatFile(Dat, 14, 16))), StringComparison.Ordinal);
    }

    [Fact]
    public void Ten_thousand_damaged_raw_files_end_in_events_or_one_mistake()
    {
        uint[] words =
        [
            High2(0),
            .. Enumerable
                .Range(0, 100)
                .Select(i => i % 10 == 9 ? High2((uint)i) : Cd((uint)i % 2, (uint)i % 64, (uint)i % 8, (uint)i % 4)),
        ];
        ushort[] small =
        [
            0x8000,
            0x6000,
            0x0000,
            .. Enumerable
                .Range(0, 100)
                .SelectMany(i =>
                    new[] { (ushort)(0x6000 | i), (ushort)(i % 4), (ushort)(0x2000 | (i % 8)), (ushort)0x3000, (ushort)0x5011 }
                ),
        ];
        Mutations.Check(
            [Raw(Evt2, words), Raw16(Evt3, small)],
            stream => PropheseeDecoder.DecodeRaw(stream, "e.raw", 8, 4),
            8,
            4,
            "e.raw"
        );
    }

    [Fact]
    public void Ten_thousand_damaged_dat_files_end_in_events_or_one_mistake()
    {
        byte[] good = DatFile(
            Dat,
            0,
            8,
            [
                .. Enumerable
                    .Range(0, 100)
                    .SelectMany(i => new[] { (uint)i * 10, (uint)(i % 8) | (uint)(i % 4 << 14) | (uint)(i % 2) << 28 }),
            ]
        );
        Mutations.Check([good], stream => PropheseeDecoder.DecodeDat(stream, "e.dat", 8, 4), 8, 4, "e.dat");
    }

    private static uint High2(uint time) => (8u << 28) | time;

    private static uint Cd(uint polarity, uint time, uint x, uint y) => (polarity << 28) | (time << 22) | (x << 11) | y;

    private static byte[] Raw(string head, params uint[] words) =>
        [.. Encoding.ASCII.GetBytes(head), .. words.SelectMany(BitConverter.GetBytes)];

    private static byte[] Raw16(string head, params ushort[] words) =>
        [.. Encoding.ASCII.GetBytes(head), .. words.SelectMany(BitConverter.GetBytes)];

    private static byte[] DatFile(string[] head, byte kind, byte size, params uint[] words) =>
        [.. Encoding.ASCII.GetBytes(string.Join("\n", head) + "\n"), kind, size, .. words.SelectMany(BitConverter.GetBytes)];

    private static Result<SensorEvent[]> DecodeRaw(byte[] file)
    {
        using MemoryStream stream = new(file);
        return PropheseeDecoder.DecodeRaw(stream, "e.raw", 8, 4);
    }

    private static Result<SensorEvent[]> DecodeDat(byte[] file)
    {
        using MemoryStream stream = new(file);
        return PropheseeDecoder.DecodeDat(stream, "e.dat", 8, 4);
    }

    private static string Wrong(Result<SensorEvent[]> result) => Assert.Single(result.Errors).Message;
}
