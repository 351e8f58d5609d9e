using System.Diagnostics;
using Rouser.Simulation.Defects;

namespace Rouser.Simulation;

/// <summary>What many seeds came to.</summary>
/// <param name="Results">One per seed, in order.</param>
/// <param name="Elapsed">Wall time.</param>
/// <param name="Processor">Processor time of all threads.</param>
internal sealed record CampaignResult(IReadOnlyList<SeedResult> Results, TimeSpan Elapsed, TimeSpan Processor)
{
    /// <summary>The seeds that broke an invariant, in order.</summary>
    public IEnumerable<SeedResult> Failing => Results.Where(r => r.Broken is not null);
}

/// <summary>Runs many seeds side by side, each in one thread.</summary>
internal static class Campaign
{
    /// <summary>Runs the seeds from <paramref name="first"/>, so many of them.</summary>
    public static CampaignResult Run(long first, int seeds, Build build, int threads)
    {
        SeedResult[] results = new SeedResult[seeds];
        TimeSpan processor = Process.GetCurrentProcess().TotalProcessorTime;
        Stopwatch watch = Stopwatch.StartNew();
        Parallel.For(
            0,
            seeds,
            new ParallelOptions { MaxDegreeOfParallelism = threads },
            i => results[i] = SeedRun.Run(first + i, build)
        );
        return new(results, watch.Elapsed, Process.GetCurrentProcess().TotalProcessorTime - processor);
    }

    /// <summary>Runs seeds from <paramref name="first"/> until one breaks an invariant.</summary>
    /// <returns>That one; null if none of so many did.</returns>
    public static SeedResult? FirstFailing(long first, int seeds, Build build)
    {
        for (long seed = first; seed < first + seeds; seed++)
        {
            SeedResult result = SeedRun.Run(seed, build);
            if (result.Broken is not null)
                return result;
        }
        return null;
    }

    /// <summary>The last lines of a seed's trace.</summary>
    public static IReadOnlyList<string> LastLines(long seed, Build build, int lines)
    {
        Queue<string> last = new();
        SeedRun.Run(
            seed,
            build,
            line =>
            {
                if (last.Count == lines)
                    last.Dequeue();
                last.Enqueue(line);
            }
        );
        return [.. last];
    }
}
