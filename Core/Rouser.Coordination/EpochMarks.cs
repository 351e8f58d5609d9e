using System.Buffers.Binary;

namespace Rouser.Coordination;

/// <summary>What is remembered of a recorded epoch, to tell when it is told again with other numbers.</summary>
/// <param name="Digest">Its <see cref="ResultDigest"/>.</param>
/// <param name="Attempt">The attempt that told it.</param>
internal readonly record struct EpochMark(uint Digest, int Attempt);

/// <summary>
/// The marks of a trial's epochs as a text of 11 letters each, for a snapshot: base64 of two little-endian words.
/// </summary>
internal static class EpochMarks
{
    private const int Bytes = 8;

    public static string Write(IReadOnlyList<EpochMark> marks)
    {
        byte[] bytes = new byte[Bytes * marks.Count];
        for (int i = 0; i < marks.Count; i++)
        {
            BinaryPrimitives.WriteUInt32LittleEndian(bytes.AsSpan(Bytes * i), marks[i].Digest);
            BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan((Bytes * i) + 4), marks[i].Attempt);
        }
        return Convert.ToBase64String(bytes);
    }

    /// <exception cref="InvalidDataException">It is no such text.</exception>
    public static List<EpochMark> Read(string text)
    {
        byte[] bytes = new byte[text.Length];
        if (!Convert.TryFromBase64String(text, bytes, out int length) || length % Bytes != 0)
            throw new InvalidDataException("The journal is damaged: a snapshot's digests are none");
        List<EpochMark> marks = new(length / Bytes);
        for (int at = 0; at < length; at += Bytes)
            marks.Add(
                new EpochMark(
                    BinaryPrimitives.ReadUInt32LittleEndian(bytes.AsSpan(at)),
                    BinaryPrimitives.ReadInt32LittleEndian(bytes.AsSpan(at + 4))
                )
            );
        return marks;
    }
}
