using System.IO.Compression;
using System.Text;
using Rouser.Data.Formats;
using Rouser.Data.Recordings;

namespace Rouser.Data.Tests.Formats;

public class NpzEventDecoderTests
{
    private static readonly byte[] Spiking = Npz(
        CompressionLevel.Fastest,
        (
            "t",
            Npy(
                "<i8",
                3,
                w =>
                {
                    w.Write(5L);
                    w.Write(1_000L);
                    w.Write(9_999_999_999L);
                }
            )
        ),
        (
            "x",
            Npy(
                "<i2",
                3,
                w =>
                {
                    w.Write((short)1);
                    w.Write((short)0);
                    w.Write((short)7);
                }
            )
        ),
        ("y", Npy("|u1", 3, w => w.Write(new byte[] { 3, 2, 1 }))),
        ("p", Npy("|b1", 3, w => w.Write(new byte[] { 1, 0, 1 })))
    );

    private static readonly byte[] Tonic = Npy(
        "[('x', '<i2'), ('y', '<i2'), ('t', '<i8'), ('p', '|b1')]",
        2,
        w =>
        {
            foreach (
                (short x, short y, long t, byte p) in new[]
                {
                    ((short)1, (short)3, 5L, (byte)1),
                    ((short)7, (short)0, 80L, (byte)0),
                }
            )
            {
                w.Write(x);
                w.Write(y);
                w.Write(t);
                w.Write(p);
            }
        }
    );

    [Fact]
    public void Arrays_by_name_are_read_as_SpikingJelly_writes_them() =>
        Assert.Equal([new(5, 1, 3, true), new(1_000, 0, 2, false), new(9_999_999_999, 7, 1, true)], Decode(Spiking).Value);

    [Fact]
    public void Records_are_read_as_Tonic_holds_them()
    {
        SensorEvent[] expected = [new(5, 1, 3, true), new(80, 7, 0, false)];
        Assert.Equal(expected, Decode(Npz(CompressionLevel.NoCompression, ("events", Tonic))).Value);
        using MemoryStream single = new(Tonic);
        Assert.Equal(expected, NpzEventDecoder.DecodeSingle(single, "e.npy", 8, 4).Value.Events);
    }

    [Fact]
    public void Floats_and_missing_rows_are_fine()
    {
        byte[] file = Npz(
            CompressionLevel.Fastest,
            ("t", Npy("<f4", 1, w => w.Write(2.75f))),
            ("x", Npy("<f8", 1, w => w.Write(6.0)))
        );
        Assert.Equal([new(2, 6, 0, true)], Decode(file).Value);
    }

    [Fact]
    public void What_is_no_file_of_events_is_said()
    {
        Assert.Contains(
            "holds no arrays t and x",
            Wrong(Npz(CompressionLevel.Fastest, ("frames", Tonic[..40]))),
            StringComparison.Ordinal
        );
        Assert.Contains("is damaged or no .npz file", Wrong([1, 2, 3]), StringComparison.Ordinal);
        Assert.Contains(
            "but 1 of another array",
            Wrong(
                Npz(
                    CompressionLevel.Fastest,
                    ("t", Npy("|u1", 2, w => w.Write((short)0))),
                    ("x", Npy("|u1", 1, w => w.Write((byte)0)))
                )
            ),
            StringComparison.Ordinal
        );
        Assert.Contains(
            "event 0 has the place (8, 0); the sensor is 8×4",
            Wrong(
                Npz(
                    CompressionLevel.Fastest,
                    ("t", Npy("|u1", 1, w => w.Write((byte)0))),
                    ("x", Npy("|u1", 1, w => w.Write((byte)8)))
                )
            ),
            StringComparison.Ordinal
        );
        Assert.Contains(
            "has elements of type >i8",
            Wrong(
                Npz(CompressionLevel.Fastest, ("t", Npy(">i8", 1, w => w.Write(0L))), ("x", Npy("|u1", 1, w => w.Write((byte)8))))
            ),
            StringComparison.Ordinal
        );
        // A promise of 16 million elements that the archive does not keep costs nothing.
        Assert.Contains(
            "ends the array too early",
            Wrong(Npz(CompressionLevel.Fastest, ("t", Npy("<i8", 1 << 24, w => w.Write(0L))))),
            StringComparison.Ordinal
        );
        Assert.Contains(
            "more than the 16777216",
            Wrong(Npz(CompressionLevel.Fastest, ("t", Npy("<i8", 1 << 25, w => w.Write(0L))))),
            StringComparison.Ordinal
        );
    }

    [Theory]
    [InlineData(0.0, 3.0, "event 0 has the polarity 3; expected is 0 or 1, or −1 and 1")]
    [InlineData(0.0, double.NaN, "event 0 has the polarity NaN; expected is 0 or 1, or −1 and 1")]
    [InlineData(3.7, 1.0, "event 0 has the place (3.7, 0), between two pixels; round the addresses first")]
    [InlineData(double.NaN, 1.0, "event 0 has the place (NaN, 0); the sensor is 8×4")]
    public void What_is_no_polarity_and_no_pixel_is_said(double x, double p, string mistake) =>
        Assert.Equal(
            mistake,
            Wrong(
                Npz(
                    CompressionLevel.Fastest,
                    ("t", Npy("<i8", 1, w => w.Write(0L))),
                    ("x", Npy("<f8", 1, w => w.Write(x))),
                    ("p", Npy("<f8", 1, w => w.Write(p)))
                )
            )
        );

    [Theory]
    [InlineData(TimeUnit.S, 0.000102, 102)]
    [InlineData(TimeUnit.Ms, 1.5, 1500)]
    [InlineData(TimeUnit.Ns, 1_700_000_000_123_456_789.0, 1_700_000_000_123_456)]
    [InlineData(TimeUnit.Us, 7.9, 7)]
    public void Times_are_taken_in_the_users_unit(TimeUnit unit, double time, long microseconds)
    {
        using MemoryStream stream = new(
            Npz(CompressionLevel.Fastest, ("t", Npy("<f8", 1, w => w.Write(time))), ("x", Npy("|u1", 1, w => w.Write((byte)1))))
        );
        Assert.Equal(microseconds, Assert.Single(NpzEventDecoder.Decode(stream, "e.npz", 8, 4, unit).Value.Events).Microseconds);
    }

    [Fact]
    public void Ten_thousand_damaged_files_end_in_events_or_one_mistake() =>
        Mutations.Check(
            [Spiking, Npz(CompressionLevel.NoCompression, ("events", Tonic))],
            stream => NpzEventDecoder.Decode(stream, "e.npz", 8, 4).Then<SensorEvent[]>(r => r.Events),
            8,
            4,
            "e.npz"
        );

    [Fact]
    public void Ten_thousand_damaged_arrays_end_in_events_or_one_mistake() =>
        Mutations.Check(
            [Tonic],
            stream => NpzEventDecoder.DecodeSingle(stream, "e.npy", 8, 4).Then<SensorEvent[]>(r => r.Events),
            8,
            4,
            "e.npy"
        );

    private static Result<SensorEvent[]> Decode(byte[] file)
    {
        using MemoryStream stream = new(file);
        return NpzEventDecoder.Decode(stream, "e.npz", 8, 4).Then<SensorEvent[]>(r => r.Events);
    }

    [Theory]
    [InlineData("ts", "X", "y", "pol")]
    [InlineData("timestamp", "x", "Y", "polarity")]
    [InlineData("T", "x", "y", "P")]
    public void Longer_names_and_capitals_are_read_as_meant(string t, string x, string y, string p)
    {
        byte[] file = Npz(
            CompressionLevel.Fastest,
            (t, Npy("<u4", 1, w => w.Write(5))),
            (x, Npy("|u1", 1, w => w.Write((byte)1))),
            (y, Npy("|u1", 1, w => w.Write((byte)3))),
            (p, Npy("|i1", 1, w => w.Write((sbyte)-1)))
        );
        Assert.Equal([new(5, 1, 3, false)], Decode(file).Value);
    }

    // All ON is a guess that costs half of the inputs.
    [Fact]
    public void A_polarity_that_is_not_there_is_said_but_for_an_ear()
    {
        byte[] file = Npz(
            CompressionLevel.Fastest,
            ("t", Npy("|u1", 1, w => w.Write((byte)1))),
            ("x", Npy("|u1", 1, w => w.Write((byte)1))),
            ("y", Npy("|u1", 1, w => w.Write((byte)0))),
            ("sign", Npy("|u1", 1, w => w.Write((byte)1)))
        );
        using MemoryStream eye = new(file),
            ear = new(file);
        Assert.Equal(
            "no polarity is named, so every event is taken as ON",
            NpzEventDecoder.Decode(eye, "e.npz", 8, 4).Value.Remark
        );
        Assert.Equal("", NpzEventDecoder.Decode(ear, "e.npz", 8, 1).Value.Remark);
    }

    [Fact]
    public void What_people_have_besides_is_named_with_what_it_holds()
    {
        Assert.Contains(
            "(it holds times_ns, xs, ys); write it with numpy.savez",
            Wrong(
                Npz(
                    CompressionLevel.Fastest,
                    ("xs", Npy("|u1", 1, w => w.Write((byte)1))),
                    ("ys", Npy("|u1", 1, w => w.Write((byte)1))),
                    ("times_ns", Npy("|u1", 1, w => w.Write((byte)1)))
                )
            ),
            StringComparison.Ordinal
        );
        byte[] table = Npy("<f8", 4, w => w.Write(new byte[32]));
        string header = Encoding
            .Latin1.GetString(table)
            .Replace("'shape': (4,), }  ", "'shape': (2, 2)} ", StringComparison.Ordinal);
        Assert.Contains(
            "a table of several dimensions, whose columns have no names; save t, x, y and p by name",
            Wrong(Npz(CompressionLevel.Fastest, ("events", Encoding.Latin1.GetBytes(header)))),
            StringComparison.Ordinal
        );
        Assert.Contains(
            "event 0 has the time 1.7E+18; it is too large; if times are in another unit, set dataset.time_unit",
            Wrong(
                Npz(
                    CompressionLevel.Fastest,
                    ("t", Npy("<i8", 1, w => w.Write(1_700_000_000_000_000_000L))),
                    ("x", Npy("|u1", 1, w => w.Write((byte)1)))
                )
            ),
            StringComparison.Ordinal
        );
        Assert.Contains(
            "holds two arrays t; leave one of them",
            Wrong(
                Npz(
                    CompressionLevel.Fastest,
                    ("t", Npy("|u1", 1, w => w.Write((byte)1))),
                    ("timestamp", Npy("|u1", 1, w => w.Write((byte)1))),
                    ("x", Npy("|u1", 1, w => w.Write((byte)1)))
                )
            ),
            StringComparison.Ordinal
        );
    }

    // What a flipped bit makes of a time is as good a time as any.
    [Fact]
    public void An_array_that_is_not_what_was_written_is_refused()
    {
        byte[] file = Npz(
            CompressionLevel.NoCompression,
            ("t", Npy("<i8", 1, w => w.Write(0x1122334455667788L))),
            ("x", Npy("|u1", 1, w => w.Write((byte)1)))
        );
        file[file.AsSpan().IndexOf(BitConverter.GetBytes(0x1122334455667788L)) + 1] ^= 4;
        Assert.Equal(
            "byte 0 of t.npy starts an array that is not the one that was written: its checksum is another; it is "
                + "damaged or no file of events",
            Wrong(file)
        );
        byte[] longer = Npz(
            CompressionLevel.Fastest,
            ("t", [.. Npy("|u1", 1, w => w.Write((byte)1)), 7]),
            ("x", Npy("|u1", 1, w => w.Write((byte)1)))
        );
        Assert.Contains("of t.npy goes on after the end of the array", Wrong(longer), StringComparison.Ordinal);
    }

    // SciPy passes MATLAB's vectors on as columns or rows.
    [Theory]
    [InlineData("(2, 1)")]
    [InlineData("(1, 2)")]
    public void A_column_or_a_row_is_a_list(string shape)
    {
        byte[] file = Npz(
            CompressionLevel.Fastest,
            ("t", Shaped(Npy("<i8", 2, w => w.Write([5, 0, 0, 0, 0, 0, 0, 0, 7, 0, 0, 0, 0, 0, 0, 0])))),
            ("x", Shaped(Npy("|u1", 2, w => w.Write([1, 2])))),
            ("y", Npy("|u1", 2, w => w.Write([3, 0]))),
            ("p", Npy("|b1", 2, w => w.Write([1, 0])))
        );
        Assert.Equal([new(5, 1, 3, true), new(7, 2, 0, false)], Decode(file).Value);

        byte[] Shaped(byte[] npy) =>
            Encoding.Latin1.GetBytes(
                Encoding
                    .Latin1.GetString(npy)
                    .Replace("(2,), }" + new string(' ', shape.Length - 4), shape + ", }", StringComparison.Ordinal)
            );
    }

    [Theory]
    [InlineData("<m8[us]")]
    [InlineData("<M8[ns]")]
    public void Times_as_dates_are_named(string type) =>
        Assert.Contains(
            "has times of type datetime64 or timedelta64; save them as numbers",
            Wrong(
                Npz(CompressionLevel.Fastest, ("t", Npy(type, 1, w => w.Write(5L))), ("x", Npy("|u1", 1, w => w.Write((byte)1))))
            ),
            StringComparison.Ordinal
        );

    private static string Wrong(byte[] file) => Assert.Single(Decode(file).Errors).Message;

    private static byte[] Npy(string descr, int count, Action<BinaryWriter> data)
    {
        using MemoryStream stream = new();
        using BinaryWriter writer = new(stream);
        string type = descr.StartsWith('[') ? descr : $"'{descr}'",
            header = $"{{'descr': {type}, 'fortran_order': False, 'shape': ({count},), }}";
        header = header.PadRight(((header.Length + 11 + 63) / 64 * 64) - 11) + "\n";
        writer.Write((byte)0x93);
        writer.Write("NUMPY"u8);
        writer.Write((byte)1);
        writer.Write((byte)0);
        writer.Write((ushort)header.Length);
        writer.Write(Encoding.ASCII.GetBytes(header));
        data(writer);
        return stream.ToArray();
    }

    private static byte[] Npz(CompressionLevel level, params (string Name, byte[] Npy)[] arrays)
    {
        using MemoryStream stream = new();
        using (ZipArchive archive = new(stream, ZipArchiveMode.Create, leaveOpen: true))
        {
            foreach ((string name, byte[] npy) in arrays)
            {
                using Stream entry = archive.CreateEntry(name + ".npy", level).Open();
                entry.Write(npy);
            }
        }
        return stream.ToArray();
    }
}
