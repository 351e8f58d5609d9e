using System.Diagnostics;

namespace Rouser.Orchestrator.Benchmarks;

/// <summary>The most memory that the process has held since the last reset.</summary>
internal static class PeakMemory
{
    /// <summary>Starts again from what is held now; does nothing where the system cannot.</summary>
    public static void Reset()
    {
        GC.Collect();
        try
        {
            // Linux: 5 resets the peak (proc_pid_clear_refs(5)).
            if (OperatingSystem.IsLinux())
                File.WriteAllText("/proc/self/clear_refs", "5");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // A container may forbid it; the peak then counts from the start of the process.
        }
    }

    /// <summary>Bytes.</summary>
    public static long Bytes()
    {
        using Process self = Process.GetCurrentProcess();
        return self.PeakWorkingSet64;
    }
}
