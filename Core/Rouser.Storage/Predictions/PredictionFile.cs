using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using Rouser.Results;
using Rouser.Sweeps;

namespace Rouser.Storage.Predictions;

/// <summary>
/// The predictions of a trial as a file: a byte or two for each number, and a sum that tells whether it is whole. The
/// same predictions are the same bytes on any machine.
/// </summary>
/// <remarks>
/// Little-endian, version 1, or 2 where the output layer has logits instead of spikes:
/// <code>
/// offset
/// 0        8 bytes   "RouserPR"
/// 8        uint32    version
/// 12       int32     S, samples
/// 16       int32     C, classes
/// 20       32 bytes  identity of the trial, ASCII
/// 52       …         of each sample its label and its C output spikes, each LEB128: 7 bits a byte, the lowest first;
///                    in version 2 C logits, float32, in place of the spikes
/// end-32   32 bytes  SHA-256 of all before
/// </code>
/// </remarks>
internal static class PredictionFile
{
    private const uint OfSpikes = 1,
        OfLogits = 2;
    private const int HeadBytes = 52,
        IdLength = 32;

    private static ReadOnlySpan<byte> Magic => "RouserPR"u8;

    /// <summary>Writes the file.</summary>
    /// <returns>The sum that it ends in.</returns>
    public static byte[] Write(Stream stream, TrialPredictions predictions)
    {
        using MemoryStream bytes = new(HeadBytes + (2 * predictions.OutputSpikes.Length));
        Span<byte> head = stackalloc byte[HeadBytes];
        Magic.CopyTo(head);
        BinaryPrimitives.WriteUInt32LittleEndian(head[8..], predictions.Logits is null ? OfSpikes : OfLogits);
        BinaryPrimitives.WriteInt32LittleEndian(head[12..], predictions.SampleCount);
        BinaryPrimitives.WriteInt32LittleEndian(head[16..], predictions.ClassCount);
        Encoding.ASCII.GetBytes(predictions.Trial.Value, head.Slice(20, IdLength));
        bytes.Write(head);
        for (int i = 0; i < predictions.SampleCount; i++)
        {
            Put(predictions.Labels[i]);
            if (predictions.Logits is null)
            {
                foreach (int spikes in predictions.SpikesOf(i))
                    Put(spikes);
            }
            else
            {
                foreach (float logit in predictions.LogitsOf(i))
                    PutLogit(logit);
            }
        }
        ReadOnlySpan<byte> content = bytes.GetBuffer().AsSpan(0, (int)bytes.Length);
        byte[] sum = SHA256.HashData(content);
        stream.Write(content);
        stream.Write(sum);
        return sum;

        void Put(int number)
        {
            uint rest = (uint)number;
            for (; rest >= 0x80; rest >>= 7)
                bytes.WriteByte((byte)(rest | 0x80));
            bytes.WriteByte((byte)rest);
        }

        void PutLogit(float logit)
        {
            Span<byte> four = stackalloc byte[sizeof(float)];
            BinaryPrimitives.WriteSingleLittleEndian(four, logit);
            bytes.Write(four);
        }
    }

    /// <summary>Reads the file. No length in it is believed before it is held against the file's.</summary>
    /// <exception cref="InvalidDataException">It is damaged, cut off, of a newer version or something else.</exception>
    public static TrialPredictions Read(Stream stream)
    {
        if (stream.Length < HeadBytes + SHA256.HashSizeInBytes || stream.Length > Array.MaxLength)
            throw new InvalidDataException("it is cut off, or no predictions");
        byte[] bytes = new byte[stream.Length];
        stream.ReadExactly(bytes);
        ReadOnlySpan<byte> content = bytes.AsSpan(..^SHA256.HashSizeInBytes);
        if (!content.StartsWith(Magic))
            throw new InvalidDataException("it holds no predictions");
        uint version = BinaryPrimitives.ReadUInt32LittleEndian(content[8..]);
        if (version is not (OfSpikes or OfLogits))
            throw new InvalidDataException(
                $"its version, {version}, is none that this rouser understands ({OfSpikes} and {OfLogits})"
            );
        if (!SHA256.HashData(content).AsSpan().SequenceEqual(bytes.AsSpan(^SHA256.HashSizeInBytes..)))
            throw new InvalidDataException("its sum is wrong");
        int samples = BinaryPrimitives.ReadInt32LittleEndian(content[12..]),
            classes = BinaryPrimitives.ReadInt32LittleEndian(content[16..]);
        string trial = Encoding.ASCII.GetString(content.Slice(20, IdLength));
        ReadOnlySpan<byte> numbers = content[HeadBytes..];
        // Each number takes a byte at least.
        if (samples < 1 || classes < 1 || (long)samples * (classes + 1L) > numbers.Length)
            throw new InvalidDataException("it has other samples or classes than it says");
        int[] labels = new int[samples],
            spikes = new int[version == OfSpikes ? samples * classes : 0];
        float[]? logits = version == OfLogits ? new float[samples * classes] : null;
        int at = 0;
        for (int i = 0; i < samples; i++)
        {
            labels[i] = Take(numbers, ref at);
            for (int c = 0; c < classes; c++)
            {
                if (logits is null)
                    spikes[(i * classes) + c] = Take(numbers, ref at);
                else
                    logits[(i * classes) + c] = TakeLogit(numbers, ref at);
            }
        }
        if (at != numbers.Length || labels.Any(label => label >= classes))
            throw new InvalidDataException("it has other samples or classes than it says");
        return new TrialPredictions(new TrialId(trial), classes, labels, spikes) { Logits = logits };
    }

    private static float TakeLogit(ReadOnlySpan<byte> numbers, ref int at)
    {
        if (numbers.Length - at < sizeof(float))
            throw new InvalidDataException("a number in it does not end");
        float logit = BinaryPrimitives.ReadSingleLittleEndian(numbers[at..]);
        at += sizeof(float);
        return logit;
    }

    private static int Take(ReadOnlySpan<byte> numbers, ref int at)
    {
        uint number = 0;
        for (int shift = 0; at < numbers.Length && shift < 32; shift += 7)
        {
            byte next = numbers[at++];
            number |= (next & 0x7Fu) << shift;
            if (next < 0x80)
                return number <= int.MaxValue ? (int)number : throw new InvalidDataException("a number in it is too large");
        }
        throw new InvalidDataException("a number in it does not end");
    }
}
