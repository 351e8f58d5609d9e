using Rouser.Core.Data;
using Rouser.Core.Snn;

namespace Rouser.Orchestrator.Benchmarks;

/// <summary>Times the training step or inference of a network.</summary>
internal static class EngineBenchmark
{
    /// <summary>Batches that are trained before anything is timed: enough for the spike rates to be those of a training and not of its first step.</summary>
    private const int WarmUp = 16;

    private const int BatchesPerRun = 4;

    /// <summary>Forward, backward through time and Adam.</summary>
    public static EngineTiming TrainStep(BenchmarkNetwork network, MachineLimits limits, int runs) => Measure(network, limits, runs, training: true);

    /// <summary>Forward only.</summary>
    public static EngineTiming Inference(BenchmarkNetwork network, MachineLimits limits, int runs) => Measure(network, limits, runs, training: false);

    private static EngineTiming Measure(BenchmarkNetwork network, MachineLimits limits, int runs, bool training)
    {
        PeakMemory.Reset();
        using var engine = new FusedEngine(network.Settings, limits.Threads);
        for (int k = 0; k < WarmUp; k++) engine.Train(network.BatchAt(k));
        NetworkState start = engine.Export();
        Sample[][] batches = [.. Enumerable.Range(0, BatchesPerRun).Select(network.BatchAt)];
        int samples = batches.Sum(b => b.Length);

        // Every run starts from the same state, so that all do the same work.
        Spread seconds = Spread.Time(runs, [() => engine.Import(start)], [Run])[0];
        long before = GC.GetTotalAllocatedBytes(precise: true);
        Run();
        long allocated = GC.GetTotalAllocatedBytes(precise: true) - before;

        engine.Import(start);
        var work = BatchWork.Of(network.Settings, samples, batches.Select(SpikesInto).ToArray(), training);
        return new EngineTiming(network, limits, training, seconds.Times(1.0 / samples), work, PeakMemory.Bytes(), (double)allocated / BatchesPerRun);

        void Run()
        {
            foreach (Sample[] batch in batches) Step(batch);
        }

        BatchResult Step(Sample[] batch) => training ? engine.Train(batch) : engine.Evaluate(batch);

        long[] SpikesInto(Sample[] batch) => [batch.Sum(s => (long)s.Raster.SpikeCount), .. Step(batch).Spikes.SkipLast(1).Select(layer => layer.Sum())];
    }
}

/// <summary>How fast a network was.</summary>
/// <param name="Network">The network.</param>
/// <param name="Limits">What the machine does at most.</param>
/// <param name="Training">Forward, backward and Adam; else forward only.</param>
/// <param name="PerSample">Seconds a sample.</param>
/// <param name="Work">What had to be done for all samples of a run.</param>
/// <param name="PeakBytes">The most memory that the process held, data included.</param>
/// <param name="AllocatedPerStep">Bytes taken from the garbage-collected heap per batch.</param>
internal sealed record EngineTiming(
    BenchmarkNetwork Network, MachineLimits Limits, bool Training, Spread PerSample, BatchWork Work, long PeakBytes, double AllocatedPerStep)
{
    /// <summary>The bound by the model of <see cref="BatchWork"/>, seconds a sample.</summary>
    public double Bound => Work.Seconds(Limits) / Work.Samples;

    /// <summary>What part of the bound was reached.</summary>
    public double Share => Bound / PerSample.Median;

    /// <summary>All of it.</summary>
    public Finding ToFinding()
    {
        double flops = Work.Flops / Work.Samples, bytes = Work.Bytes / Work.Samples;
        string rates = string.Join(", ", Work.Rows.Select(r => Limits.Holding(r.From)).Distinct().Select(level => $"{level.Read / 1e9:F0} from {level.Name}"));
        return new Finding(
            Training ? "train-step" : "inference",
            $"{Network.Name} {Network.Shape}, T = {Network.Settings.StepCount}, batch {Network.Settings.BatchSize}, {Network.Data}",
            Limits.Threads,
            [
                Figure.Of("time per sample", PerSample.Times(1e3), "ms"),
                new("samples per second", 1 / PerSample.Median, "1/s"),
                new("bound by the model, per sample", Bound * 1e3, "ms"),
                new("share of the bound", 100 * Share, "%"),
                new("dense product", flops / PerSample.Median / 1e9, "GFLOP/s", Note: $"{flops / 1e6:F1} MFLOP a sample; the machine does {Limits.Peak / 1e9:F0}"),
                new("event rows", bytes / PerSample.Median / 1e9, "GB/s", Note: $"{bytes / 1e6:F1} MB a sample; the machine reads {rates}"),
                .. Work.Events.Select((e, l) => new Figure($"events into layer {l + 1}, per sample", e / (double)Work.Samples, "")),
                new("peak memory", PeakBytes / 1e6, "MB"),
                new("allocated per step", AllocatedPerStep, "bytes"),
            ]);
    }
}
