using Rouser.Data;
using Rouser.Orchestrator.Benchmarks;
using Rouser.Snn;
using Rouser.Snn.Fused;

namespace Rouser.Benchmarks;

/// <summary>
/// The event-driven rows of the first layer: forward, where an input spike adds a row of W, with the recurrences that
/// are fused with it; and the weights' gradient, where it adds a row of ∂L/∂I, with Adam. Rates count the bytes of
/// the rows alone.
/// </summary>
internal static unsafe class EventRowBenchmark
{
    public static Finding Run(BenchmarkNetwork network, MachineLimits limits, int runs)
    {
        TrainingSettings settings = network.Settings;
        using var team = new ThreadTeam(limits.Threads);
        using var layer = new FusedLayer(settings, BatchPlan.For(settings), number: 1, keepGradients: false);
        using var work = new FirstLayer(layer, settings, network.BatchAt(0));
        Spread[] seconds = Spread.Time(
            runs,
            () => team.Run(layer.Panels * settings.BatchSize, work.Forward),
            () => team.Run(layer.Panels, work.Gradient)
        );

        long events = network.BatchAt(0).Sum(s => (long)s.Raster.SpikeCount);
        double bytes = (double)sizeof(float) * events * layer.Neurons;
        const long rowBytes = WeightPanels.Width * sizeof(float);
        string subject =
            $"{network.Name} {layer.Inputs}-{layer.Neurons}, T = {settings.StepCount}, batch {settings.BatchSize}, {network.Data}";
        return new Finding(
            "event-axpy",
            subject,
            limits.Threads,
            [
                .. Figures("forward", seconds[0], rowBytes * layer.Inputs),
                .. Figures("gradient with Adam", seconds[1], rowBytes * settings.BatchSize * (settings.StepCount + 1)),
            ]
        );

        IEnumerable<Measurement> Figures(string name, Spread taken, long from)
        {
            MemoryLevel level = limits.Holding(from);
            double rate = bytes / taken.Median;
            yield return Measurement.Of($"{name}, per sample", taken.Times(1e3 / settings.BatchSize), "ms");
            yield return new Measurement(
                $"{name}, rows",
                rate / 1e9,
                "GB/s",
                Note: $"{100 * rate / level.Read:F0} % of {level.Read / 1e9:F0} from {level.Name}"
            );
        }
    }

    /// <summary>The first layer of a network with a batch's events laid out.</summary>
    private sealed class FirstLayer : IDisposable
    {
        private readonly FusedLayer _layer;
        private readonly TrainingSettings _settings;
        private readonly NeuronConstants _neuron;
        private readonly NeuronKernels _kernels;
        private readonly UpdateConstants _constants;
        private readonly UpdateKernels _updates;
        private readonly Sample[] _batch;
        private readonly NativeBuffer<float> _sums;

        public FirstLayer(FusedLayer layer, TrainingSettings settings, Sample[] batch)
        {
            (_layer, _settings, _batch) = (layer, settings, batch);
            _neuron = new NeuronConstants(settings);
            _kernels = Kernels.Best.For(settings);
            _constants = settings.Optimizer.ForWeights(new UpdateStep(1, RateFactor: 1));
            _updates = Kernels.Best.For(settings.Optimizer);
            _sums = new NativeBuffer<float>(2 * (nint)layer.Panels * WeightPanels.Width);
            Sample[][] groups = [.. batch.Chunk(BatchPlan.Group)];
            for (int g = 0; g < groups.Length; g++)
                layer.Events.Count(g, groups[g], 0, settings.StepCount);
            layer.Events.Lay(batch.Length);
            for (int g = 0; g < groups.Length; g++)
                layer.Events.Enter(g, groups[g], 0, settings.StepCount);
        }

        public void Forward(int item, int lane)
        {
            (int panel, int b) = Math.DivRem(item, _batch.Length);
            fixed (int* offsets = _batch[b].Raster.StepOffsets)
            fixed (ushort* inputs = _batch[b].Raster.Neurons)
            {
                _kernels.Forward(
                    _neuron,
                    _layer.NeuronsOf(panel),
                    _settings.StepCount,
                    _layer.Lag,
                    offsets,
                    inputs,
                    _layer.Weights(panel).W,
                    _layer.State(panel, b, 0),
                    _layer.Potentials(panel, b),
                    _layer.Currents(panel, b),
                    _layer.Spikes(panel, b)
                );
            }
        }

        public void Gradient(int panel, int lane) =>
            _updates.Gradient(
                _constants,
                new BatchPart(IsFirst: true, IsLast: true),
                0,
                _layer.Inputs,
                _layer.Events.Starts,
                _layer.Events.Rows,
                _layer.Events.Touched.Pointer,
                _layer.Potentials(panel, 0),
                _layer.Weights(panel),
                _sums.Pointer + (2 * panel * WeightPanels.Width),
                _sums.Pointer + (((2 * panel) + 1) * WeightPanels.Width)
            );

        public void Dispose() => _sums.Dispose();
    }
}
