using System.Runtime.Intrinsics;
using Rouser.Snn.Fused;

namespace Rouser.Orchestrator.Benchmarks;

/// <summary>
/// Measures the machine's limits, as often as one likes. A machine that is shared changes its speed from second to
/// second, so that what is set beside the limits is set beside those of the same moment.
/// </summary>
internal sealed class LimitProbe : IDisposable
{
    private const double SecondsPerRun = 0.01;
    private const long LargestBuffer = 512L << 20;
    private static readonly int[] Widths = [32, 128, 256, 512];

    private readonly ThreadTeam _team;
    private readonly List<Loop> _arithmetic = [];
    private readonly List<Level> _levels = [];

    /// <summary>Takes the buffers and finds out how long each loop has to be.</summary>
    /// <param name="threads">Threads at work at the same time.</param>
    /// <param name="all">Every vector width and memory itself too; else what training is set beside: the widest
    /// vectors and the caches.</param>
    public LimitProbe(int threads, bool all)
    {
        _team = new ThreadTeam(threads);
        int widest =
            Vector512.IsHardwareAccelerated ? 512
            : Vector256.IsHardwareAccelerated ? 256
            : Vector128.IsHardwareAccelerated ? 128
            : 32;
        foreach (int bits in Widths.Where(bits => bits <= widest && (all || bits == widest)))
        {
            LimitKernel.Arithmetic loop = LimitKernel.For(bits).MultiplyAdd;
            _arithmetic.Add(new Loop(_team, bits, (_, rounds) => loop(rounds)));
        }

        // Buffers fill half a level. What a virtual machine calls its last level may be shared with others, so no
        // more than eight times the second level is taken for it, and memory is measured well past it.
        CacheSizes caches = CacheSizes.OfThisMachine;
        LimitKernel.Loops kernels = LimitKernel.For(widest);
        _levels.Add(new Level(_team, kernels, "L1", caches.L1, caches.L1 / 2));
        _levels.Add(new Level(_team, kernels, "L2", caches.L2, caches.L2 / 2));
        _levels.Add(new Level(_team, kernels, "L3", caches.L3, Math.Min(caches.L3 / 2, 8 * caches.L2) / threads));
        if (all)
            _levels.Add(new Level(_team, kernels, "memory", long.MaxValue, Math.Min(2 * caches.L3, LargestBuffer) / threads));
    }

    /// <summary>
    /// The limits of this machine: the best of a few measurements, because a limit is what can be reached. A second
    /// or two.
    /// </summary>
    public static MachineLimits Best(int threads)
    {
        const int runs = 5;
        using var probe = new LimitProbe(threads, all: true);
        return probe.Measure(measure => Enumerable.Range(0, runs).Max(_ => measure()));
    }

    /// <summary>The limits of this moment, some hundredths of a second.</summary>
    public MachineLimits Now() => Measure(measure => measure());

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (Level level in _levels)
            level.Dispose();
        _team.Dispose();
    }

    private MachineLimits Measure(Func<Func<double>, double> take) =>
        new(
            _team.Threads,
            [.. _arithmetic.Select(loop => (loop.Bits, take(loop.Rate)))],
            [.. _levels.Select(l => new MemoryLevel(l.Name, l.Capacity, l.Bytes, take(l.Read.Rate), take(l.Update.Rate)))]
        );

    /// <summary>
    /// Work that says how much it did in so many rounds, on all threads, repeated until it is long enough for the
    /// clock.
    /// </summary>
    private sealed class Loop
    {
        private readonly ThreadTeam _team;
        private readonly Func<int, long, double> _work;
        private readonly double[] _done;
        private readonly long _rounds = 1;

        public Loop(ThreadTeam team, int bits, Func<int, long, double> work)
        {
            (_team, Bits, _work, _done) = (team, bits, work, new double[team.Threads]);
            while (Spread.Seconds(Run) < SecondsPerRun)
                _rounds *= 2;
        }

        public int Bits { get; }

        public double Rate()
        {
            double seconds = Spread.Seconds(Run);
            return _done.Sum() / seconds;
        }

        private void Run() => _team.Run(_team.Threads, (item, _) => _done[item] = _work(item, _rounds));
    }

    private sealed unsafe class Level : IDisposable
    {
        private readonly NativeBuffer<float>[] _buffers;

        public Level(ThreadTeam team, LimitKernel.Loops loops, string name, long capacity, long bytes)
        {
            (Name, Capacity, Bytes) = (name, capacity, bytes);
            nint length = (nint)(bytes / sizeof(float) / 128 * 128);
            _buffers = [.. Enumerable.Range(0, team.Threads).Select(_ => new NativeBuffer<float>(length))];
            // Pages that were never written are all the same page of zeros.
            foreach (NativeBuffer<float> buffer in _buffers)
                buffer.Span.Fill(1);
            Read = new Loop(team, 0, (lane, rounds) => loops.Read(_buffers[lane].Pointer, length, rounds));
            Update = new Loop(team, 0, (lane, rounds) => loops.Update(_buffers[lane].Pointer, length, rounds));
        }

        public string Name { get; }

        public long Capacity { get; }

        public long Bytes { get; }

        public Loop Read { get; }

        public Loop Update { get; }

        public void Dispose()
        {
            foreach (NativeBuffer<float> buffer in _buffers)
                buffer.Dispose();
        }
    }
}
