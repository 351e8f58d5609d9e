using Rouser.Snn.Membranes;
using Rouser.Snn.Reference;
using Rouser.Snn.Regularizers;
using Rouser.Snn.Surrogates;
using Rouser.Snn.Thresholds;
using Rouser.Testing.Networks;

namespace Rouser.Snn.Tests.Reference;

/// <summary>One neuron for five steps, followed by hand.</summary>
/// <remarks>
/// a = b = ½, same-step coupling, soft reset, full gradient, w = 1, input spikes 1 1 0 1 1, Th_init = 1, the triangle
/// of τ = 2 and height 1, ∂L/∂S = 1 at every step. For a threshold that stays at 1:
/// <code>
/// t   I        V = C + I   S   C = V/2 − S    φ = 1 − |V − 1|/2   e = 1 − gV[t+1]  gV = gV[t+1]/2 + eφ  −gTh = eφ + S gV[t+1]  gI = gI[t+1]/2 + gV
/// 0   1        1           1   −1/2           1                   0.27783203125    0.638916015625       1                      1.257080078125
/// 1   1.5      1           1   −1/2           1                   0.4443359375     0.72216796875        1                      1.236328125
/// 2   0.75     0.25        0    0.125         0.625               0.4453125        0.5556640625         0.2783203125           1.0283203125
/// 3   1.375    1.5         1   −0.25          0.75                0.21875          0.5546875            0.9453125              0.9453125
/// 4   1.6875   1.4375      1                  0.78125             1                0.78125              0.78125                0.78125
/// </code>
/// gTh = −4.0048828125, gW = gI summed where there is an input = 4.219970703125, gb = Σ V[t] gV[t+1] = 2.58837890625.
/// </remarks>
public sealed class FiveStepTests
{
    private const double Rate = 0.125,
        GTh = -4.0048828125,
        GW = 4.219970703125,
        GB = 2.58837890625;
    private static readonly double[] StillV = [1, 1, 0.25, 1.5, 1.4375],
        StillS = [1, 1, 0, 1, 1],
        One = [1, 1, 1, 1, 1];

    [Fact]
    public void Fixed_stays() => Check(new FixedThreshold(1), StillV, One, StillS, GTh, after: 1);

    /// <summary>Adam's first step has the length of its rate, against the gradient.</summary>
    [Fact]
    public void Learned_goes_against_its_gradient() =>
        Check(new LearnedThreshold(1, Rate), StillV, One, StillS, GTh, after: 1 + Rate);

    /// <summary>With κ = 2, Th = 1 is tanh w = ½; ∂L/∂w = 2 (1 − ¼) gTh.</summary>
    [Fact]
    public void Ltmd_moves_w()
    {
        TrainingSettings settings = Settings(new LtmdThreshold(1, Rate, 2));
        ReferenceThreshold threshold = new ReferenceLayer(
            settings,
            new double[,]
            {
                { 1 },
            },
            number: 1
        ).Rule;
        Close.AssertEqual("∂L/∂w", [1.5 * GTh], threshold.Gradient([GTh]), 1e-12);
        Check(settings.Threshold, StillV, One, StillS, GTh, after: 2 * Math.Tanh(Math.Atanh(0.5) + Rate));
    }

    /// <summary>
    /// At Th = 1 the relative argument V/Th − 1 is V − Th and φ is the same, but ∂S/∂Th = −φ V: gTh gains Σ eφ (1 −
    /// V).
    /// </summary>
    [Fact]
    public void Diet_moves_threshold_and_leak()
    {
        double relative = GTh + (0.4453125 * 0.625 * 0.75) - (0.21875 * 0.75 * 0.5) - (0.78125 * 0.4375);
        Assert.Equal(-4.219970703125, relative);
        Check(new DietThreshold(1, Rate), StillV, One, StillS, relative, after: 1 + Rate);
    }

    /// <summary>As diet, and Th = log(1 + e^ζ) from ζ = log(e − 1).</summary>
    [Fact]
    public void Trsg_moves_zeta() =>
        Check(
            new TrsgThreshold(1, Rate),
            StillV,
            One,
            StillS,
            -4.219970703125,
            after: Math.Log(1 + Math.Exp(Math.Log(Math.E - 1) + Rate))
        );

    /// <summary>Th += ¼ (½ − Th).</summary>
    [Fact]
    public void Annealed_goes_a_share_of_the_way() =>
        Check(new AnnealedThreshold(1, 0.5, 0.25), StillV, One, StillS, GTh, after: 0.875);

    /// <summary>
    /// Beside a neuron that never fires: N = 2, n = (4, 0), so that Th_1 += ρ (2·4 − 4), Th_2 += ρ (2·0 − 4).
    /// </summary>
    [Fact]
    public void Lee_raises_who_fires_more()
    {
        TrainingSettings settings = Settings(new LeeThreshold(1, 0.125), neurons: 2);
        ReferenceLayer layer = new(
            settings,
            new double[,]
            {
                { 1, 0 },
            },
            number: 1
        );
        layer.Rule.Update([0, 0], layer.Forward([Input()]), 1);
        Assert.Equal([1.5, 0.5], layer.Th);
    }

    /// <summary>
    /// ρ = ½, β = 1: A = 0, ½, ¼, ⅝, 5/16 and Th = 1 + A, so that the second and the fourth spike do not come: C =
    /// −½, ½, −0.625, 0.375. Backward from t = 4:
    /// <code>
    /// t   φ        e = 1 − Th gV[t+1] + ½ gA[t+1]   gV                gTh                  gA = ½ gA[t+1] + gTh
    /// 4   0.625    1                                0.625             −0.625               −0.625
    /// 3   0.5625   −0.328125                        0.1279296875       0.1845703125        −0.1279296875
    /// 2   1        0.776123046875                   0.840087890625    −0.904052734375      −0.968017578125
    /// 1   0.75     −0.744140625                     −0.13806152344     0.55810546875       0.07409667969
    /// 0   1        1.17510986328                    1.10607910156     −1.03704833984
    /// </code>
    /// </summary>
    [Fact]
    public void Adaptive_follows_its_own_spikes() =>
        Check(
            new AdaptiveThreshold(1, 0.5, 1),
            [1, 1, 1.25, 0.75, 2.0625],
            [1, 1.5, 1.25, 1.625, 1.3125],
            [1, 0, 1, 0, 1],
            -1.82342529296875,
            after: 1,
            gW: 2.7596435546875,
            gB: 1.3306884765625
        );

    /// <summary>
    /// In a batch of two, of which one is silent: m = V/2 and σ = |V|/√2, so that with f = ½, Th = V (1 + √2)/4 =
    /// 0.604 V and every step fires; V = 0.5 V[t−1] − Th[t−1] + I. The running average starts at 1 and goes a tenth
    /// of the way.
    /// </summary>
    [Fact]
    public void Ds_atgo_follows_the_batch()
    {
        double share = (1 + Math.Sqrt(2)) / 4;
        double[] I = [1, 1.5, 0.75, 1.375, 1.6875],
            V = new double[5],
            S = One;
        for (int t = 0; t < 5; t++)
            V[t] = I[t] + (t > 0 ? (0.5 - share) * V[t - 1] : 0);
        TrainingSettings settings = Settings(new DsAtgoThreshold(1, 0.5, 0.9));
        ReferenceLayer layer = new(
            settings,
            new double[,]
            {
                { 1 },
            },
            number: 1
        );
        ReferenceTrace[] traces = layer.Forward([Input(), new double[5, 1]]);
        Close.AssertEqual("V", V, traces[0].V.Cast<double>(), 1e-12);
        Close.AssertEqual("Th", V.Select(v => share * v), traces[0].Th.Cast<double>(), 1e-12);
        Close.AssertEqual("S", S, traces[0].S.Cast<double>(), 0);
        Close.AssertEqual("κ", V.Select(v => 1 + Math.Tanh((v / Math.Sqrt(2)) - 1)), traces[0].Statistics.Width, 1e-12);
        Assert.All(traces[1].S.Cast<double>(), s => Assert.Equal(0, s));
        ReferenceGradient gradient = layer.Backward([traces[0]], [Ones()])[0];
        Close.AssertEqual("gW", [4.98533421057526], gradient.W.Cast<double>(), 1e-12);
        layer.Rule.Update(gradient.Th, traces, 1);
        Close.AssertEqual("run", V.Select(v => 0.9 + (0.1 * share * v)), layer.Rule.Running, 1e-12);
        Close.AssertEqual(
            "evaluated Th",
            layer.Rule.Running,
            layer.Forward([Input()], isTraining: false)[0].Th.Cast<double>(),
            0
        );
    }

    /// <summary>
    /// Where nothing has arrived, all potentials are 0 and so would the threshold be; nobody fires, and the running
    /// average stays.
    /// </summary>
    [Fact]
    public void Ds_atgo_leaves_a_resting_layer_alone()
    {
        TrainingSettings settings = Settings(new DsAtgoThreshold(1, 1, 0.9));
        ReferenceLayer layer = new(
            settings,
            new double[,]
            {
                { 1 },
            },
            number: 1
        );
        ReferenceTrace[] traces = layer.Forward([new double[5, 1], new double[5, 1]]);
        layer.Rule.Update([0], traces, 1);
        Assert.All(traces[0].S.Cast<double>(), s => Assert.Equal(0, s));
        Assert.Equal(One, layer.Rule.Running);
    }

    /// <summary>b = ½ moves against gb: as sigmoid's complement from w = 0, where ∂L/∂w = −¼ gb, or as it is.</summary>
    [Theory]
    [InlineData(true, 0.46879062662624377)]
    [InlineData(false, 0.375)]
    public void Membranes_move_their_decay(bool isPlif, double after)
    {
        TrainingSettings settings = Settings(new FixedThreshold(1));
        settings = settings with
        {
            Neuron = settings.Neuron with { Membrane = isPlif ? new PlifMembrane(false, Rate) : new LeakMembrane(false, Rate) },
        };
        ReferenceLayer layer = new(
            settings,
            new double[,]
            {
                { 1 },
            },
            number: 1
        );
        ReferenceDecays membrane = new(settings, (TrainedMembrane)settings.Neuron.Membrane, layer.B);
        ReferenceGradient gradient = layer.Backward(layer.Forward([Input()]), [Ones()])[0];
        Close.AssertEqual("∂L/∂w", [isPlif ? -GB / 4 : GB], membrane.Gradient(gradient.B), 1e-12);
        membrane.Update(gradient.B, 1);
        Close.AssertEqual("b", [after], layer.B, 1e-7);
    }

    /// <summary>n = 4 spikes of one neuron against f_u = 3 and f_l = 6: λ_u · 1 + λ_l · 2².</summary>
    [Fact]
    public void The_regulariser_prices_too_much_and_too_little()
    {
        double[,] gS = new double[5, 1];
        Assert.Equal(
            0.5 + (0.25 * 4),
            ReferenceEngine.Penalty(
                new ActivityRegularizer(0.5, 3, 0.25, 6),
                new double[,]
                {
                    { 1 },
                    { 1 },
                    { 0 },
                    { 1 },
                    { 1 },
                },
                gS,
                2
            )
        );
        Assert.All(gS.Cast<double>(), g => Assert.Equal(2 * (0.5 - (2 * 0.25 * 2)), g));
    }

    private static void Check(
        ThresholdRule rule,
        double[] V,
        double[] Th,
        double[] S,
        double gTh,
        double after,
        double gW = GW,
        double gB = GB
    )
    {
        TrainingSettings settings = Settings(rule);
        ReferenceLayer layer = new(
            settings,
            new double[,]
            {
                { 1 },
            },
            number: 1
        );
        ReferenceThreshold threshold = layer.Rule;
        ReferenceTrace[] traces = layer.Forward([Input()]);
        Close.AssertEqual("V", V, traces[0].V.Cast<double>(), 1e-15);
        Close.AssertEqual("Th", Th, traces[0].Th.Cast<double>(), 1e-15);
        Close.AssertEqual("S", S, traces[0].S.Cast<double>(), 0);
        ReferenceGradient gradient = layer.Backward([traces[0]], [Ones()])[0];
        Close.AssertEqual("gTh", [gTh], gradient.Th, 1e-14);
        Close.AssertEqual("gW", [gW], gradient.W.Cast<double>(), 1e-14);
        Close.AssertEqual("gb", [gB], gradient.B, 1e-14);
        threshold.Update(gradient.Th, traces, 1);
        Close.AssertEqual("Th after the batch", [after], layer.Th, 1e-7);
    }

    private static TrainingSettings Settings(ThresholdRule rule, int neurons = 1) =>
        TestNetworks.Settings(1, [neurons], 5, 2) with
        {
            Neuron = new NeuronSettings(0.5, 0.5, ResetKind.Soft, CouplingKind.SameStep, ResetGradientKind.Full),
            Surrogate = new TriangleSurrogate(2, 2),
            Threshold = rule,
        };

    private static double[,] Input() =>
        new double[,]
        {
            { 1 },
            { 1 },
            { 0 },
            { 1 },
            { 1 },
        };

    private static double[,] Ones() =>
        new double[,]
        {
            { 1 },
            { 1 },
            { 1 },
            { 1 },
            { 1 },
        };
}
