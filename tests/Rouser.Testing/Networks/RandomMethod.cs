using Rouser.Snn;
using Rouser.Snn.Losses;
using Rouser.Snn.Membranes;
using Rouser.Snn.Regularizers;
using Rouser.Snn.Surrogates;
using Rouser.Snn.Thresholds;

namespace Rouser.Testing.Networks;

/// <summary>Draws a threshold rule and what goes with it, from all that there are.</summary>
internal static class RandomMethod
{
    private const double LearningRate = 0.01;

    /// <summary>Draws a threshold rule, from Th_init.</summary>
    public static IReadOnlyList<Func<RandomStream, double, ThresholdRule>> Rules { get; } =
    [
        (_, init) => new FixedThreshold(init),
        (random, init) => new LearnedThreshold(init, LearningRate, IsSoftplus: random.NextInt(3) == 0),
        (random, init) => new GainThreshold(init, LearningRate, ScalesWidth: random.NextInt(2) == 0),
        (random, init) => new LeeThreshold(init, random.NextDouble(0.0001, 0.01)),
        (random, init) => new AnnealedThreshold(init, random.NextDouble(0.1, 2), random.NextDouble(0, 1)),
        (random, init) => new LtmdThreshold(init, LearningRate, init + random.NextDouble(0.1, 2)),
        (_, init) => new DietThreshold(init, LearningRate),
        (_, init) => new TrsgThreshold(init, LearningRate),
        (random, init) => new AdaptiveThreshold(init, random.NextDouble(0.5, 0.99), random.NextDouble(0.2, 2)),
        (random, init) => new DsAtgoThreshold(init, random.NextDouble(0.5, 1.5), random.NextDouble(0, 1)),
    ];

    /// <summary>Makes a surrogate of a width and a scale.</summary>
    public static IReadOnlyList<Func<double, double, Surrogate>> Surrogates { get; } =
    [
        (tau, scale) => new ExponentialSurrogate(tau, scale),
        (tau, scale) => new RectangleSurrogate(tau, scale),
        (tau, scale) => new FastSigmoidSurrogate(tau, scale),
        (tau, scale) => new ArctanSurrogate(tau, scale),
        (tau, scale) => new TriangleSurrogate(tau, scale),
        (tau, scale) => new GaussianSurrogate(tau, scale),
    ];

    private static Membrane Membrane(ThresholdRule rule, bool isPlif, bool perNeuron) =>
        rule is DietThreshold ? new LeakMembrane(perNeuron, LearningRate)
        : isPlif ? new PlifMembrane(perNeuron, LearningRate)
        : new PlainMembrane();

    private static Loss Reduced(Loss loss, TimeReduction reduction) =>
        loss is VanRossumLoss vanRossum ? vanRossum with { TimeReduction = reduction } : loss;

    /// <summary>The settings with a drawn method.</summary>
    public static TrainingSettings Apply(TrainingSettings settings, RandomStream random)
    {
        ThresholdRule rule = Rules[random.NextInt(Rules.Count)](random, random.NextDouble(0.2, 1.5));
        Surrogate surrogate = Surrogates[random.NextInt(Surrogates.Count)](settings.Surrogate.Tau, settings.Surrogate.Scale);
        // Now and then so narrow that the first update meets them.
        if (rule is TrainedThreshold or BatchwiseThreshold && random.NextInt(3) == 0)
            rule = rule with { Bounds = new(rule.Init - random.NextDouble(0, 0.02), rule.Init + random.NextDouble(0, 0.02)) };
        bool isPlif = rule is not DietThreshold && random.NextInt(3) == 0;
        // As lava-dl has it: quantised states need a hard reset, and thresholds that are the same at every step.
        bool quantized = random.NextInt(4) == 0 && rule is { MovesWithinBatch: false };
        return settings with
        {
            Quantization = quantized ? Quantization.Lava : Quantization.None,
            Threshold = rule,
            Surrogate = surrogate with
            {
                Convention = random.NextInt(3) == 0 ? SurrogateConvention.Lava : SurrogateConvention.Paper,
            },
            Neuron = settings.Neuron with
            {
                Reset = quantized ? ResetKind.Hard : settings.Neuron.Reset,
                ResetGradient = random.NextInt(4) == 0 ? ResetGradientKind.Clipped : settings.Neuron.ResetGradient,
                Membrane = Membrane(rule, isPlif, perNeuron: random.NextInt(2) == 0),
            },
            Regularizer =
                random.NextInt(3) != 0
                    ? null
                    : new ActivityRegularizer(
                        random.NextDouble(0, 1),
                        random.NextDouble(0, 5),
                        random.NextDouble(0, 1),
                        random.NextDouble(0, 5)
                    ),
            Loss = Reduced(settings.Loss, (TimeReduction)random.NextInt(2)) with { OutputDelayed = random.NextInt(2) == 0 },
        };
    }
}
