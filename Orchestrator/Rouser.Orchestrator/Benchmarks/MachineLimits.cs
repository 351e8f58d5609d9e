using System.Runtime.Intrinsics;
using Rouser.Core.Snn.Fused;

namespace Rouser.Orchestrator.Benchmarks;

/// <summary>What this machine does at most with a number of threads, measured: the best of a few runs, because a limit is what can be reached.</summary>
/// <param name="Threads">Threads at work at the same time.</param>
/// <param name="MultiplyAdd">Vector bits and floating-point operations per second of register-resident multiply-adds; the widest vectors last.</param>
/// <param name="Levels">Streaming from each level of memory, the nearest first.</param>
internal sealed record MachineLimits(int Threads, IReadOnlyList<(int Bits, double Rate)> MultiplyAdd, IReadOnlyList<MemoryLevel> Levels)
{
    private const int Runs = 5;
    private const double SecondsPerRun = 0.02;
    private const long LargestBuffer = 512L << 20;

    /// <summary>Operations per second at the widest vectors.</summary>
    public double Peak => MultiplyAdd[^1].Rate;

    /// <summary>Measures for <paramref name="threads"/> threads. A second or two.</summary>
    public static MachineLimits Measure(int threads)
    {
        int[] all = [32, 128, 256, 512];
        int widest = Vector512.IsHardwareAccelerated ? 512 : Vector256.IsHardwareAccelerated ? 256 : Vector128.IsHardwareAccelerated ? 128 : 32;
        using var team = new ThreadTeam(threads);
        return new MachineLimits(
            threads, [.. all.Where(bits => bits <= widest).Select(bits => (bits, Arithmetic(team, bits)))], Memory(team, LimitKernel.For(widest)));
    }

    /// <summary>The nearest level that holds <paramref name="bytes"/>.</summary>
    public MemoryLevel Holding(long bytes) => Levels.FirstOrDefault(level => bytes <= level.Capacity) ?? Levels[^1];

    /// <summary>As a finding.</summary>
    public Finding ToFinding(string processor) => new("limits", processor, Threads,
    [
        .. MultiplyAdd.Select(m => new Figure($"multiply-add, {m.Bits} bits", m.Rate / 1e9, "GFLOP/s")),
        .. Levels.Select(l => new Figure($"read from {l.Name}", l.Read / 1e9, "GB/s", Note: $"{l.Measured >> 10} KiB a thread")),
        .. Levels.Select(l => new Figure($"update in {l.Name}", l.Update / 1e9, "GB/s", Note: "read and written")),
    ]);

    private static double Arithmetic(ThreadTeam team, int bits)
    {
        LimitKernel.Arithmetic loop = LimitKernel.For(bits).MultiplyAdd;
        return Best(team, (_, rounds) => loop(rounds));
    }

    private static MemoryLevel[] Memory(ThreadTeam team, LimitKernel.Loops loops)
    {
        CacheSizes caches = CacheSizes.OfThisMachine;
        // Buffers fill half a level. What a virtual machine calls its last level may be shared with others, so no more than eight times the second
        // level is taken for it, and memory is measured well past it.
        return
        [
            Level("L1", caches.L1, caches.L1 / 2),
            Level("L2", caches.L2, caches.L2 / 2),
            Level("L3", caches.L3, Math.Min(caches.L3 / 2, 8 * caches.L2) / team.Threads),
            Level("memory", long.MaxValue, Math.Min(2 * caches.L3, LargestBuffer) / team.Threads),
        ];

        unsafe MemoryLevel Level(string name, long capacity, long bytes)
        {
            nint length = (nint)(bytes / sizeof(float) / 128 * 128);
            NativeBuffer<float>[] buffers = [.. Enumerable.Range(0, team.Threads).Select(_ => new NativeBuffer<float>(length))];
            // Pages that were never written are all the same page of zeros.
            foreach (NativeBuffer<float> buffer in buffers) buffer.Span.Fill(1);
            double read = Best(team, (lane, rounds) => loops.Read(buffers[lane].Pointer, length, rounds));
            double update = Best(team, (lane, rounds) => loops.Update(buffers[lane].Pointer, length, rounds));
            foreach (NativeBuffer<float> buffer in buffers) buffer.Dispose();
            return new MemoryLevel(name, capacity, bytes, read, update);
        }
    }

    /// <summary>The highest rate, over all threads, of work that says how much it did in so many rounds.</summary>
    private static double Best(ThreadTeam team, Func<int, long, double> work)
    {
        double done = 0, rate = 0;
        Lock sync = new();
        for (int run = 0, warm = 0; run < Runs;)
        {
            done = 0;
            // Doubles the rounds until a run is long enough for the clock.
            double seconds = Spread.Seconds(() => team.Run(team.Threads, (item, _) =>
            {
                double mine = work(item, 1L << warm);
                lock (sync) done += mine;
            }));
            if (seconds < SecondsPerRun)
            {
                warm++;
                continue;
            }
            rate = Math.Max(rate, done / seconds);
            run++;
        }
        return rate;
    }
}

/// <summary>Plain streaming from one level of memory.</summary>
/// <param name="Name">L1, L2, L3 or memory.</param>
/// <param name="Capacity">Bytes that it holds, per core; the last level's is shared.</param>
/// <param name="Measured">Bytes that were streamed over, per thread.</param>
/// <param name="Read">Bytes read per second, all threads together.</param>
/// <param name="Update">Bytes read and written per second when each value is changed in place.</param>
internal sealed record MemoryLevel(string Name, long Capacity, long Measured, double Read, double Update);
