namespace Rouser.Data.Tests.Formats;

/// <summary>
/// Damages good files in the ways that disks, downloads and other programs do, and holds a reader to its promise.
/// </summary>
internal static class Mutations
{
    /// <summary>Files per reader.</summary>
    private const int Files = 10_000;

    /// <summary>What one reading may allocate in all, for files of a few kB.</summary>
    private const long MaxAllocatedBytes = 96 << 20;

    /// <summary>
    /// Each damaged file gives events on the sensor or one mistake that names the file; it never throws and never
    /// takes much memory.
    /// </summary>
    public static void Check(byte[][] good, Func<Stream, Result<SensorEvent[]>> decode, int width, int height, string place)
    {
        int decoded = 0,
            refused = 0;
        for (int seed = 0; seed < Files; seed++)
        {
            byte[] bad = Damage(good, new RandomStream(seed, "mutations"));
            using MemoryStream stream = new(bad, writable: false);
            long before = GC.GetAllocatedBytesForCurrentThread();
            Result<SensorEvent[]> result;
            try
            {
                result = decode(stream);
            }
            catch (Exception e)
            {
                throw new InvalidOperationException($"seed {seed}", e);
            }
            long allocated = GC.GetAllocatedBytesForCurrentThread() - before;
            Assert.True(allocated < MaxAllocatedBytes, $"seed {seed} allocated {allocated:N0} bytes");
            if (result.IsOk)
            {
                decoded++;
                Assert.True(result.Value.All(e => e.X < width && e.Y < height), $"seed {seed} lies off the sensor");
                continue;
            }
            refused++;
            Assert.True(
                result.Errors.Count == 1 && result.Errors[0].Location.StartsWith(place, StringComparison.Ordinal),
                $"seed {seed}: {string.Join("; ", result.Errors)}"
            );
            Assert.False(
                result.Errors[0].Message.AsSpan().ContainsAny('\n', '\r', '\0'),
                $"seed {seed}: {result.Errors[0].Message}"
            );
        }
        Assert.True(
            decoded > Files / 100 && refused > Files / 100,
            $"{decoded} decoded, {refused} refused: the mutations test one side only"
        );
    }

    private static byte[] Damage(byte[][] good, RandomStream random)
    {
        List<byte> bytes = [.. good[random.NextInt(good.Length)]];
        for (int k = 1 + random.NextInt(3); k > 0 && bytes.Count > 8; k--)
        {
            // Half of the damage goes to the first bytes, where formats keep what they promise.
            int at = random.NextInt(random.NextInt(2) == 0 ? Math.Min(bytes.Count, 160) : bytes.Count),
                length = Math.Min(1 + random.NextInt(40), bytes.Count - at);
            switch (random.NextInt(7))
            {
                case 0:
                    bytes.RemoveRange(at, bytes.Count - at);
                    break;
                case 1:
                    bytes[at] ^= (byte)(1 << random.NextInt(8));
                    break;
                case 2:
                    bytes[at] = (byte)random.NextInt(256);
                    break;
                case 3:
                    bytes.RemoveRange(at, length);
                    break;
                case 4:
                    bytes.InsertRange(random.NextInt(bytes.Count), bytes.GetRange(at, length));
                    break;
                case 5:
                    for (int i = at; i < at + length; i++)
                        bytes[i] = (byte)(random.NextInt(2) * 255);
                    break;
                default:
                    byte[] other = good[random.NextInt(good.Length)];
                    int from = random.NextInt(other.Length);
                    bytes.RemoveRange(at, bytes.Count - at);
                    bytes.AddRange(other[from..]);
                    break;
            }
        }
        return [.. bytes];
    }
}
