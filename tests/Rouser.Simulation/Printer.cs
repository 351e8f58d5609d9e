using Rouser.Simulation.Defects;
using Rouser.Simulation.Invariants;

namespace Rouser.Simulation;

/// <summary>What the program prints.</summary>
/// <param name="defect">The defect put in, or null.</param>
internal sealed class Printer(string? defect)
{
    private const int SeedsInFull = 3,
        SeedsInShort = 20,
        SeedsInLine = 10,
        LinesOfTrace = 25;

    private Build Build => defect is null ? Build.Sound : Build.Defective[defect];

    /// <summary>Runs one seed.</summary>
    /// <returns>The exit code.</returns>
    public int RunOne(long seed, bool trace)
    {
        SeedResult result = SeedRun.Run(seed, Build, trace ? Console.WriteLine : null);
        Console.WriteLine($"seed {seed}: {result.Inputs} inputs, {result.Messages} of them messages, {result.Sweeps} sweeps");
        if (result.Broken is null)
            return 0;
        // Where an invariant is checked says little; what the product throws says where.
        Console.WriteLine(result.Broken is InvariantBrokenException broken ? broken.Message : result.Broken.ToString());
        return 1;
    }

    /// <summary>Runs many seeds.</summary>
    /// <returns>The exit code.</returns>
    public int RunMany(long first, int seeds, int threads)
    {
        CampaignResult campaign = Campaign.Run(first, seeds, Build, threads);
        Console.WriteLine(Summary(campaign));
        SeedResult[] failing = [.. campaign.Failing];
        foreach (SeedResult result in failing.Take(SeedsInFull))
            PrintInFull(result);
        foreach (SeedResult result in failing.Skip(SeedsInFull).Take(SeedsInShort))
            Console.WriteLine(InShort(result));
        if (failing.Length > SeedsInFull + SeedsInShort)
            Console.WriteLine($"… and {failing.Length - SeedsInFull - SeedsInShort} more");
        Console.WriteLine(failing.Length == 0 ? "no invariant broken" : $"{failing.Length} of {seeds} seeds broke an invariant");
        return failing.Length == 0 ? 0 : 1;
    }

    /// <summary>Runs as many seeds with each defect, and says which of them find it.</summary>
    /// <returns>The exit code: 0 if every defect was found.</returns>
    public static int FindDefects(long first, int seeds, int threads)
    {
        bool allFound = true;
        foreach ((string name, Build build) in Build.Defective)
        {
            CampaignResult campaign = Campaign.Run(first, seeds, build, threads);
            SeedResult[] failing = [.. campaign.Failing];
            allFound &= failing.Length > 0;
            string found =
                string.Join(" ", failing.Take(SeedsInLine).Select(r => r.Seed)) + (failing.Length > SeedsInLine ? " …" : "");
            Console.WriteLine($"{name}: {failing.Length} of {seeds} seeds break an invariant: {found}");
            if (failing.Length > 0)
                Console.WriteLine(new Printer(name).InShort(failing[0]));
        }
        return allFound ? 0 : 1;
    }

    private static string Summary(CampaignResult campaign)
    {
        IReadOnlyList<SeedResult> results = campaign.Results;
        double seconds = campaign.Elapsed.TotalSeconds;
        long inputs = results.Sum(r => (long)r.Inputs),
            messages = results.Sum(r => (long)r.Messages),
            sweeps = results.Sum(r => (long)r.Sweeps);
        return $"""
            {results.Count} seeds in {seconds:0.0} s ({results.Count
                / seconds:0} seeds/s; {campaign.Processor.TotalSeconds:0.0} s of processor time)
            {inputs:N0} coordinator inputs ({inputs / seconds:N0}/s), {messages:N0} of them other than ticks; {sweeps:N0} sweeps
            the shortest seed: {results.Min(r => r.Inputs):N0} inputs, {results.Min(r => r.Messages):N0} of them other than ticks
            """;
    }

    private void PrintInFull(SeedResult result)
    {
        Console.WriteLine();
        foreach (string line in Campaign.LastLines(result.Seed, Build, LinesOfTrace))
            Console.WriteLine(line);
        Console.WriteLine(InShort(result));
        Console.WriteLine();
    }

    private string InShort(SeedResult result)
    {
        string withDefect = defect is null ? "" : $" --defect {defect}";
        return $"""
            seed {result.Seed}: {result.Broken!.Message}
                dotnet run --project tests/Rouser.Simulation -c Release -- --seed {result.Seed}{withDefect} --trace
            """;
    }
}
