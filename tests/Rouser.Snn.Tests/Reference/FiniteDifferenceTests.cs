using Rouser.Data;
using Rouser.Snn.Connections;
using Rouser.Snn.Currents;
using Rouser.Snn.Heterogeneities;
using Rouser.Snn.Losses;
using Rouser.Snn.Membranes;
using Rouser.Snn.Normalizations;
using Rouser.Snn.Reference;
using Rouser.Snn.Regularizers;
using Rouser.Snn.Surrogates;
using Rouser.Snn.Thresholds;
using Rouser.Testing.Networks;

namespace Rouser.Snn.Tests.Reference;

/// <summary>
/// Every gradient of the reference against finite differences. A spike has no derivative, so it is replaced by an
/// antiderivative of the surrogate; then the full gradient is the true one, through reset, threshold, adaptation,
/// leak and regulariser.
/// </summary>
public sealed class FiniteDifferenceTests
{
    private const double Tolerance = 1e-5;

    public static TheoryData<string, string> Cases
    {
        get
        {
            TheoryData<string, string> cases = [];
            foreach (string surrogate in Surrogates.Keys)
            {
                foreach (string rule in Rules.Keys)
                    cases.Add(surrogate, rule);
            }
            return cases;
        }
    }

    private static readonly Dictionary<string, Surrogate> Surrogates = new()
    {
        ["exponential"] = new ExponentialSurrogate(0.9, 0.8),
        ["rectangle"] = new RectangleSurrogate(1.7, 1.1),
        ["fast_sigmoid"] = new FastSigmoidSurrogate(0.7, 0.6),
        ["arctan"] = new ArctanSurrogate(0.8, 0.4),
        ["triangle"] = new TriangleSurrogate(1.3, 1.2) { Convention = SurrogateConvention.Lava },
        ["gaussian"] = new GaussianSurrogate(0.7, 0.5),
    };

    private static readonly Dictionary<string, ThresholdRule> Rules = new()
    {
        ["learned"] = new LearnedThreshold(0.6, 0.01),
        ["softplus"] = new LearnedThreshold(0.6, 0.01, IsSoftplus: true),
        ["gain"] = new GainThreshold(0.6, 0.01, ScalesWidth: false),
        ["gain_scaled"] = new GainThreshold(0.6, 0.01, ScalesWidth: true),
        ["ltmd"] = new LtmdThreshold(0.6, 0.01, 1.5),
        ["diet"] = new DietThreshold(0.6, 0.01),
        ["trsg"] = new TrsgThreshold(0.6, 0.01),
        ["adaptive"] = new AdaptiveThreshold(0.6, 0.8, 1.8),
        ["ds_atgo"] = new DsAtgoThreshold(0.6, 1, 0.9),
    };

    private static readonly Func<bool, Membrane>[] Membranes =
    [
        _ => new PlainMembrane(),
        perNeuron => new PlifMembrane(perNeuron, 0.01),
        perNeuron => new LeakMembrane(perNeuron, 0.01),
    ];

    private static readonly Func<bool, Current>[] Currents =
    [
        _ => new PlainCurrent(),
        perNeuron => new TrainedCurrent(perNeuron, 0.01),
    ];

    private static readonly TdbnNormalization?[] Normalizations =
    [
        null,
        new(1.2, 0.9, 0.01, NormalizedLayers.Hidden),
        new(0.8, 0.9, 0.01, NormalizedLayers.All),
    ];

    [Theory]
    [MemberData(nameof(Cases))]
    public void Weights_thresholds_and_leaks_have_the_slope_of_finite_differences(string surrogate, string rule)
    {
        // Each case takes the membranes, currents and normalisations in another order, so that all pairs come up over the cases.
        int start = Array.IndexOf([.. Surrogates.Keys], surrogate) + Array.IndexOf([.. Rules.Keys], rule),
            membrane = start;
        foreach (ResetKind reset in Enum.GetValues<ResetKind>())
        {
            foreach (CouplingKind coupling in Enum.GetValues<CouplingKind>())
            {
                Check(
                    Surrogates[surrogate],
                    Rules[rule],
                    reset,
                    coupling,
                    Membranes[membrane % 3](reset == ResetKind.Hard),
                    Currents[membrane % 2](reset == ResetKind.Soft),
                    Normalizations[membrane++ / 2 % 3],
                    isRecurrent: (start + (int)reset + (int)coupling) % 2 == 0,
                    isDelayed: (start + (int)reset) % 2 == 0
                );
            }
        }
    }

    /// <summary>
    /// Where delays are whole, as those of spikes always are, the slope that is taken is that of a delay that grows.
    /// </summary>
    [Fact]
    public void Whole_delays_have_the_slope_of_longer_ones()
    {
        RandomStream random = new(4, "whole delays");
        TrainingSettings settings = TestNetworks.Settings(5, [6, 3], 12, 2) with
        {
            Neuron = new NeuronSettings(0.7, 0.9, ResetKind.Soft, CouplingKind.Delayed, ResetGradientKind.Full),
            Surrogate = Surrogates["exponential"],
            Threshold = Rules["learned"],
            Delays = new AxonalDelays(5, 4, 0.1),
        };
        Sample[] batch = TestNetworks.Batch(settings, random, 2, 0.5);
        ReferenceEngine engine = new(settings, [Matrix(random, 5, 6), Matrix(random, 6, 3)], SmoothSpikes.Of(settings.Surrogate));
        double[] d = engine.Delays[0]!.D;
        for (int i = 0; i < d.Length; i++)
            d[i] = i;
        double[] expected = engine.Run(batch).Gradients[0].D;
        double Loss() => engine.Run(batch).LossSum / batch.Length;
        const double h = 1e-5;
        double[] slopes =
        [
            .. Enumerable
                .Range(0, d.Length)
                .Select(i =>
                {
                    double at = Loss();
                    d[i] = i + h;
                    double above = Loss();
                    d[i] = i + (2 * h);
                    double further = Loss();
                    d[i] = i;
                    return ((4 * above) - (3 * at) - further) / (2 * h);
                }),
        ];
        Assert.All(expected, g => Assert.NotEqual(0, g));
        Close.AssertEqual("gd", slopes, expected, Tolerance);
    }

    private static void Check(
        Surrogate surrogate,
        ThresholdRule rule,
        ResetKind reset,
        CouplingKind coupling,
        Membrane membrane,
        Current current,
        TdbnNormalization? normalization,
        bool isRecurrent,
        bool isDelayed
    )
    {
        RandomStream random = new(3, $"{surrogate} {rule} {reset} {coupling} {membrane}");
        TrainingSettings settings = TestNetworks.Settings(5, [4, 3], 12, 2) with
        {
            Neuron = new NeuronSettings(0.7, 0.9, reset, coupling, ResetGradientKind.Full)
            {
                Membrane = membrane,
                Current = current,
                Heterogeneity = RandomDecays.Drawable(membrane, current) is { } drawn
                    ? new UniformHeterogeneity(drawn, 0.5)
                    : null,
            },
            Surrogate = surrogate,
            Threshold = rule,
            Normalization = normalization,
            Dropout = normalization is null && rule is not DsAtgoThreshold ? new Dropout(0.4) : null,
            Delays =
                isDelayed ? new AxonalDelays(4, 3, 0.1)
                : normalization is null && rule is not DsAtgoThreshold ? new SynapticDelays(4, 3, 0.1)
                : null,
            IsRecurrent = isRecurrent && normalization is null && rule is not DsAtgoThreshold,
            Regularizer = new ActivityRegularizer(0.3, 2, 0.5, 4),
            Loss = new VanRossumLoss(3, 2, 5, TimeReduction.Mean) { OutputDelayed = true },
        };
        double[][,] weights = [Matrix(random, settings.IsRecurrent ? 5 + 4 : 5, 4), Matrix(random, 4, 3)];
        Sample[] batch = TestNetworks.Batch(settings, random, 2, 0.5);
        ReferenceEngine engine = new(settings, weights, SmoothSpikes.Of(surrogate));
        ReferenceBatch expected = engine.Run(batch);
        // The statistics of ds_atgo are constants to its gradient, so they are held while the rest moves.
        BatchStatistics[]? held = rule is DsAtgoThreshold ? [.. expected.Traces[0].Select(trace => trace.Statistics)] : null;
        (double[] Gain, double[] Bias)[] gains =
        [
            .. engine.Layers.Select(layer => (layer.Normalization?.GainGradient ?? [], layer.Normalization?.BiasGradient ?? [])),
        ];
        double Loss() => engine.Run(batch, held).LossSum / batch.Length;

        string name =
            $"{surrogate}, {rule}, {reset}, {coupling}, {membrane}, {current}, {normalization}, {settings.IsRecurrent}, {settings.Delays}";
        for (int l = 0; l < engine.Layers.Count; l++)
        {
            ReferenceLayer layer = engine.Layers[l];
            ReferenceGradient gradient = expected.Gradients[l];
            int columns = layer.W.GetLength(1);
            double[] byW = CentralDifference.OfWeights(layer, Loss);
            Close.AssertEqual($"{name}: gW{l + 1}", byW, gradient.W.Cast<double>(), Tolerance);
            double[] byB =
            [
                .. Enumerable.Range(0, columns).Select(i => CentralDifference.Of(() => layer.B[i], x => layer.B[i] = x, Loss)),
            ];
            Close.AssertEqual($"{name}: gb{l + 1}", byB, gradient.B, Tolerance);
            AssertShared($"{name}: gw{l + 1} of b", settings, membrane as TrainedMembrane, layer.B, gradient.B, Loss);
            double[] byA =
            [
                .. Enumerable.Range(0, columns).Select(i => CentralDifference.Of(() => layer.A[i], x => layer.A[i] = x, Loss)),
            ];
            Close.AssertEqual($"{name}: ga{l + 1}", byA, gradient.A, Tolerance);
            AssertShared($"{name}: gw{l + 1} of a", settings, current as TrainedCurrent, layer.A, gradient.A, Loss);
            if (engine.Layers[l].Synapses is { } synapses)
                AssertSlope($"{name}: gd{l + 1}", synapses.D, gradient.D, Loss);
            if (engine.Delays[l] is { } delays)
                AssertSlope($"{name}: gd{l + 1}", delays.D, gradient.D, Loss);
            if (layer.Normalization is { } normalized)
            {
                AssertSlope($"{name}: gλ{l + 1}", normalized.Gain, gains[l].Gain, Loss);
                AssertSlope($"{name}: gβ{l + 1}", normalized.Bias, gains[l].Bias, Loss);
            }
            if (rule is DsAtgoThreshold)
                continue;
            double[] byTh =
            [
                .. Enumerable.Range(0, columns).Select(i => CentralDifference.Of(() => layer.Th[i], x => layer.Th[i] = x, Loss)),
            ];
            Close.AssertEqual($"{name}: gTh{l + 1}", byTh, gradient.Th, Tolerance);
            if (rule is not TrainedThreshold { IsDirect: false } trained)
                continue;
            if (!trained.PerLayer)
            {
                double[] byOwn =
                [
                    .. Enumerable
                        .Range(0, columns)
                        .Select(i =>
                            CentralDifference.Of(
                                () => trained.Parameter(layer.Th[i]),
                                x => layer.Th[i] = trained.Threshold(x),
                                Loss
                            )
                        ),
                ];
                Close.AssertEqual($"{name}: gp{l + 1}", byOwn, engine.ThresholdGradient(expected, l), Tolerance);
                continue;
            }
            double p = trained.Parameter(layer.Th[0]);
            double byP = CentralDifference.Of(() => p, x => Array.Fill(layer.Th, trained.Threshold(x)), Loss);
            Close.AssertEqual($"{name}: gp{l + 1}", [byP], engine.ThresholdGradient(expected, l), Tolerance);
        }
    }

    private static void AssertSlope(string name, double[] values, double[] gradient, Func<double> loss)
    {
        double[] slopes =
        [
            .. Enumerable.Range(0, values.Length).Select(i => CentralDifference.Of(() => values[i], x => values[i] = x, loss)),
        ];
        Close.AssertEqual(name, slopes, gradient, Tolerance);
    }

    private static void AssertShared(
        string name,
        TrainingSettings settings,
        ITrainedDecay? trained,
        double[] decays,
        double[] gradient,
        Func<double> loss
    )
    {
        if (trained is not { PerNeuron: false })
            return;
        double w = trained.Parameter(decays[0]);
        Assert.Equal(decays[0], trained.Decay(w), 14);
        double byW = CentralDifference.Of(() => w, x => Array.Fill(decays, trained.Decay(x)), loss);
        Close.AssertEqual(name, [byW], new ReferenceDecays(settings, trained, decays).Gradient(gradient), Tolerance);
    }

    private static double[,] Matrix(RandomStream random, int rows, int columns)
    {
        double[,] matrix = new double[rows, columns];
        for (int k = 0; k < matrix.Length; k++)
            matrix[k / columns, k % columns] = random.NextDouble(-0.4, 0.8);
        return matrix;
    }
}
