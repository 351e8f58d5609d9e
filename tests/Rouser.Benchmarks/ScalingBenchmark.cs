using Rouser.Data;
using Rouser.Orchestrator.Benchmarks;
using Rouser.Snn;

namespace Rouser.Benchmarks;

/// <summary>
/// The time of an epoch against its samples, their events and T, on 2312-500-500-10 with random rasters as dense as
/// N-MNIST's, each with a line fitted through it; and two threads against one.
/// </summary>
internal static class ScalingBenchmark
{
    public const string Shape = "2312-500-500-10";

    private const int Samples = 128,
        Events = 4_100,
        Steps = 300;

    public static IReadOnlyList<ScalingSeries> Run(int threads, int runs) =>
        [
            Against("samples", threads, runs, [64, 128, 192, 256], n => Network(n, Events, Steps)),
            Against(
                "events of a sample",
                threads,
                runs,
                [2_050, 4_100, 8_200, 16_400],
                events => Network(Samples, events, Steps)
            ),
            // As many events a step at every T.
            Against("T", threads, runs, [150, 300, 600, 1_200], steps => Network(Samples, Events * steps / Steps, steps)),
        ];

    public static Finding ToFinding(ScalingSeries series, int threads) =>
        new(
            "scaling",
            $"time of an epoch against {series.What}, {Shape}",
            threads,
            [
                .. series.X.Select((x, i) => Measurement.Of($"{series.What} {x}", series.Seconds[i].Times(1e3), "ms")),
                new("line: per 1000", series.Line.Slope * 1e6, "ms"),
                new("line: at 0", series.Line.Intercept * 1e3, "ms"),
                new("line: R²", series.Line.R2, ""),
                new("line: largest departure", 100 * series.Line.LargestDeparture, "%"),
            ]
        );

    private static ScalingSeries Against(string what, int threads, int runs, int[] values, Func<int, BenchmarkNetwork> network)
    {
        Epoch[] epochs = [.. values.Select(x => new Epoch(network(x), threads))];
        Spread[] seconds = Spread.Time(
            runs,
            [.. epochs.Select(e => (Action)e.Restart)],
            [.. epochs.Select(e => (Action)e.Train)]
        );
        foreach (Epoch epoch in epochs)
            epoch.Dispose();
        double[] x = [.. values.Select(v => (double)v)];
        return new ScalingSeries(what, x, seconds, Line.Through(x, [.. seconds.Select(s => s.Median)]));
    }

    public static Finding Threads(int runs)
    {
        BenchmarkNetwork network = Network(Samples, Events, Steps);
        using Epoch one = new(network, 1),
            two = new(network, 2);
        Spread[] seconds = Spread.Time(runs, [one.Restart, two.Restart], [one.Train, two.Train]);
        return new Finding(
            "scaling",
            $"1 thread against 2, {Shape}",
            2,
            [
                Measurement.Of("1 thread", seconds[0].Times(1e3), "ms"),
                Measurement.Of("2 threads", seconds[1].Times(1e3), "ms"),
                new("times as fast", seconds[0].Median / seconds[1].Median, ""),
            ]
        );
    }

    private static BenchmarkNetwork Network(int samples, int events, int steps) =>
        BenchmarkNetwork.Random("scaling", 2312, [500, 500, 10], events, samples, steps);

    /// <summary>An epoch that can be trained again and again, from the same start.</summary>
    private sealed class Epoch : IDisposable
    {
        private readonly FusedEngine _engine;
        private readonly NetworkState _start;
        private readonly Sample[][] _batches;

        public Epoch(BenchmarkNetwork network, int threads)
        {
            _engine = new FusedEngine(network.Settings, threads);
            _start = _engine.Export();
            _batches = [.. Enumerable.Range(0, network.Samples.Count / network.Settings.BatchSize).Select(network.BatchAt)];
        }

        public void Restart() => _engine.Import(_start);

        public void Train()
        {
            foreach (Sample[] batch in _batches)
                _engine.Train(batch);
        }

        public void Dispose() => _engine.Dispose();
    }
}
