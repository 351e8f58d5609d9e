using System.Diagnostics;

namespace Rouser.Benchmarks;

/// <summary>The program, started as its users start it.</summary>
internal static class RouserProcess
{
    /// <summary>Starts it. What it says is read and dropped.</summary>
    public static Process Start(string[] arguments)
    {
        // The program lies beside the benchmarks' own folder, where the build puts all of them.
        string programs = Path.Combine(AppContext.BaseDirectory, "..", "..", "Rouser.Orchestrator");
        string rouser = Directory
            .GetFiles(programs, "rouser.dll", SearchOption.AllDirectories)
            .OrderByDescending(File.GetLastWriteTimeUtc)
            .First();
        ProcessStartInfo start = new("dotnet", ["exec", rouser, .. arguments])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        // A trial that is reused hands nothing over.
        start.Environment["ROUSER_STORE"] = "none";
        var process = Process.Start(start)!;
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        return process;
    }
}
