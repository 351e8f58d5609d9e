namespace Rouser.Orchestrator.Benchmarks;

/// <summary>What this machine does at most with a number of threads, as <see cref="LimitProbe"/> measured it.</summary>
/// <param name="Threads">Threads at work at the same time.</param>
/// <param name="MultiplyAdd">Vector bits and floating-point operations per second of register-resident multiply-adds;
/// the widest vectors last.</param>
/// <param name="Levels">Streaming from each level of memory, the nearest first.</param>
internal sealed record MachineLimits(
    int Threads,
    IReadOnlyList<(int Bits, double Rate)> MultiplyAdd,
    IReadOnlyList<MemoryLevel> Levels
)
{
    /// <summary>Operations per second at the widest vectors.</summary>
    public double Peak => MultiplyAdd[^1].Rate;

    /// <summary>The nearest level that holds <paramref name="bytes"/>.</summary>
    public MemoryLevel Holding(long bytes) => Levels.FirstOrDefault(level => bytes <= level.Capacity) ?? Levels[^1];

    /// <summary>As a finding.</summary>
    public Finding ToFinding(string processor) =>
        new(
            "limits",
            processor,
            Threads,
            [
                .. MultiplyAdd.Select(m => new Measurement($"multiply-add, {m.Bits} bits", m.Rate / 1e9, "GFLOP/s")),
                .. Levels.Select(l => new Measurement(
                    $"read from {l.Name}",
                    l.Read / 1e9,
                    "GB/s",
                    Note: $"{l.Measured >> 10} KiB a thread"
                )),
                .. Levels.Select(l => new Measurement($"update in {l.Name}", l.Update / 1e9, "GB/s", Note: "read and written")),
            ]
        );
}

/// <summary>Plain streaming from one level of memory.</summary>
/// <param name="Name">L1, L2, L3 or memory.</param>
/// <param name="Capacity">Bytes that it holds, per core; the last level's is shared.</param>
/// <param name="Measured">Bytes that were streamed over, per thread.</param>
/// <param name="Read">Bytes read per second, all threads together.</param>
/// <param name="Update">Bytes read and written per second when each value is changed in place.</param>
internal sealed record MemoryLevel(string Name, long Capacity, long Measured, double Read, double Update);
