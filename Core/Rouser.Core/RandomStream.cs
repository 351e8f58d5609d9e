using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace Rouser.Core;

/// <summary>
/// A reproducible stream of random numbers: xoshiro256** (Blackman and Vigna 2021), seeded by the SHA-256 of a seed
/// and a purpose. The same seed and purpose give the same numbers on every machine and in every version; different
/// purposes are independent, so that, say, a change in how weights are drawn does not shift the batch order.
/// </summary>
public sealed class RandomStream
{
    private ulong _s0,
        _s1,
        _s2,
        _s3;
    private double _spareGaussian = double.NaN;

    /// <summary>
    /// Opens the stream of <paramref name="seed"/> for <paramref name="purpose"/>, such as <c>weights/1</c>.
    /// </summary>
    public RandomStream(long seed, string purpose)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(Encoding.UTF8.GetBytes($"{seed}/{purpose}"), hash);
        _s0 = BinaryPrimitives.ReadUInt64LittleEndian(hash);
        _s1 = BinaryPrimitives.ReadUInt64LittleEndian(hash[8..]);
        _s2 = BinaryPrimitives.ReadUInt64LittleEndian(hash[16..]);
        _s3 = BinaryPrimitives.ReadUInt64LittleEndian(hash[24..]);
    }

    /// <summary>64 random bits.</summary>
    public ulong NextBits()
    {
        ulong result = ulong.RotateLeft(_s1 * 5, 7) * 9;
        ulong t = _s1 << 17;
        _s2 ^= _s0;
        _s3 ^= _s1;
        _s1 ^= _s2;
        _s0 ^= _s3;
        _s2 ^= t;
        _s3 = ulong.RotateLeft(_s3, 45);
        return result;
    }

    /// <summary>Uniform in [0, 1), with 53 random bits.</summary>
    public double NextDouble() => (NextBits() >> 11) * (1.0 / (1UL << 53));

    /// <summary>Uniform in [<paramref name="low"/>, <paramref name="high"/>).</summary>
    public double NextDouble(double low, double high) => low + ((high - low) * NextDouble());

    /// <summary>Uniform in [0, <paramref name="bound"/>), without modulo bias.</summary>
    public int NextInt(int bound)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(bound);
        // Lemire 2019: the high word of a product, redrawn in the rare case that would favour some values.
        ulong threshold = (0UL - (ulong)bound) % (ulong)bound;
        while (true)
        {
            ulong high = Math.BigMul(NextBits(), (ulong)bound, out ulong low);
            if (low >= threshold)
                return (int)high;
        }
    }

    /// <summary>Standard normal, by the polar method of Marsaglia.</summary>
    public double NextGaussian()
    {
        if (!double.IsNaN(_spareGaussian))
        {
            double spare = _spareGaussian;
            _spareGaussian = double.NaN;
            return spare;
        }
        while (true)
        {
            double u = NextDouble(-1, 1),
                v = NextDouble(-1, 1),
                q = (u * u) + (v * v);
            if (q is >= 1 or 0)
                continue;
            double scale = Math.Sqrt(-2 * PortableMath.Log(q) / q);
            _spareGaussian = v * scale;
            return u * scale;
        }
    }

    /// <summary>Shuffles in place (Fisher and Yates).</summary>
    public void Shuffle<T>(Span<T> items)
    {
        for (int i = items.Length - 1; i > 0; i--)
        {
            int j = NextInt(i + 1);
            (items[i], items[j]) = (items[j], items[i]);
        }
    }
}
