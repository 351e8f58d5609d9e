using Rouser.Core;
using Rouser.Core.Snn.Fused;
using Rouser.Orchestrator.Benchmarks;

namespace Rouser.Benchmarks;

/// <summary>The dense product ∂L/∂S = ∂L/∂I·Wᵀ of each hidden layer, alone: every thread works on a sample of its own, as in training.</summary>
internal static unsafe class GemmBenchmark
{
    private const int SamplesPerRun = 16;

    public static Finding Run(BenchmarkNetwork network, MachineLimits limits, int runs)
    {
        using var team = new ThreadTeam(limits.Threads);
        IReadOnlyList<int> layers = network.Settings.LayerSizes;
        List<Figure> figures = [];
        for (int l = 1; l < layers.Count; l++)
        {
            double rate = Rate(team, network.Settings.StepCount, neurons: layers[l], inputs: layers[l - 1], runs, out Spread seconds);
            figures.Add(Figure.Of($"layer {l + 1}, per sample", seconds.Times(1e3), "ms"));
            figures.Add(new Figure($"layer {l + 1}, rate", rate / 1e9, "GFLOP/s", Note: $"{100 * rate / limits.Peak:F0} % of {limits.Peak / 1e9:F0}"));
        }
        return new Finding("gemm", $"{network.Name} {network.Shape}, [T × out]·[out × in], T = {network.Settings.StepCount}", limits.Threads, figures);
    }

    private static double Rate(ThreadTeam team, int steps, int neurons, int inputs, int runs, out Spread perSample)
    {
        int above = Panel.Count(neurons), below = Panel.Count(inputs);
        nint panelStride = (nint)steps * Panel.Width;
        using NativeBuffer<float> gI = Filled(above * panelStride * team.Threads), WT = Filled((nint)below * neurons * Panel.Width);
        using NativeBuffer<float> gS = Filled(panelStride * team.Threads);
        void Sample(int item, int lane)
        {
            for (int p = 0; p < below; p++)
            {
                Kernels.Best.Dense(
                    steps, neurons, gI.Pointer + (lane * above * panelStride), panelStride, WT.Pointer + ((nint)p * neurons * Panel.Width),
                    gS.Pointer + (lane * panelStride));
            }
        }
        perSample = Spread.Time(runs, () => team.Run(SamplesPerRun * team.Threads, Sample))[0].Times(1.0 / (SamplesPerRun * team.Threads));
        return 2.0 * steps * neurons * inputs / perSample.Median;
    }

    private static NativeBuffer<float> Filled(nint length)
    {
        var random = new RandomStream(0, "benchmark/gemm");
        var buffer = new NativeBuffer<float>(length);
        foreach (ref float x in buffer.Span) x = (float)random.NextDouble(-1, 1);
        return buffer;
    }
}
