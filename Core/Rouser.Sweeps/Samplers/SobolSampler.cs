using System.Numerics;

namespace Rouser.Sweeps.Samplers;

/// <summary>
/// The sequence of Sobol', which fills the cube evenly: of the first 2^k points, each of 2^k slices of a dimension holds
/// one. With the direction numbers of Joe and Kuo 2008 ("Constructing Sobol sequences with better two-dimensional
/// projections", new-joe-kuo-6), and a random digital shift, which keeps that.
/// </summary>
/// <param name="Seed">The seed of the shift.</param>
public sealed record SobolSampler(long Seed) : Sampler(Seed)
{
    /// <summary>Its word in a sweep file.</summary>
    public const string Mode = "sobol";

    private const int Bits = 32;

    // Of each dimension from the second on: the degree of its primitive polynomial, the coefficients between the first
    // and the last as bits, and the initial direction numbers.
    private static readonly (int Degree, int Coefficients, uint[] Initial)[] JoeKuo =
    [
        (1, 0, [1]),
        (2, 1, [1, 3]),
        (3, 1, [1, 3, 1]),
        (3, 2, [1, 1, 1]),
        (4, 1, [1, 1, 3, 3]),
        (4, 4, [1, 3, 5, 13]),
        (5, 2, [1, 1, 5, 5, 17]),
        (5, 4, [1, 1, 5, 5, 5]),
        (5, 7, [1, 1, 7, 11, 19]),
        (5, 11, [1, 1, 5, 1, 1]),
        (5, 13, [1, 1, 1, 3, 11]),
        (5, 14, [1, 3, 5, 5, 31]),
        (6, 1, [1, 3, 3, 9, 7, 49]),
        (6, 13, [1, 1, 1, 15, 21, 21]),
        (6, 16, [1, 3, 1, 13, 27, 49]),
        (6, 19, [1, 1, 1, 15, 7, 5]),
        (6, 22, [1, 3, 1, 15, 13, 25]),
        (6, 25, [1, 1, 5, 5, 19, 61]),
        (7, 1, [1, 3, 7, 11, 23, 15, 103]),
    ];

    /// <inheritdoc/>
    public override int MaxDimensions => JoeKuo.Length + 1;

    /// <inheritdoc/>
    public override IEnumerable<double[]> Points(int dimensions)
    {
        uint[] shift =
        [
            .. Enumerable
                .Range(0, dimensions)
                .Select(d => (uint)(new RandomStream(Seed, $"sampler/sobol/{d}").NextBits() >> Bits)),
        ];
        return Unshifted(dimensions).Select(point => point.Select((x, d) => (x ^ shift[d]) * (1.0 / (1UL << Bits))).ToArray());
    }

    /// <summary>The sequence itself, as fractions of 2^32, in the order of Gray's code (Antonov and Saleev 1979).</summary>
    internal static IEnumerable<uint[]> Unshifted(int dimensions)
    {
        uint[][] directions = [.. Enumerable.Range(0, dimensions).Select(Directions)];
        uint[] point = new uint[dimensions];
        for (uint n = 0; ; n++)
        {
            yield return [.. point];
            int changed = BitOperations.TrailingZeroCount(~n);
            if (changed >= Bits)
                yield break;
            for (int d = 0; d < dimensions; d++)
                point[d] ^= directions[d][changed];
        }
    }

    private static uint[] Directions(int dimension)
    {
        uint[] v = new uint[Bits];
        if (dimension == 0)
        {
            for (int i = 0; i < Bits; i++)
                v[i] = 1u << (Bits - 1 - i);
            return v;
        }
        (int s, int a, uint[] m) = JoeKuo[dimension - 1];
        for (int i = 0; i < s; i++)
            v[i] = m[i] << (Bits - 1 - i);
        for (int i = s; i < Bits; i++)
        {
            v[i] = v[i - s] ^ (v[i - s] >> s);
            for (int k = 1; k < s; k++)
            {
                if (((a >> (s - 1 - k)) & 1) != 0)
                    v[i] ^= v[i - k];
            }
        }
        return v;
    }
}
