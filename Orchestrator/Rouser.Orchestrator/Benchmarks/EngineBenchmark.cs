using Rouser.Data;
using Rouser.Snn;

namespace Rouser.Orchestrator.Benchmarks;

/// <summary>Times the training step or inference of a network.</summary>
internal static class EngineBenchmark
{
    /// <summary>
    /// Batches that are trained before anything is timed: enough for the spike rates to be those of a training and
    /// not of its first step.
    /// </summary>
    private const int WarmUp = 16;

    private const int BatchesPerRun = 4;

    /// <summary>Forward, backward through time and Adam.</summary>
    public static EngineTiming TrainStep(BenchmarkNetwork network, int threads, int runs) =>
        Measure(network, threads, runs, training: true);

    /// <summary>Forward only.</summary>
    public static EngineTiming Inference(BenchmarkNetwork network, int threads, int runs) =>
        Measure(network, threads, runs, training: false);

    private static EngineTiming Measure(BenchmarkNetwork network, int threads, int runs, bool training)
    {
        PeakMemory.Reset();
        using var engine = new FusedEngine(network.Settings, threads);
        for (int k = 0; k < WarmUp; k++)
            engine.Train(network.BatchAt(k));
        NetworkState start = engine.Export();
        Sample[][] batches = [.. Enumerable.Range(0, BatchesPerRun).Select(network.BatchAt)];
        int samples = batches.Sum(b => b.Length);
        var work = BatchWork.Of(network.Settings, samples, batches.Select(SpikesInto).ToArray(), training);
        long before = GC.GetTotalAllocatedBytes(precise: true);
        Run();
        long allocated = GC.GetTotalAllocatedBytes(precise: true) - before,
            peak = PeakMemory.Bytes();

        // Every run starts from the same state, so that all do the same work, and lies between two looks at the
        // machine's limits.
        using var probe = new LimitProbe(threads, all: false);
        double[] seconds = new double[runs],
            bounds = new double[runs];
        for (int run = 0; run < runs; run++)
        {
            engine.Import(start);
            double earlier = work.Seconds(probe.Now());
            seconds[run] = Spread.Seconds(Run);
            bounds[run] = (earlier + work.Seconds(probe.Now())) / 2;
        }
        return new EngineTiming(
            network,
            threads,
            training,
            Spread.Of(seconds).Times(1.0 / samples),
            Spread.Of(bounds).Times(1.0 / samples),
            Spread.Of(bounds.Zip(seconds, (bound, taken) => bound / taken)),
            work,
            peak,
            (double)allocated / BatchesPerRun
        );

        void Run()
        {
            foreach (Sample[] batch in batches)
                Step(batch);
        }

        BatchResult Step(Sample[] batch) => training ? engine.Train(batch) : engine.Evaluate(batch);

        long[] SpikesInto(Sample[] batch) =>
            [batch.Sum(s => (long)s.Raster.SpikeCount), .. Step(batch).Spikes.SkipLast(1).Select(layer => layer.Sum())];
    }
}

/// <summary>How fast a network was.</summary>
/// <param name="Threads">Threads at work.</param>
/// <param name="Training">Forward, backward and Adam; else forward only.</param>
/// <param name="PerSample">Seconds a sample.</param>
/// <param name="Bound">The bound by the model of <see cref="BatchWork"/> at the limits around each run, seconds a
/// sample.</param>
/// <param name="Share">What part of the bound each run reached.</param>
/// <param name="Work">What had to be done for all samples of a run.</param>
/// <param name="PeakBytes">The most memory that the process held, data included.</param>
/// <param name="AllocatedPerStep">Bytes taken from the garbage-collected heap per batch.</param>
internal sealed record EngineTiming(
    BenchmarkNetwork Network,
    int Threads,
    bool Training,
    Spread PerSample,
    Spread Bound,
    Spread Share,
    BatchWork Work,
    long PeakBytes,
    double AllocatedPerStep
)
{
    /// <summary>All of it.</summary>
    public Finding ToFinding()
    {
        double flops = Work.Flops / Work.Samples,
            bytes = Work.Bytes / Work.Samples;
        return new Finding(
            Training ? "train-step" : "inference",
            $"{Network.Name} {Network.Shape}, T = {Network.Settings.StepCount}, batch {Network.Settings.BatchSize}, {Network.Data}",
            Threads,
            [
                Measurement.Of("time per sample", PerSample.Times(1e3), "ms"),
                new("samples per second", 1 / PerSample.Median, "1/s"),
                Measurement.Of("bound by the model, per sample", Bound.Times(1e3), "ms"),
                Measurement.Of("share of the bound", Share.Times(100), "%"),
                new("dense product", flops / PerSample.Median / 1e9, "GFLOP/s", Note: $"{flops / 1e6:F1} MFLOP a sample"),
                new("event rows", bytes / PerSample.Median / 1e9, "GB/s", Note: $"{bytes / 1e6:F1} MB a sample"),
                .. Work.Events.Select(
                    (e, l) => new Measurement($"events into layer {l + 1}, per sample", e / (double)Work.Samples, "")
                ),
                new("peak memory", PeakBytes / 1e6, "MB"),
                new("allocated per step", AllocatedPerStep, "bytes"),
            ]
        );
    }
}
