using System.Security.Cryptography;

namespace Rouser.Storage.Datasets.Packed;

/// <summary>
/// SHA-256 over the SHA-256 of each block of 4 MiB, so that all cores can check a large file at once.
/// </summary>
internal sealed class BlockDigest : IDisposable
{
    public const int Size = SHA256.HashSizeInBytes,
        BlockBytes = 4 << 20;

    private readonly IncrementalHash _blocks = IncrementalHash.CreateHash(HashAlgorithmName.SHA256),
        _block = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
    private int _filled;

    /// <summary>The digest of the first <paramref name="length"/> bytes of a file.</summary>
    public static byte[] Of(MappedFile file, long length)
    {
        byte[] hashes = new byte[Size * ((length + BlockBytes - 1) / BlockBytes)];
        Parallel.For(
            0,
            hashes.Length / Size,
            i =>
            {
                long offset = (long)i * BlockBytes;
                SHA256.HashData(file.Bytes(offset, (int)Math.Min(BlockBytes, length - offset)), hashes.AsSpan(i * Size, Size));
            }
        );
        return SHA256.HashData(hashes);
    }

    /// <summary>Goes on by these bytes.</summary>
    public void Append(ReadOnlySpan<byte> bytes)
    {
        while (!bytes.IsEmpty)
        {
            int count = Math.Min(bytes.Length, BlockBytes - _filled);
            _block.AppendData(bytes[..count]);
            bytes = bytes[count..];
            _filled += count;
            if (_filled == BlockBytes)
                EndBlock();
        }
    }

    /// <summary>The digest of all that was appended.</summary>
    public byte[] Finish()
    {
        if (_filled > 0)
            EndBlock();
        return _blocks.GetHashAndReset();
    }

    public void Dispose()
    {
        _blocks.Dispose();
        _block.Dispose();
    }

    private void EndBlock()
    {
        _blocks.AppendData(_block.GetHashAndReset());
        _filled = 0;
    }
}
