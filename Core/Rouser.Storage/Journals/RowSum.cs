using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace Rouser.Storage.Journals;

/// <summary>
/// What a journal keeps beside each of its rows, to tell a row that was changed since it was written: by a disk, by
/// hand, by another program. The first 64 bits of SHA-256 over the row's number (little-endian) and its text.
/// </summary>
internal static class RowSum
{
    /// <summary>
    /// Of an event, by its number; of sums, by the number of the last event in them; of a trial, which has no number,
    /// by zero.
    /// </summary>
    public static long Of(long number, string json) => Of(number, Encoding.UTF8.GetBytes(json));

    /// <inheritdoc cref="Of(long, string)"/>
    public static long Of(long number, ReadOnlySpan<byte> json)
    {
        Span<byte> start = stackalloc byte[sizeof(long)],
            hash = stackalloc byte[SHA256.HashSizeInBytes];
        BinaryPrimitives.WriteInt64LittleEndian(start, number);
        using IncrementalHash sum = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        sum.AppendData(start);
        sum.AppendData(json);
        sum.GetHashAndReset(hash);
        return BinaryPrimitives.ReadInt64LittleEndian(hash);
    }
}
