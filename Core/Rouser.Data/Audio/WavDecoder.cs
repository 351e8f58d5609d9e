using System.Buffers.Binary;
using System.Globalization;

namespace Rouser.Data.Audio;

/// <summary>
/// Reads WAV files (RIFF) of whole or floating-point samples and brings them to one channel at
/// <see cref="InnerEar.SampleRate"/>.
/// </summary>
public static class WavDecoder
{
    /// <summary>The most bytes of samples that are read: ten minutes of CD sound.</summary>
    private const int MaxBytes = 1 << 27;

    /// <summary>What a program that streams writes for a length that it does not know, or more.</summary>
    private const uint UnknownLength = 0x7FFF_0000;

    /// <summary>
    /// Floats of full scale lie within ±1; mixing overshoots a little. Beyond this they are whole numbers that nobody
    /// has scaled, and cutting them to ±1 would leave noise.
    /// </summary>
    private const float LoudestFloat = 8;

    /// <summary>Reads a file.</summary>
    /// <param name="stream">The file; read from its position on, not closed.</param>
    /// <param name="place">Its name for mistakes.</param>
    /// <returns>The sound between −1 and 1, the mean of its channels; or what is wrong.</returns>
    public static Result<float[]> Decode(Stream stream, string place)
    {
        ArgumentNullException.ThrowIfNull(stream);
        byte[] head = new byte[40];
        if (!Fill(12) || !head.AsSpan(0, 4).SequenceEqual("RIFF"u8) || !head.AsSpan(8, 4).SequenceEqual("WAVE"u8))
            return Wrong("is no WAV file");
        (int coding, int channels, int rate, int bits) = (0, 0, 0, 0);
        while (Fill(8))
        {
            uint size = BinaryPrimitives.ReadUInt32LittleEndian(head.AsSpan(4));
            bool format = head.AsSpan(0, 4).SequenceEqual("fmt "u8),
                data = head.AsSpan(0, 4).SequenceEqual("data"u8);
            if (format)
            {
                if (size is < 16 or > 40 || !Fill((int)size))
                    return Wrong("has a damaged description of its samples");
                coding = BinaryPrimitives.ReadUInt16LittleEndian(head);
                (channels, rate, bits) = (
                    BinaryPrimitives.ReadUInt16LittleEndian(head.AsSpan(2)),
                    BinaryPrimitives.ReadInt32LittleEndian(head.AsSpan(4)),
                    BinaryPrimitives.ReadUInt16LittleEndian(head.AsSpan(14))
                );
                // The extensible form says the coding in its last part.
                if (coding == 0xFFFE && size >= 26)
                    coding = BinaryPrimitives.ReadUInt16LittleEndian(head.AsSpan(24));
                if ((coding, bits) is not ((1, 8 or 16 or 24 or 32) or (3, 32)))
                    return Wrong(
                        $"holds samples of coding {coding} with {bits} bits; read are PCM of 8 to 32 bits and floats of 32"
                    );
                if (channels is < 1 or > 64 || rate is < 1_000 or > 384_000)
                    return Wrong($"has {channels} channels at {rate} Hz");
                int frame = BinaryPrimitives.ReadUInt16LittleEndian(head.AsSpan(12));
                if (frame != channels * bits / 8)
                    return Wrong($"has {channels} channels of {bits} bits in frames of {frame} bytes");
            }
            else if (data)
            {
                if (bits == 0)
                    return Wrong("holds samples before their description");
                byte[] bytes = ReadUpTo(Math.Min(size, MaxBytes));
                if (size > MaxBytes && bytes.Length == MaxBytes)
                    return Wrong("is longer than ten minutes");
                if (bytes.Length < size && size < UnknownLength)
                    return Wrong($"ends after {bytes.Length} of {size} bytes of sound; it was cut");
                if (coding == 3 && Loudest(bytes) is var loudest && !(loudest <= LoudestFloat))
                    return Wrong($"holds the sample {loudest}; floats of full scale lie within ±1");
                float[] sound = Mix(bytes, coding, channels, bits / 8);
                return sound.Length > 0 ? Resample(sound, rate) : Wrong("holds no samples");
            }
            else
            {
                for (long left = size + (size % 2); left > 0; left -= Math.Min(left, head.Length))
                {
                    if (!Fill((int)Math.Min(left, head.Length)))
                        return Wrong("ends within a part that is no sound");
                }
            }
        }
        return Wrong("holds no sound");

        bool Fill(int count) => stream.ReadAtLeast(head.AsSpan(0, count), count, throwOnEndOfStream: false) == count;

        byte[] ReadUpTo(long count)
        {
            using MemoryStream all = new();
            byte[] block = new byte[1 << 16];
            for (int read; count > 0 && (read = stream.Read(block, 0, (int)Math.Min(block.Length, count))) > 0; count -= read)
                all.Write(block, 0, read);
            return all.ToArray();
        }

        UserError Wrong(string what) => new(place, string.Create(CultureInfo.InvariantCulture, $"{what}; save it as WAV"));
    }

    /// <summary>The greatest magnitude; NaN if one of them is no number.</summary>
    private static float Loudest(ReadOnlySpan<byte> bytes)
    {
        float loudest = 0;
        for (; bytes.Length >= sizeof(float); bytes = bytes[sizeof(float)..])
        {
            float sample = Math.Abs(BinaryPrimitives.ReadSingleLittleEndian(bytes));
            if (!(sample <= loudest))
                loudest = sample;
            if (float.IsNaN(loudest))
                break;
        }
        return loudest;
    }

    /// <summary>
    /// Brings a sound to <see cref="InnerEar.SampleRate"/> by a windowed sinc of 16 zero crossings on each side.
    /// </summary>
    public static float[] Resample(float[] sound, int rate)
    {
        ArgumentNullException.ThrowIfNull(sound);
        if (rate == InnerEar.SampleRate)
            return sound;
        double step = (double)rate / InnerEar.SampleRate,
            cutoff = Math.Min(1, 1 / step),
            reach = 16 / cutoff;
        float[] resampled = new float[(int)(sound.Length / step)];
        for (int i = 0; i < resampled.Length; i++)
        {
            double at = i * step,
                sum = 0;
            int first = Math.Max((int)Math.Ceiling(at - reach), 0),
                last = Math.Min((int)Math.Floor(at + reach), sound.Length - 1);
            for (int j = first; j <= last; j++)
            {
                double d = (j - at) * cutoff;
                double sinc = d == 0 ? 1 : Turns.SinCos(d / 2).Sin / (Math.PI * d);
                sum += sound[j] * cutoff * sinc * (0.5 + (0.5 * Turns.SinCos(d / 32).Cos));
            }
            resampled[i] = (float)sum;
        }
        return resampled;
    }

    private static float[] Mix(byte[] bytes, int coding, int channels, int size)
    {
        float[] sound = new float[bytes.Length / (channels * size)];
        for (int i = 0; i < sound.Length; i++)
        {
            float sum = 0;
            for (int c = 0; c < channels; c++)
                sum += Sample(bytes.AsSpan(((i * channels) + c) * size, size), coding);
            sound[i] = Math.Clamp(sum / channels, -1, 1);
        }
        return sound;
    }

    private static float Sample(ReadOnlySpan<byte> at, int coding) =>
        (coding, at.Length) switch
        {
            (3, _) => BinaryPrimitives.ReadSingleLittleEndian(at),
            (_, 1) => (at[0] - 128) / 128f,
            (_, 2) => BinaryPrimitives.ReadInt16LittleEndian(at) / 32768f,
            (_, 3) => ((at[0] << 8) | (at[1] << 16) | (at[2] << 24)) / 2147483648f,
            _ => BinaryPrimitives.ReadInt32LittleEndian(at) / 2147483648f,
        };
}
