using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Rouser.Orchestrator.Benchmarks;

/// <summary>The processor of this machine.</summary>
internal static class Processor
{
    /// <summary>Its name and the widest vectors that it has: figures mean nothing without.</summary>
    public static string Description { get; } = $"{Name()}, {VectorBits()}-bit vectors";

    private static int VectorBits() =>
        Vector512.IsHardwareAccelerated ? 512
        : Vector256.IsHardwareAccelerated ? 256
        : Vector128.IsHardwareAccelerated ? 128
        : 32;

    private static string Name()
    {
        const string linux = "/proc/cpuinfo";
        string? model = File.Exists(linux)
            ? File.ReadLines(linux)
                .FirstOrDefault(line => line.StartsWith("model name", StringComparison.Ordinal))
                ?.Split(':', 2)[1]
                .Trim()
            : Environment.GetEnvironmentVariable("PROCESSOR_IDENTIFIER");
        return model ?? RuntimeInformation.ProcessArchitecture.ToString();
    }
}
