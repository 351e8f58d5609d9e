using Rouser.Data;
using Rouser.Snn;
using Rouser.Snn.Connections;
using Rouser.Snn.Losses;
using Rouser.Snn.Readouts;
using Rouser.Snn.Reference;
using Rouser.Snn.Regularizers;
using Rouser.Snn.Surrogates;
using Rouser.Snn.Thresholds;

namespace Rouser.Testing.Networks;

/// <summary>A random trial and batch: odd sizes, every setting, silent and busy inputs. The seed says it all.</summary>
internal sealed class RandomNetwork
{
    private RandomNetwork(long seed)
    {
        Random = new RandomStream(seed, "random network");
        int layers = 1 + Random.NextInt(3);
        int[] sizes = [.. Enumerable.Range(0, layers).Select(_ => Size(70))];
        int steps = Random.NextInt(4) == 0 ? 1 : Size(40);
        Settings = TestNetworks.Settings(Size(70), sizes, steps, 1 + Random.NextInt(4), seed) with
        {
            Neuron = new NeuronSettings(
                Random.NextDouble(0.3, 0.95),
                Random.NextDouble(0.5, 0.99),
                Pick<ResetKind>(),
                Pick<CouplingKind>(),
                (ResetGradientKind)Random.NextInt(3)
            ),
            Surrogate = new ExponentialSurrogate(Random.NextDouble(0.3, 4), Random.NextDouble(0.5, 3)),
            Threshold = Random.NextInt(2) == 0 ? new FixedThreshold(Threshold()) : new LearnedThreshold(Threshold(), 0.01),
            Weights = new WeightSettings(Pick<WeightInitKind>(), Random.NextInt(2) == 0),
            Loss = Loss(Random.NextInt(3), Random.NextDouble(1, 8), 1 + Random.NextInt(3), 3 + Random.NextInt(30)),
        };
        double density = Random.NextInt(5) switch
        {
            0 => 0,
            1 => 1,
            _ => Random.NextDouble(0.01, 0.5),
        };
        Batch = TestNetworks.Batch(Settings, Random, 1 + Random.NextInt(Settings.BatchSize), density);
        if (Random.NextInt(3) == 0)
            Settings = Settings with { GradientWindow = 1 + Random.NextInt(steps) };
    }

    public RandomStream Random { get; }

    public TrainingSettings Settings { get; private set; }

    public Sample[] Batch { get; private set; }

    /// <summary>The network of a seed.</summary>
    public static RandomNetwork Of(long seed) => new(seed);

    /// <summary>A seed's network with any threshold rule, surrogate, membrane, regulariser and numbers.</summary>
    public static RandomNetwork OfAnyMethod(long seed)
    {
        RandomNetwork network = Of(seed);
        network.Settings = RandomMethod.Apply(network.Settings, new RandomStream(seed, "random method"));
        return network;
    }

    /// <summary>A seed's network with any method, optimiser, schedule and smoothing of labels.</summary>
    public static RandomNetwork OfAnyRecipe(long seed)
    {
        RandomNetwork network = OfAnyMethod(seed);
        network.Settings = RandomRecipe.Apply(network.Settings, new RandomStream(seed, "random recipe"));
        return network;
    }

    /// <summary>A seed's network with any recipe, and decays that are trained and drawn.</summary>
    public static RandomNetwork OfAnyDecays(long seed)
    {
        RandomNetwork network = OfAnyRecipe(seed);
        network.Settings = RandomDecays.Apply(network.Settings, new RandomStream(seed, "random decays"));
        return network;
    }

    /// <summary>A seed's network with any recipe, decays and readout, and dropout, which does not go with every method.</summary>
    public static RandomNetwork OfDropout(long seed)
    {
        RandomNetwork network = OfAnyDecays(seed);
        RandomStream random = new(seed, "random dropout");
        TrainingSettings settings = network.Settings;
        network.Settings = settings with
        {
            Quantization = Quantization.None,
            Threshold = settings.Threshold.NeedsWholeBatch ? new FixedThreshold(0.7) : settings.Threshold,
            Dropout = new Dropout(random.NextDouble(0.1, 0.8)),
        };
        if (random.NextInt(3) == 0)
            network.Settings = network.Settings with
            {
                Loss = new CrossEntropyLoss(),
                Readout = new LeakyReadout((ReadoutTime)random.NextInt(3)),
            };
        return network;
    }

    /// <summary>
    /// A seed's network with any recipe, decays and numbers, dropout and a readout now and then, and hidden layers that hear
    /// themselves.
    /// </summary>
    public static RandomNetwork OfRecurrence(long seed)
    {
        RandomStream random = new(seed, "random recurrence");
        RandomNetwork network = random.NextInt(3) == 0 ? OfDropout(seed) : OfAnyDecays(seed);
        TrainingSettings settings = network.Settings;
        network.Settings = settings with
        {
            Threshold = settings.Threshold.NeedsWholeBatch ? new LearnedThreshold(0.7, 0.01) : settings.Threshold,
            LayerSizes = settings.LayerSizes.Count > 1 ? settings.LayerSizes : [1 + random.NextInt(70), settings.LayerSizes[0]],
            IsRecurrent = true,
        };
        return network;
    }

    /// <summary>
    /// A seed's network with any recipe, decays and numbers, delays, and now and then dropout, a readout, normalised inputs or
    /// hidden layers that hear themselves.
    /// </summary>
    public static RandomNetwork OfDelays(long seed)
    {
        RandomStream random = new(seed, "random delays");
        RandomNetwork network = random.NextInt(6) switch
        {
            0 or 1 => OfRecurrence(seed),
            2 => OfDropout(seed),
            3 => OfNormalizedReadout(seed),
            _ => OfAnyDecays(seed),
        };
        TrainingSettings settings = network.Settings;
        int max = 1 + random.NextInt(12);
        network.Settings = settings with
        {
            LayerSizes = settings.LayerSizes.Count > 1 ? settings.LayerSizes : [1 + random.NextInt(70), settings.LayerSizes[0]],
            Delays = new AxonalDelays(max, random.NextDouble(0, max), 0.3),
        };
        return network;
    }

    /// <summary>
    /// A seed's network with any recipe, decays and numbers, delays of its weights, and now and then dropout, a readout or
    /// hidden layers that hear themselves.
    /// </summary>
    public static RandomNetwork OfSynapses(long seed)
    {
        RandomStream random = new(seed, "random synapses");
        RandomNetwork network = random.NextInt(4) switch
        {
            0 => OfRecurrence(seed),
            1 => OfDropout(seed),
            _ => OfAnyDecays(seed),
        };
        TrainingSettings settings = network.Settings;
        int max = 1 + random.NextInt(12);
        network.Settings = settings with
        {
            Threshold = settings.Threshold.NeedsWholeBatch ? new LearnedThreshold(0.7, 0.01) : settings.Threshold,
            LayerSizes = settings.LayerSizes.Count > 1 ? settings.LayerSizes : [1 + random.NextInt(70), settings.LayerSizes[0]],
            Delays = new SynapticDelays(max, random.NextDouble(0, max), 0.3, OfInputs: random.NextInt(3) > 0),
        };
        return network;
    }

    /// <summary>A seed's network with any recipe and decays, and inputs that are normalised.</summary>
    public static RandomNetwork OfNormalizedLayers(long seed)
    {
        RandomNetwork network = OfAnyDecays(seed);
        network.Settings = RandomLayers.Apply(network.Settings, new RandomStream(seed, "random layers"));
        return network;
    }

    /// <summary>A seed's network with any recipe and decays, inputs that are normalised, and a leaky readout.</summary>
    public static RandomNetwork OfNormalizedReadout(long seed)
    {
        RandomNetwork network = OfNormalizedLayers(seed);
        network.Settings = network.Settings with
        {
            Loss = new CrossEntropyLoss(),
            Readout = new LeakyReadout((ReadoutTime)new RandomStream(seed, "random readout").NextInt(3)),
        };
        return network;
    }

    /// <summary>
    /// A seed's network with any recipe and cross-entropy, on spike counts or on the logits of any readout.
    /// </summary>
    public static RandomNetwork OfAnyReadout(long seed)
    {
        RandomNetwork network = OfAnyRecipe(seed);
        RandomStream random = new(seed, "random readout");
        network.Settings = network.Settings with
        {
            Loss = new CrossEntropyLoss(random.NextInt(2) == 0 ? 0 : random.NextDouble(0, 0.5)),
            Readout = random.NextInt(6) switch
            {
                0 => null,
                1 or 2 => new FirstSpikeReadout(random.NextDouble(1, 20)),
                _ => new LeakyReadout((ReadoutTime)random.NextInt(3)),
            },
        };
        return network;
    }

    /// <summary>
    /// A seed's network with convolutions and pooling, and any recipe, decays and readout; one in three with dropout,
    /// one in four with delays.
    /// </summary>
    public static RandomNetwork OfAnyLayers(long seed)
    {
        RandomNetwork network = seed % 3 == 0 ? OfDropout(seed) : OfAnyReadout(seed);
        RandomStream random = new(seed, "random planes");
        TrainingSettings settings = RandomDecays.Apply(network.Settings, random);
        network.Settings = RandomPlanes.Apply(settings, random) with
        {
            Delays = random.NextInt(4) == 0 ? new AxonalDelays(6, random.NextDouble(0, 6), 0.3) : null,
        };
        network.Batch = TestNetworks.Batch(
            network.Settings,
            random,
            1 + random.NextInt(settings.BatchSize),
            random.NextDouble(0.02, 0.5)
        );
        return network;
    }

    /// <summary>
    /// The smallest distance of a potential from its threshold, or from where the surrogate jumps: below rounding
    /// errors the two engines may differ in a spike or its gradient. Of a readout that takes the maximum, also that of the
    /// maximum from the next potential below it.
    /// </summary>
    public static double Margin(TrainingSettings settings, ReferenceBatch batch)
    {
        // The whole numbers of quantised states have no rounding errors, so that engines agree on a potential that
        // meets its threshold.
        double margin = double.PositiveInfinity;
        if (settings.Quantization != Quantization.None)
            return margin;
        if (settings.Readout is LeakyReadout { Time: ReadoutTime.Max })
            margin = batch.Traces.Min(traces => MarginOfMaximum(traces[^1].V));
        foreach (
            ReferenceTrace trace in batch.Traces.SelectMany(traces => traces.SkipLast(settings.Readout is LeakyReadout ? 1 : 0))
        )
        {
            double[,] V = trace.V;
            for (int t = 0; t < V.GetLength(0); t++)
            {
                for (int i = 0; i < V.GetLength(1); i++)
                {
                    double Th = trace.Th[t, i],
                        distance = Math.Abs(V[t, i] - Th);
                    // A potential of exactly 0 is exact in float32 too; a threshold that comes from others may not be.
                    if (V[t, i] != 0 || settings.Threshold is DsAtgoThreshold)
                        margin = Math.Min(margin, distance);
                    if (settings.Surrogate is not RectangleSurrogate)
                        continue;
                    double half =
                        settings.Surrogate.Tau / 2 * (settings.Threshold is DsAtgoThreshold ? trace.Statistics.Width[t] : 1);
                    margin = Math.Min(
                        margin,
                        Math.Abs((settings.Threshold is TrainedThreshold { IsRelative: true } ? distance / Th : distance) - half)
                    );
                }
            }
        }
        return margin;
    }

    /// <inheritdoc/>
    public override string ToString() =>
        $"seed {Settings.Seed}: {Settings.InputCount}-{string.Join('-', Settings.LayerSizes)} {string.Join(' ', Settings.Connections ?? [])}, T = "
        + $"{Settings.StepCount}, B = {Batch.Length}, window {Settings.GradientWindow}, "
        + $"{Settings.Neuron}, {Settings.Readout}, {Settings.Loss}, {Settings.Weights}, {Settings.Threshold}, {Settings.Surrogate}, "
        + $"{Settings.Regularizer}, {Settings.Dropout}, recurrent {Settings.IsRecurrent}, {Settings.Delays}, "
        + $"{Settings.Quantization}, {Settings.Normalization}, {Settings.Optimizer}, {Settings.Schedule}";

    /// <summary>Potentials that are equal to the last bit, as those before the first spike, are so in float32 too.</summary>
    private static double MarginOfMaximum(double[,] V) =>
        Enumerable
            .Range(0, V.GetLength(1))
            .Min(i =>
            {
                double[] falling = [.. Enumerable.Range(0, V.GetLength(0)).Select(t => V[t, i]).Distinct().OrderDescending()];
                return falling.Length == 1 ? double.PositiveInfinity : falling[0] - falling[1];
            });

    private static Loss Loss(int kind, double filterTau, int truePeriod, int falsePeriod) =>
        kind switch
        {
            0 => new VanRossumLoss(filterTau, truePeriod, falsePeriod),
            1 => new SpikeRateLoss(0.5, 0.1),
            _ => new SpikeMaxLoss(),
        };

    private double Threshold() => Random.NextInt(5) == 0 ? 0 : Random.NextDouble(0.2, 1.5);

    private int Size(int most) => 1 + Random.NextInt(most);

    private T Pick<T>()
        where T : struct, Enum
    {
        T[] values = Enum.GetValues<T>();
        return values[Random.NextInt(values.Length)];
    }
}
