using Rouser.Core;
using Rouser.Orchestrator.Benchmarks;
using Rouser.Snn;
using Rouser.Snn.Fused;

namespace Rouser.Benchmarks;

/// <summary>
/// The dense product ∂L/∂S = ∂L/∂I·Wᵀ of each hidden layer, alone. Matrices lie as in training, ∂L/∂I of all samples
/// panel by panel, and every thread works on a sample of its own.
/// </summary>
internal static unsafe class GemmBenchmark
{
    public static Finding Run(BenchmarkNetwork network, MachineLimits limits, int runs)
    {
        using var team = new ThreadTeam(limits.Threads);
        IReadOnlyList<int> layers = network.Settings.LayerSizes;
        List<Measurement> figures = [];
        for (int l = 1; l < layers.Count; l++)
        {
            double rate = Rate(team, network.Settings, neurons: layers[l], inputs: layers[l - 1], runs, out Spread seconds);
            figures.Add(Measurement.Of($"layer {l + 1}, per sample", seconds.Times(1e3), "ms"));
            figures.Add(
                new Measurement(
                    $"layer {l + 1}, rate",
                    rate / 1e9,
                    "GFLOP/s",
                    Note: $"{100 * rate / limits.Peak:F0} % of {limits.Peak / 1e9:F0}"
                )
            );
        }
        return new Finding(
            "gemm",
            $"{network.Name} {network.Shape}, [T × out]·[out × in], T = {network.Settings.StepCount}",
            limits.Threads,
            figures
        );
    }

    private static double Rate(
        ThreadTeam team,
        TrainingSettings settings,
        int neurons,
        int inputs,
        int runs,
        out Spread perSample
    )
    {
        int steps = settings.StepCount,
            above = WeightPanels.Count(neurons),
            below = WeightPanels.Count(inputs);
        nint sampleStride = (nint)(steps + 1) * WeightPanels.Width,
            panelStride = settings.BatchSize * sampleStride;
        using NativeBuffer<float> gI = Filled(above * panelStride),
            WT = Filled((nint)below * neurons * WeightPanels.Width),
            gS = Filled(sampleStride * team.Threads);
        void Sample(int b, int lane)
        {
            for (int p = 0; p < below; p++)
            {
                Kernels.Best.Dense(
                    steps,
                    neurons,
                    gI.Pointer + (b * sampleStride),
                    panelStride,
                    WT.Pointer + ((nint)p * neurons * WeightPanels.Width),
                    gS.Pointer + (lane * sampleStride)
                );
            }
        }
        perSample = Spread.Time(runs, () => team.Run(settings.BatchSize, Sample))[0].Times(1.0 / settings.BatchSize);
        return 2.0 * steps * neurons * inputs / perSample.Median;
    }

    private static NativeBuffer<float> Filled(nint length)
    {
        var random = new RandomStream(0, "benchmark/gemm");
        var buffer = new NativeBuffer<float>(length);
        foreach (ref float x in buffer.Span)
            x = (float)random.NextDouble(-1, 1);
        return buffer;
    }
}
