using Rouser.Data;
using Rouser.Snn.Losses;
using Rouser.Snn.Membranes;
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
    private const double Tolerance = 2e-6;

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

    [Theory]
    [MemberData(nameof(Cases))]
    public void Weights_thresholds_and_leaks_have_the_slope_of_finite_differences(string surrogate, string rule)
    {
        // Each case takes the membranes in another order, so that all pairs come up over the cases.
        int membrane = Array.IndexOf([.. Surrogates.Keys], surrogate) + Array.IndexOf([.. Rules.Keys], rule);
        foreach (ResetKind reset in Enum.GetValues<ResetKind>())
        {
            foreach (CouplingKind coupling in Enum.GetValues<CouplingKind>())
                Check(Surrogates[surrogate], Rules[rule], reset, coupling, Membranes[membrane++ % 3](reset == ResetKind.Hard));
        }
    }

    private static void Check(Surrogate surrogate, ThresholdRule rule, ResetKind reset, CouplingKind coupling, Membrane membrane)
    {
        RandomStream random = new(3, $"{surrogate} {rule} {reset} {coupling} {membrane}");
        TrainingSettings settings = TestNetworks.Settings(5, [4, 3], 12, 2) with
        {
            Neuron = new NeuronSettings(0.7, 0.9, reset, coupling, ResetGradientKind.Full) { Membrane = membrane },
            Surrogate = surrogate,
            Threshold = rule,
            Regularizer = new ActivityRegularizer(0.3, 2, 0.5, 4),
            Loss = new VanRossumLoss(3, 2, 5, TimeReduction.Mean) { OutputDelayed = true },
        };
        double[][,] weights = [Matrix(random, 5, 4), Matrix(random, 4, 3)];
        Sample[] batch = TestNetworks.Batch(settings, random, 2, 0.5);
        ReferenceEngine engine = new(settings, weights, SmoothSpikes.Of(surrogate));
        ReferenceBatch expected = engine.Run(batch);
        // The statistics of ds_atgo are constants to its gradient, so they are held while the rest moves.
        BatchStatistics[]? held = rule is DsAtgoThreshold ? [.. expected.Traces[0].Select(trace => trace.Statistics)] : null;
        double Loss() => engine.Run(batch, held).LossSum / batch.Length;

        string name = $"{surrogate}, {rule}, {reset}, {coupling}, {membrane}";
        for (int l = 0; l < engine.Layers.Count; l++)
        {
            ReferenceLayer layer = engine.Layers[l];
            ReferenceGradient gradient = expected.Gradients[l];
            int columns = layer.W.GetLength(1);
            double[] byW =
            [
                .. Enumerable
                    .Range(0, layer.W.Length)
                    .Select(k =>
                        CentralDifference.Of(
                            () => layer.W[k / columns, k % columns],
                            x => layer.W[k / columns, k % columns] = x,
                            Loss
                        )
                    ),
            ];
            Close.AssertEqual($"{name}: gW{l + 1}", byW, gradient.W.Cast<double>(), Tolerance);
            double[] byB =
            [
                .. Enumerable.Range(0, columns).Select(i => CentralDifference.Of(() => layer.B[i], x => layer.B[i] = x, Loss)),
            ];
            Close.AssertEqual($"{name}: gb{l + 1}", byB, gradient.B, Tolerance);
            AssertMembrane($"{name}: gw{l + 1}", settings, layer, gradient.B, Loss);
            if (rule is DsAtgoThreshold)
                continue;
            double[] byTh =
            [
                .. Enumerable.Range(0, columns).Select(i => CentralDifference.Of(() => layer.Th[i], x => layer.Th[i] = x, Loss)),
            ];
            Close.AssertEqual($"{name}: gTh{l + 1}", byTh, gradient.Th, Tolerance);
            if (rule is not TrainedThreshold { PerLayer: true } trained)
                continue;
            double p = trained.Parameter(layer.Th[0]);
            double byP = CentralDifference.Of(() => p, x => Array.Fill(layer.Th, trained.Threshold(x)), Loss);
            Close.AssertEqual($"{name}: gp{l + 1}", [byP], engine.ThresholdGradient(expected, l), Tolerance);
        }
    }

    private static void AssertMembrane(
        string name,
        TrainingSettings settings,
        ReferenceLayer layer,
        double[] gB,
        Func<double> loss
    )
    {
        if (settings.Neuron.Membrane is not TrainedMembrane { PerNeuron: false } membrane)
            return;
        double w = membrane.Parameter(layer.B[0]);
        Assert.Equal(layer.B[0], membrane.Decay(w), 14);
        double byW = CentralDifference.Of(() => w, x => Array.Fill(layer.B, membrane.Decay(x)), loss);
        Close.AssertEqual(name, [byW], new ReferenceMembrane(settings, layer).Gradient(gB), Tolerance);
    }

    private static double[,] Matrix(RandomStream random, int rows, int columns)
    {
        double[,] matrix = new double[rows, columns];
        for (int k = 0; k < matrix.Length; k++)
            matrix[k / columns, k % columns] = random.NextDouble(-0.4, 0.8);
        return matrix;
    }
}
