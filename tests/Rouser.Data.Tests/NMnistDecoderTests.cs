using Rouser.Testing;
using static Rouser.Data.Tests.NMnistBytes;

namespace Rouser.Data.Tests;

public class NMnistDecoderTests
{
    [Fact]
    public void A_record_is_x_y_polarity_and_23_bits_of_time()
    {
        SensorEvent[] events = Decode(Record(3, 33, true, 0x012345), Record(33, 0, false, 0x7FFFFF)).Value;
        Assert.Equal([new(0x012345, 3, 33, true), new(0x7FFFFF, 33, 0, false)], events);
    }

    [Fact]
    public void A_record_with_row_240_adds_8192_microseconds_to_later_times()
    {
        SensorEvent[] events = Decode(
            Record(1, 2, true, 8000),
            Overflow(),
            Record(1, 2, true, 100),
            Overflow(),
            Record(1, 2, true, 5)
        ).Value;
        Assert.Equal([8000, 8192 + 100, 16384 + 5], events.Select(e => e.Microseconds));
    }

    [Fact]
    public void A_file_longer_than_the_read_buffer_is_read_whole()
    {
        byte[][] records = [.. Enumerable.Range(0, 5000).Select(i => Record(i % 34, i % 33, i % 2 == 0, i))];
        Assert.Equal(DecodeNaively([.. records.SelectMany(r => r)]), Decode(records).Value);
    }

    [Theory]
    [InlineData(new byte[] { 1, 2, 0, 0, 9, 1, 2 }, "byte 5 is truncated: the record holds 2 of 5 bytes")]
    [InlineData(new byte[] { 1, 2, 0, 0, 9, 34, 2, 0, 0, 9 }, "byte 5 has coordinates (34, 2) outside the 34×34 sensor")]
    [InlineData(new byte[] { 1, 241, 0, 0, 9 }, "byte 0 has coordinates (1, 241) outside the 34×34 sensor")]
    [InlineData(new byte[] { 1, 2, 1, 0, 0, 1, 2, 0, 0, 9 }, "byte 5 runs back in time from 65536 to 9 µs")]
    [InlineData(new byte[] { }, "holds no events")]
    [InlineData(new byte[] { 0, 240, 0, 0, 0 }, "holds no events")]
    public void A_defect_is_one_mistake_with_file_and_offset(byte[] file, string message)
    {
        UserError mistake = Assert.Single(Decode(file).Errors);
        Assert.Equal("x.bin", mistake.Location);
        Assert.StartsWith(message, mistake.Message, StringComparison.Ordinal);
        Assert.EndsWith("fetch it again", mistake.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void An_endless_stream_ends_in_a_mistake_before_the_memory_does()
    {
        using EndlessStream stream = new(Record(1, 2, true, 3));
        UserError mistake = Assert.Single(NMnistDecoder.Decode(stream, "endless").Errors);
        Assert.Contains($"is record {NMnistDecoder.MaxRecords + 1}", mistake.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Mutated_files_decode_to_events_on_the_sensor_or_to_one_mistake()
    {
        byte[] good = [.. Enumerable.Range(0, 300).SelectMany(i => Record(i % 34, i * 7 % 34, i % 3 == 0, i * 1000))];
        int decoded = 0,
            refused = 0;
        for (int seed = 0; seed < 10_000; seed++)
        {
            RandomStream random = new(seed, "mutation");
            byte[] bad = good[..(random.NextInt(4) == 0 ? random.NextInt(good.Length) : good.Length)];
            for (int k = random.NextInt(6); k > 0 && bad.Length > 0; k--)
                bad[random.NextInt(bad.Length)] = (byte)random.NextInt(256);
            Result<SensorEvent[]> result = Decode(bad);
            if (!result.IsOk)
            {
                refused++;
                Assert.True(result.Errors.Count == 1, $"seed {seed}: {string.Join("; ", result.Errors)}");
                continue;
            }
            decoded++;
            Assert.True(result.Value.Length <= bad.Length / 5, $"seed {seed}");
            Assert.True(result.Value.All(e => e is { X: < 34, Y: < 34, Microseconds: >= 0 }), $"seed {seed}");
        }
        Assert.True(decoded > 400 && refused > 400, $"{decoded} decoded, {refused} refused: the mutations test one side only");
    }

    [SharedDataTheory]
    [InlineData("Train", 900, 3_707_543, 1_112, 7_152)]
    [InlineData("Test", 100, 425_688, 0, int.MaxValue)]
    public void Real_recordings_hold_the_published_numbers_of_events(string split, int files, int events, int least, int most)
    {
        int[] counts = [.. Files(split).Select(f => Read(f).Length)];
        Assert.Equal(files, counts.Length);
        Assert.Equal(events, counts.Sum());
        Assert.InRange(counts.Min(), least, most);
        Assert.InRange(counts.Max(), least, most);
    }

    [SharedDataFact]
    public void Real_recordings_decode_as_a_naive_decoder_reads_them()
    {
        foreach (string file in Files("Train").Where((_, i) => i % 90 == 0))
            Assert.Equal(DecodeNaively(File.ReadAllBytes(file)), Read(file));
    }

    [SharedDataFact]
    public void In_real_recordings_time_never_falls_and_no_overflow_occurs()
    {
        // What the decoder tolerates (an event before its overflow record) stays a tolerance: none of the 1,000 files
        // needs it.
        foreach (string file in Files("Train").Concat(Files("Test")))
        {
            SensorEvent[] events = Read(file);
            Assert.Equal(new FileInfo(file).Length, 5 * events.Length);
            for (int i = 1; i < events.Length; i++)
                Assert.True(events[i].Microseconds >= events[i - 1].Microseconds, file);
        }
    }

    internal static IEnumerable<string> Files(string split) =>
        Directory
            .EnumerateFiles(SharedData.Path("nmnist", split), "*.bin", SearchOption.AllDirectories)
            .Order(StringComparer.Ordinal);

    internal static SensorEvent[] Read(string file)
    {
        using FileStream stream = File.OpenRead(file);
        return NMnistDecoder.Decode(stream, file).Value;
    }

    /// <summary>The same record for ever.</summary>
    private sealed class EndlessStream(byte[] record) : Stream
    {
        private long _position;

        public override bool CanRead => true;

        public override bool CanSeek => false;

        public override bool CanWrite => false;

        public override long Length => throw new NotSupportedException();

        public override long Position
        {
            get => _position;
            set => throw new NotSupportedException();
        }

        public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

        public override int Read(Span<byte> buffer)
        {
            foreach (ref byte b in buffer)
                b = record[_position++ % record.Length];
            return buffer.Length;
        }

        public override void Flush() { }

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
    }
}
