using Rouser.Core.Data;
using Rouser.Core.Snn;

namespace Rouser.Orchestrator.Benchmarks;

/// <summary>Times the training step and inference of a network.</summary>
internal static class EngineBenchmark
{
    /// <summary>Batches that are trained before anything is timed: enough for the spike rates to be those of a training and not of its first step.</summary>
    private const int WarmUp = 16;

    /// <summary>Batches in a run.</summary>
    private const int BatchesPerRun = 4;

    /// <summary>Forward, backward through time and Adam.</summary>
    public static Finding TrainStep(BenchmarkNetwork network, MachineLimits limits, int runs) => Measure("train-step", network, limits, runs, training: true);

    /// <summary>Forward only.</summary>
    public static Finding Inference(BenchmarkNetwork network, MachineLimits limits, int runs) => Measure("inference", network, limits, runs, training: false);

    private static Finding Measure(string name, BenchmarkNetwork network, MachineLimits limits, int runs, bool training)
    {
        PeakMemory.Reset();
        TrainingSettings settings = network.Settings;
        using var engine = new FusedEngine(settings, limits.Threads);
        for (int k = 0; k < WarmUp; k++) engine.Train(network.BatchAt(k));
        NetworkState start = engine.Export();
        Sample[][] batches = [.. Enumerable.Range(0, BatchesPerRun).Select(network.BatchAt)];
        int samples = batches.Sum(b => b.Length);

        // Every run starts from the same state, so that all do the same work.
        var seconds = new List<double>(runs);
        for (int run = -1; run < runs; run++)
        {
            engine.Import(start);
            double taken = Spread.Seconds(Run);
            if (run >= 0) seconds.Add(taken);
        }
        double allocated = AllocatedBy(Run) / BatchesPerRun;

        engine.Import(start);
        BatchWork work = BatchWork.Of(settings, samples, EventsOf(engine, batches, training), training);
        Spread perSample = Spread.Of(seconds).Times(1.0 / samples);
        double bound = work.Seconds(limits) / samples;
        return new Finding(name, $"{network.Name} {network.Shape}, T = {settings.StepCount}, batch {settings.BatchSize}, {network.Data}", limits.Threads,
        [
            Figure.Of("time per sample", perSample.Times(1e3), "ms"),
            new("samples per second", 1 / perSample.Median, "1/s"),
            new("bound by the model, per sample", bound * 1e3, "ms"),
            new("share of the bound", 100 * bound / perSample.Median, "%"),
            new("dense product", work.Flops / samples / perSample.Median / 1e9, "GFLOP/s",
                Note: $"{work.Flops / samples / 1e6:F0} MFLOP a sample; in registers the machine does {limits.Peak / 1e9:F0}"),
            new("event rows", work.Bytes / samples / perSample.Median / 1e9, "GB/s",
                Note: $"{work.Bytes / samples / 1e6:F1} MB a sample; the machine reads {Rates()}"),
            .. work.Events.Select((e, l) => new Figure($"events into layer {l + 1}, per sample", e / (double)samples, "")),
            new("peak memory", PeakMemory.Bytes() / 1e6, "MB"),
            new("allocated per step", allocated, "bytes"),
        ]);

        void Run()
        {
            foreach (Sample[] batch in batches)
            {
                if (training) engine.Train(batch);
                else engine.Evaluate(batch);
            }
        }

        string Rates() => string.Join(", ", work.Rows.Select(r => limits.Holding(r.From)).Distinct().Select(level => $"{level.Read / 1e9:F0} from {level.Name}"));
    }

    private static long[] EventsOf(FusedEngine engine, Sample[][] batches, bool training)
    {
        long[]? events = null;
        foreach (Sample[] batch in batches)
        {
            BatchResult result = training ? engine.Train(batch) : engine.Evaluate(batch);
            events ??= new long[result.Spikes.Length];
            events[0] += batch.Sum(s => (long)s.Raster.SpikeCount);
            for (int l = 1; l < events.Length; l++) events[l] += result.Spikes[l - 1].Sum();
        }
        return events!;
    }

    private static double AllocatedBy(Action action)
    {
        long before = GC.GetTotalAllocatedBytes(precise: true);
        action();
        return GC.GetTotalAllocatedBytes(precise: true) - before;
    }
}
