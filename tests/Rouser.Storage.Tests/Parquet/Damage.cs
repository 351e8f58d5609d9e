using Rouser.Core;
using Rouser.Core.Metrics;
using Rouser.Storage.Parquet;

namespace Rouser.Storage.Tests.Parquet;

/// <summary>Files with flipped, lost and exchanged bytes.</summary>
internal static class Damage
{
    // A file of a few kilobytes has no business with more, whatever its numbers claim.
    private const long MaxAllocated = 64 << 20;

    /// <summary>Reads damaged copies of a file, one a seed: each gives a table or one line of mistake, within a bound of memory.</summary>
    public static void AssertSurvived(IParquetFormat format, byte[] bytes, int mutations)
    {
        for (int seed = 0; seed < mutations; seed++)
        {
            using var damaged = new MemoryStream(Mutate(bytes, new Random(seed)));
            long before = GC.GetAllocatedBytesForCurrentThread();
            try
            {
                Result<Table> read = format.Read(damaged, "test.parquet");
                if (!read.IsOk) Assert.DoesNotContain('\n', Assert.Single(read.Mistakes).ToString());
            }
            catch (Exception e)
            {
                Assert.Fail($"seed {seed}: {e}");
            }
            long allocated = GC.GetAllocatedBytesForCurrentThread() - before;
            Assert.True(allocated < MaxAllocated, $"seed {seed}: {allocated} bytes allocated");
        }
    }

    private static byte[] Mutate(byte[] original, Random random)
    {
        byte[] bytes = [.. original];
        for (int i = random.Next(1, 4); i > 0; i--)
        {
            // Half of them in the last quarter, where the footer is with the numbers that matter most.
            int at = random.Next(2) == 0 ? random.Next(bytes.Length) : random.Next(bytes.Length - bytes.Length / 4, bytes.Length);
            bytes[at] = random.Next(3) switch { 0 => (byte)random.Next(256), 1 => (byte)(bytes[at] ^ 1 << random.Next(8)), _ => 0xFF };
        }
        return random.Next(8) == 0 ? [.. bytes[..random.Next(bytes.Length)], .. original[^8..]] : bytes;
    }
}
