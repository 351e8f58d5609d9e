using Rouser.Orchestrator.Benchmarks;
using Rouser.Snn;
using Rouser.Snn.Fused;

namespace Rouser.Benchmarks;

/// <summary>
/// Adam on the first layer's weights with no event in the batch, but some before: the cost of moving every weight,
/// the gradient left out.
/// </summary>
internal static unsafe class AdamBenchmark
{
    /// <summary>W and both moments, read and written.</summary>
    private const int BytesPerWeight = 6 * sizeof(float);

    public static Finding Run(BenchmarkNetwork network, MachineLimits limits, int runs)
    {
        TrainingSettings settings = network.Settings;
        using var team = new ThreadTeam(limits.Threads);
        using var layer = new FusedLayer(settings, BatchPlan.For(settings), number: 1, keepGradients: false);
        using var noEvents = new NativeBuffer<int>(layer.Inputs + 1);
        using var sums = new NativeBuffer<float>(2 * (nint)layer.Panels * WeightPanels.Width);
        layer.Events.Touched.Span.Fill(1);
        UpdateConstants constants = settings.Optimizer.ForWeights(new UpdateStep(100, RateFactor: 1));
        UpdateKernels updates = Kernels.Best.For(settings.Optimizer);
        void Update(int panel, int lane) =>
            updates.Gradient(
                constants,
                new BatchPart(IsFirst: true, IsLast: true),
                0,
                layer.Inputs,
                noEvents.Pointer,
                noEvents.Pointer,
                layer.Events.Touched.Pointer,
                layer.Potentials(panel, 0),
                layer.Weights(panel),
                sums.Pointer + (2 * panel * WeightPanels.Width),
                sums.Pointer + (((2 * panel) + 1) * WeightPanels.Width)
            );

        Spread seconds = Spread.Time(runs, () => team.Run(layer.Panels, Update))[0];
        double weights = (double)layer.Inputs * layer.Neurons,
            rate = BytesPerWeight * weights / seconds.Median;
        MemoryLevel level = limits.Holding((long)(BytesPerWeight / 2 * weights / limits.Threads));
        return new Finding(
            "adam",
            $"{network.Name} {layer.Inputs}-{layer.Neurons}, {weights:F0} weights",
            limits.Threads,
            [
                Measurement.Of("time per update", seconds.Times(1e3), "ms"),
                new("time per sample of a batch of 32", seconds.Median * 1e3 / settings.BatchSize, "ms"),
                new("weights per second", weights / seconds.Median / 1e9, "10⁹/s"),
                new(
                    "moved",
                    rate / 1e9,
                    "GB/s",
                    Note: $"{100 * rate / level.Update:F0} % of {level.Update / 1e9:F0} updated in {level.Name}"
                ),
            ]
        );
    }
}
