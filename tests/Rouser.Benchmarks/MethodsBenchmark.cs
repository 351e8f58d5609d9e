using System.Globalization;
using Rouser.Data;
using Rouser.Orchestrator.Benchmarks;
using Rouser.Snn;
using Rouser.Snn.Connections;
using Rouser.Snn.Currents;
using Rouser.Snn.Heterogeneities;
using Rouser.Snn.Losses;
using Rouser.Snn.Membranes;
using Rouser.Snn.Normalizations;
using Rouser.Snn.Readouts;
using Rouser.Snn.Regularizers;
using Rouser.Snn.Surrogates;
using Rouser.Snn.Thresholds;

namespace Rouser.Benchmarks;

/// <summary>What a training step costs under each method, beside fixed thresholds.</summary>
/// <remarks>
/// All start from the same weights, those after some batches with fixed thresholds. A method that fires more has more
/// events to work on: that is its cost as well, and the spikes stand beside it. Every measurement of a method comes
/// right after one of fixed thresholds, and the ratio is that of the two, in processor time, so that a machine that
/// is busy with other things treats both alike.
/// </remarks>
internal static class MethodsBenchmark
{
    private const int WarmUp = 16,
        BatchesPerRun = 2;
    private const double LearningRate = 0.01,
        Tau = 3.75,
        Scale = 1.5;

    /// <summary>
    /// The methods, by the words of a sweep file, and how they change the network's settings, which have fixed
    /// thresholds.
    /// </summary>
    private static readonly (string Name, Func<TrainingSettings, TrainingSettings> Change)[] Methods =
    [
        ("fixed", s => s),
        ("learned", s => s with { Threshold = new LearnedThreshold(s.Threshold.Init, LearningRate) }),
        ("lee_regularized", s => s with { Threshold = new LeeThreshold(s.Threshold.Init, 1e-5) }),
        ("annealed", s => s with { Threshold = new AnnealedThreshold(s.Threshold.Init, 1, 0.001) }),
        ("ltmd", s => s with { Threshold = new LtmdThreshold(s.Threshold.Init, LearningRate, 2) }),
        (
            "diet",
            s =>
                Membrane(
                    s with
                    {
                        Threshold = new DietThreshold(s.Threshold.Init, LearningRate),
                    },
                    new LeakMembrane(PerNeuron: false, LearningRate)
                )
        ),
        ("trsg", s => s with { Threshold = new TrsgThreshold(s.Threshold.Init, LearningRate) }),
        ("adaptive", s => s with { Threshold = new AdaptiveThreshold(s.Threshold.Init, 0.99, 1.8) }),
        (
            "ds_atgo",
            s =>
                s with
                {
                    Threshold = new DsAtgoThreshold(1, 1, 0.9),
                    Surrogate = new RectangleSurrogate(1, 1),
                    Neuron = s.Neuron with { Reset = ResetKind.Hard },
                }
        ),
        ("membrane: plif, per layer", s => Membrane(s, new PlifMembrane(PerNeuron: false, LearningRate))),
        ("membrane: plif, per neuron", s => Membrane(s, new PlifMembrane(PerNeuron: true, LearningRate))),
        ("current: trained, per layer", s => Current(s, new TrainedCurrent(PerNeuron: false, LearningRate))),
        ("current: trained, per neuron", s => Current(s, new TrainedCurrent(PerNeuron: true, LearningRate))),
        (
            "heterogeneity: gamma",
            s => s with { Neuron = s.Neuron with { Heterogeneity = new GammaHeterogeneity(HeterogeneousDecays.Both, 3) } }
        ),
        (
            "normalization: tdbn",
            s => s with { Normalization = new TdbnNormalization(1, 0.9, LearningRate, NormalizedLayers.Hidden) }
        ),
        ("regularizer: activity", s => s with { Regularizer = new ActivityRegularizer(0.06, 1, 100, 1e-3) }),
        ("loss: cross_entropy on counts", s => s with { Loss = new CrossEntropyLoss() }),
        ("readout: first_spike", s => s with { Loss = new CrossEntropyLoss(), Readout = new FirstSpikeReadout(10) }),
        ("dropout: 0.2", s => s with { Dropout = new Dropout(0.2) }),
        ("network.recurrent", s => s with { IsRecurrent = true }),
        ("network.delays: synaptic, up to 20", s => s with { Delays = new SynapticDelays(20, 20, 0.1) }),
        ("network.delays: axonal, up to 20", s => s with { Delays = new AxonalDelays(20, 20, 0.1) }),
        ("readout: leaky, max", s => s with { Loss = new CrossEntropyLoss(), Readout = new LeakyReadout(ReadoutTime.Max) }),
        ("readout: leaky, mean", s => s with { Loss = new CrossEntropyLoss(), Readout = new LeakyReadout(ReadoutTime.Mean) }),
        ("weights.normalize", s => s with { Weights = s.Weights with { Normalize = true } }),
        (
            "quantize: lava, as lava-dl",
            s =>
                s with
                {
                    Quantization = Quantization.Lava,
                    Neuron = s.Neuron with
                    {
                        Reset = ResetKind.Hard,
                        Coupling = CouplingKind.SameStep,
                        ResetGradient = ResetGradientKind.None,
                    },
                }
        ),
        ("surrogate: rectangle", s => s with { Surrogate = new RectangleSurrogate(Tau, Scale) }),
        ("surrogate: fast_sigmoid", s => s with { Surrogate = new FastSigmoidSurrogate(Tau, Scale) }),
        ("surrogate: arctan", s => s with { Surrogate = new ArctanSurrogate(Tau, Scale) }),
        ("surrogate: triangle", s => s with { Surrogate = new TriangleSurrogate(Tau, Scale) }),
        ("surrogate: gaussian", s => s with { Surrogate = new GaussianSurrogate(Tau, Scale) }),
    ];

    /// <summary>Measures all methods on a network and returns the lines of a Markdown table.</summary>
    public static IEnumerable<string> Run(BenchmarkNetwork network, int threads, int runs)
    {
        TrainingSettings plain = network.Settings with { Threshold = new FixedThreshold(network.Settings.Threshold.Init) };
        NetworkState start = Trained(plain, network);
        Sample[][] batches = [.. Enumerable.Range(0, BatchesPerRun).Select(network.BatchAt)];
        int samples = batches.Sum(b => b.Length);
        using Contender baseline = new(plain, threads, start, batches);
        yield return $"{network.Shape}, T = {plain.StepCount}, batch {plain.BatchSize}, {network.Data}; {threads} "
            + $"thread(s), medians of {runs} pairs (quartiles in brackets).";
        yield return "";
        yield return "| method | processor time, ms a sample | relative to fixed | hidden neurons that spike per step |";
        yield return "|---|---|---|---|";
        foreach ((string name, Func<TrainingSettings, TrainingSettings> change) in Methods)
        {
            using Contender contender = new(change(plain), threads, start, batches);
            double[] ratios = new double[runs],
                milliseconds = new double[runs];
            for (int run = -1; run < runs; run++)
            {
                double beside = baseline.Seconds(),
                    seconds = contender.Seconds();
                if (run >= 0)
                    (ratios[run], milliseconds[run]) = (seconds / beside, 1e3 * seconds / samples);
            }
            (Spread ratio, Spread time) = (Spread.Of(ratios), Spread.Of(milliseconds));
            yield return string.Create(
                CultureInfo.InvariantCulture,
                $"| `{name}` | {time.Median:F2} ({time.Lower:F2} to {time.Upper:F2}) | {ratio.Median:F2} "
                    + $"({ratio.Lower:F2} to {ratio.Upper:F2}) | {100 * contender.SpikeRate:F1} % |"
            );
        }
    }

    private static TrainingSettings Membrane(TrainingSettings settings, Membrane membrane) =>
        settings with
        {
            Neuron = settings.Neuron with { Membrane = membrane },
        };

    private static TrainingSettings Current(TrainingSettings settings, Current current) =>
        settings with
        {
            Neuron = settings.Neuron with { Current = current },
        };

    private static NetworkState Trained(TrainingSettings settings, BenchmarkNetwork network)
    {
        using var engine = new FusedEngine(settings, Environment.ProcessorCount);
        for (int k = 0; k < WarmUp; k++)
            engine.Train(network.BatchAt(k));
        return engine.Export();
    }

    /// <summary>A method that trains the same batches from the same weights, as often as one likes.</summary>
    private sealed class Contender : IDisposable
    {
        private readonly FusedEngine _engine;
        private readonly NetworkState _start;
        private readonly Sample[][] _batches;
        private readonly double _cells;

        public Contender(TrainingSettings settings, int threads, NetworkState weights, Sample[][] batches)
        {
            _engine = new FusedEngine(settings, threads);
            _batches = batches;
            NetworkState own = _engine.Export();
            _start = own with { Layers = [.. own.Layers.Zip(weights.Layers, With)] };
            _cells = (double)settings.StepCount * settings.LayerSizes.SkipLast(1).Sum() * batches.Sum(b => b.Length);
        }

        /// <summary>The share of hidden neurons that spiked at a step, in the last run.</summary>
        public double SpikeRate { get; private set; }

        /// <summary>Processor time of a run.</summary>
        public double Seconds()
        {
            _engine.Import(_start);
            TimeSpan before = Environment.CpuUsage.TotalTime;
            long spikes = 0;
            foreach (Sample[] batch in _batches)
            {
                foreach (long[] layer in _engine.Train(batch).Spikes.SkipLast(1))
                    spikes += layer.Sum();
            }
            double seconds = (Environment.CpuUsage.TotalTime - before).TotalSeconds;
            SpikeRate = spikes / _cells;
            return seconds;
        }

        public void Dispose() => _engine.Dispose();

        /// <summary>
        /// The given weights in a layer; where they are normalised, they are the direction as well, and their norms
        /// the lengths. What the layer hears of itself stays as it is drawn.
        /// </summary>
        private static LayerState With(LayerState layer, LayerState given)
        {
            Dictionary<string, float[]> tensors = layer.Tensors.ToDictionary();
            if (tensors.ContainsKey("direction"))
            {
                tensors["direction"] = given.Weights;
                tensors["length"] =
                [
                    .. Enumerable
                        .Range(0, given.NeuronCount)
                        .Select(i =>
                            (float)
                                Math.Sqrt(
                                    Enumerable
                                        .Range(0, given.InputCount)
                                        .Sum(j => Square(given.Weights[(j * given.NeuronCount) + i]))
                                )
                        ),
                ];
            }
            return layer with { Weights = [.. given.Weights, .. layer.Weights.Skip(given.Weights.Length)], Tensors = tensors };
        }

        private static double Square(double x) => x * x;
    }
}
