using Rouser.Data.Audio;
using Rouser.Data.Recordings;
using Rouser.Data.Tests.Formats;
using Rouser.Testing;

namespace Rouser.Data.Tests.Audio;

public class WavDecoderTests
{
    [Fact]
    public void Whole_numbers_of_any_width_floats_and_several_channels_are_read()
    {
        float[] expected = [0.5f, -0.25f, 0];
        Assert.Equal(
            expected,
            Decode(
                Wav(
                    1,
                    1,
                    16_000,
                    16,
                    w =>
                    {
                        w.Write((short)16384);
                        w.Write((short)-8192);
                        w.Write((short)0);
                    }
                )
            ).Value
        );
        Assert.Equal(expected, Decode(Wav(1, 1, 16_000, 8, w => w.Write(new byte[] { 192, 96, 128 }))).Value);
        Assert.Equal(expected, Decode(Wav(1, 1, 16_000, 24, w => w.Write(new byte[] { 0, 0, 0x40, 0, 0, 0xE0, 0, 0, 0 }))).Value);
        Assert.Equal(
            expected,
            Decode(
                Wav(
                    1,
                    1,
                    16_000,
                    32,
                    w =>
                    {
                        w.Write(1 << 30);
                        w.Write(-(1 << 29));
                        w.Write(0);
                    }
                )
            ).Value
        );
        Assert.Equal(
            expected,
            Decode(
                Wav(
                    3,
                    1,
                    16_000,
                    32,
                    w =>
                    {
                        w.Write(0.5f);
                        w.Write(-0.25f);
                        w.Write(0f);
                    }
                )
            ).Value
        );
        Assert.Equal(
            expected,
            Decode(
                Wav(
                    3,
                    2,
                    16_000,
                    32,
                    w =>
                    {
                        foreach (float x in new[] { 1f, 0, -0.5f, 0, 1, -1 })
                            w.Write(x);
                    }
                )
            ).Value
        );
    }

    [Theory]
    [InlineData(8_000)]
    [InlineData(44_100)]
    public void Another_rate_is_brought_to_that_of_the_ear(int rate)
    {
        float[] sound = [.. Enumerable.Range(0, rate / 2).Select(i => (float)Math.Sin(2 * Math.PI * 700 * i / rate))],
            resampled = WavDecoder.Resample(sound, rate);
        Assert.Equal(8_000, resampled.Length);
        for (int i = 200; i < 7_800; i++)
            Assert.Equal(Math.Sin(2 * Math.PI * 700 * i / 16_000), resampled[i], 0.01);
    }

    [Fact]
    public void Ten_thousand_damaged_files_end_in_a_sound_or_one_mistake()
    {
        byte[] good = Wav(
            1,
            2,
            8_000,
            16,
            w =>
            {
                for (int i = 0; i < 300; i++)
                    w.Write((short)(i * 77));
            }
        );
        Mutations.Check(
            [
                good,
                Wav(
                    3,
                    1,
                    16_000,
                    32,
                    w =>
                    {
                        for (int i = 0; i < 100; i++)
                            w.Write(i / 100f);
                    }
                ),
            ],
            stream =>
                WavDecoder
                    .Decode(stream, "x.wav")
                    .Then<SensorEvent[]>(sound =>
                        sound.All(x => Math.Abs(x) <= 2)
                            ? Array.Empty<SensorEvent>()
                            : throw new InvalidOperationException("too loud")
                    ),
            1,
            1,
            "x.wav"
        );
    }

    [Fact]
    public void A_sound_that_was_cut_is_refused_and_one_of_a_length_that_nobody_knew_is_read()
    {
        byte[] good = Wav(1, 1, 16_000, 16, w => w.Write(new byte[2_000]));
        Assert.Equal("ends after 1000 of 2000 bytes of sound; it was cut; save it as WAV", Wrong(good[..^1000]));
        foreach (uint unknown in (uint[])[0xFFFF_FFFF, 0x7FFF_FFFF])
        {
            byte[] streamed = [.. good[..^2_004], .. BitConverter.GetBytes(unknown), .. good[^2_000..]];
            Assert.Equal(1_000, Decode(streamed).Value.Length);
        }
        Assert.Equal("holds no samples; save it as WAV", Wrong([.. good[..^2_004], 0, 0, 0, 0, .. good[^2_000..]]));
    }

    // Cut to full scale, either would be a noise that trains well.
    [Theory]
    [InlineData(float.NaN, "holds the sample NaN; floats of full scale lie within ±1; save it as WAV")]
    [InlineData(float.NegativeInfinity, "holds the sample Infinity; floats of full scale lie within ±1; save it as WAV")]
    [InlineData(-12_000f, "holds the sample 12000; floats of full scale lie within ±1; save it as WAV")]
    public void Floats_that_are_no_sound_are_refused(float sample, string mistake) =>
        Assert.Equal(
            mistake,
            Wrong(
                Wav(
                    3,
                    1,
                    16_000,
                    32,
                    w =>
                    {
                        w.Write(0.5f);
                        w.Write(sample);
                        w.Write(0.25f);
                    }
                )
            )
        );

    [Fact]
    public void Samples_in_wider_frames_are_refused()
    {
        byte[] padded = Wav(1, 1, 16_000, 24, w => w.Write(new byte[16]));
        padded[32] = 4;
        Assert.Equal("has 1 channels of 24 bits in frames of 4 bytes; save it as WAV", Wrong(padded));
    }

    private static string Wrong(byte[] file) => Assert.Single(Decode(file).Errors).Message;

    [SharedDataFact]
    public void Recorded_digits_are_read_and_heard()
    {
        InnerEar ear = new();
        string[] files = [.. Directory.GetFiles(SharedData.Path("fsdd"), "*.wav").Order(StringComparer.Ordinal)];
        Assert.Equal(1_200, files.Length);
        Parallel.ForEach(
            files.Where((_, i) => i % 60 == 0),
            file =>
            {
                using FileStream stream = File.OpenRead(file);
                float[] sound = WavDecoder.Decode(stream, file).Value;
                InnerEar.Normalize(sound);
                Assert.InRange(ear.Listen(sound).Length, 500, 30_000);
            }
        );
    }

    private static Result<float[]> Decode(byte[] file)
    {
        using MemoryStream stream = new(file);
        return WavDecoder.Decode(stream, "x.wav");
    }

    private static byte[] Wav(short coding, short channels, int rate, short bits, Action<BinaryWriter> samples)
    {
        using MemoryStream data = new(),
            file = new();
        using BinaryWriter inner = new(data),
            writer = new(file);
        samples(inner);
        writer.Write("RIFF"u8);
        writer.Write((int)(36 + data.Length));
        writer.Write("WAVEfmt "u8);
        writer.Write(16);
        writer.Write(coding);
        writer.Write(channels);
        writer.Write(rate);
        writer.Write(rate * channels * bits / 8);
        writer.Write((short)(channels * bits / 8));
        writer.Write(bits);
        writer.Write("LIST"u8);
        writer.Write(3);
        writer.Write(new byte[4]);
        writer.Write("data"u8);
        writer.Write((int)data.Length);
        writer.Write(data.ToArray());
        return file.ToArray();
    }
}
