using System.Globalization;

namespace Rouser.Orchestrator.Benchmarks;

/// <summary>The sizes of a core's data caches, bytes.</summary>
/// <param name="L1">First level.</param>
/// <param name="L2">Second level.</param>
/// <param name="L3">Last level, shared by cores.</param>
internal readonly record struct CacheSizes(long L1, long L2, long L3)
{
    /// <summary>
    /// As the kernel of the operating system tells them; where it does not, those of a common desktop processor.
    /// </summary>
    public static CacheSizes OfThisMachine { get; } = new(Read(1) ?? 32 << 10, Read(2) ?? 1 << 20, Read(3) ?? 16 << 20);

    private static long? Read(int level)
    {
        const string folder = "/sys/devices/system/cpu/cpu0/cache";
        if (!Directory.Exists(folder))
            return null;
        foreach (string index in Directory.EnumerateDirectories(folder, "index*"))
        {
            if (Word("level") != level.ToString(CultureInfo.InvariantCulture) || Word("type") == "Instruction")
                continue;
            string size = Word("size");
            if (
                size.EndsWith('K')
                && long.TryParse(size[..^1], NumberStyles.None, CultureInfo.InvariantCulture, out long kibibytes)
            )
                return kibibytes << 10;

            string Word(string name) =>
                File.Exists(Path.Combine(index, name)) ? File.ReadAllText(Path.Combine(index, name)).Trim() : "";
        }
        return null;
    }
}
