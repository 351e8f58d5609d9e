using Rouser.Core;
using Rouser.Orchestrator.Benchmarks;
using Rouser.Snn;
using Rouser.Snn.Fused;

namespace Rouser.Benchmarks;

/// <summary>
/// Backward through time without the products: surrogate, both recurrences and the thresholds' gradient of all
/// layers.
/// </summary>
internal static unsafe class BackwardBenchmark
{
    public static Finding Run(BenchmarkNetwork network, MachineLimits limits, int runs)
    {
        TrainingSettings settings = network.Settings;
        using var team = new ThreadTeam(limits.Threads);
        int panels = settings.LayerSizes.Sum(WeightPanels.Count);
        nint panelLength = (nint)settings.StepCount * WeightPanels.Width,
            length = panels * panelLength;
        using NativeBuffer<float> V = new(length * settings.BatchSize),
            gS = new(panelLength),
            Th = new(WeightPanels.Width),
            A = new(WeightPanels.Width),
            B = new(WeightPanels.Width),
            carries = new(BackwardKernel.CarriedRows * WeightPanels.Width * team.Threads);
        var random = new RandomStream(0, "benchmark/backward");
        Th.Span.Fill((float)settings.Threshold.Init);
        foreach (ref float g in gS.Span)
            g = (float)random.NextDouble(-0.1, 0.1);
        A.Span.Fill((float)settings.Neuron.CurrentFactor);
        B.Span.Fill((float)settings.Neuron.VoltageFactor);
        var neuron = new NeuronConstants(settings);
        NeuronKernels kernels = Kernels.Best.For(settings);

        Spread perSample = Spread
            .Time(runs, [Fill], [() => team.Run(settings.BatchSize, Sample)])[0]
            .Times(1.0 / settings.BatchSize);
        double steps = (double)settings.StepCount * settings.LayerSizes.Sum();
        return new Finding(
            "backward",
            $"{network.Name} {network.Shape}, T = {settings.StepCount}, recurrences and surrogate",
            limits.Threads,
            [
                Measurement.Of("time per sample", perSample.Times(1e3), "ms"),
                new("neuron steps per second", steps / perSample.Median / 1e9, "10⁹/s"),
            ]
        );

        // The kernel overwrites potentials, so they are drawn again before each run.
        void Fill()
        {
            foreach (ref float v in V.Span)
                v = (float)random.NextDouble(-2, 2);
        }

        void Sample(int b, int lane)
        {
            float* carry = carries.Pointer + (lane * BackwardKernel.CarriedRows * WeightPanels.Width);
            var neurons = new NeuronPanel
            {
                Th = Th.Pointer,
                A = A.Pointer,
                B = B.Pointer,
            };
            for (int p = 0; p < panels; p++)
            {
                new Span<float>(carry, BackwardKernel.CarriedRows * WeightPanels.Width).Clear();
                kernels.Backward(
                    neuron,
                    neurons,
                    settings.StepCount,
                    gS.Pointer,
                    V.Pointer + (b * length) + (p * panelLength),
                    null,
                    carry
                );
            }
        }
    }
}
