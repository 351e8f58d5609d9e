using Rouser.Snn.Reference;
using Rouser.Snn.Surrogates;
using Rouser.Snn.Thresholds;
using Rouser.Testing.Networks;

namespace Rouser.Snn.Tests;

public sealed class GradientGrowthTests
{
    private static readonly TrainingSettings Plain = TestNetworks.Settings(4, [1], 60, 1);

    /// <summary>The bounds of the paper's two settings, from 1.9 of the notes on it.</summary>
    [Theory]
    [InlineData(3.75, 1.5, 4.925)]
    [InlineData(3, 3, 1.97)]
    public void The_papers_settings_have_their_highest_threshold(double tau, double scale, double expected) =>
        Assert.Equal(expected, GradientGrowth.HighestThreshold(0.97, new ExponentialSurrogate(tau, scale)), 12);

    /// <summary>1.354 and 1.955, likewise.</summary>
    [Theory]
    [InlineData(1.25, 3.75, 1.5, 1.354)]
    [InlineData(0.25, 3, 3, 1.955)]
    public void A_hard_reset_grows_under_the_full_gradient(double th, double tau, double scale, double expected)
    {
        TrainingSettings settings = With(th, new ExponentialSurrogate(tau, scale), ResetKind.Hard, ResetGradientKind.Full);
        Assert.Equal(expected, GradientGrowth.LargestFactor(settings), 1e-3);
    }

    [Fact]
    public void Nothing_grows_without_the_full_gradient_or_below_the_bound()
    {
        ExponentialSurrogate surrogate = new(3, 3);
        foreach (ResetKind reset in Enum.GetValues<ResetKind>())
        {
            Assert.Equal(0.97, GradientGrowth.LargestFactor(With(3, surrogate, reset, ResetGradientKind.None)));
            Assert.Equal(0.97, GradientGrowth.LargestFactor(With(3, surrogate, reset, ResetGradientKind.Threshold)));
        }
        Assert.True(GradientGrowth.LargestFactor(With(1.9, surrogate, ResetKind.Soft, ResetGradientKind.Full)) < 1);
        Assert.Equal(1, GradientGrowth.LargestFactor(With(1.97, surrogate, ResetKind.Soft, ResetGradientKind.Full)), 12);
    }

    /// <summary>
    /// The reference's own recursion: a neuron whose potential stays at its threshold, where the surrogate is as high as it
    /// gets, has the factor of every step.
    /// </summary>
    [Theory]
    [InlineData(1.5)]
    [InlineData(2.5)]
    [InlineData(4)]
    public void The_gradient_of_a_neuron_at_its_threshold_grows_by_the_factor(double th)
    {
        // g = 1 everywhere within the width, so that each step has the largest φ.
        RectangleSurrogate surrogate = new(1e6, 1e6);
        TrainingSettings settings = With(th, surrogate, ResetKind.Soft, ResetGradientKind.Full);
        ReferenceLayer layer = new(settings, new double[4, 1], 1);
        double[,] gS = new double[settings.StepCount, 1];
        gS[settings.StepCount - 1, 0] = 1;
        ReferenceGradient gradient = layer.Backward(layer.Forward([new double[settings.StepCount, 4]]), [gS])[0];
        // gV[t] = (b − Th h) gV[t+1], and its last one is h; gTh sums −e ψ with e = gS − Th gV[t+1].
        double factor = 0.97 - th,
            gV = 1,
            expected = -1;
        for (int t = settings.StepCount - 2; t >= 0; t--)
        {
            expected += th * gV;
            gV *= factor;
        }
        Close.AssertEqual("gTh", [expected], gradient.Th, 1e-9);
        Assert.Equal(Math.Max(0.97, Math.Abs(factor)), GradientGrowth.LargestFactor(settings), 12);
    }

    /// <summary>
    /// One layer that is pushed far below rest, or that fires from a threshold twice as high as its bound: what passes from the last step back to the
    /// first is beyond float32 under the full gradient, and no larger than what began under the clipped one.
    /// </summary>
    [Theory]
    [InlineData(ResetKind.Hard, 0.25, -1, 0.6)]
    [InlineData(ResetKind.Soft, 4, -0.3, 1)]
    public void A_clipped_gradient_never_grows_from_step_to_step(ResetKind reset, double th, double lowest, double highest)
    {
        const int Steps = 300;
        ExponentialSurrogate surrogate = new(3, 3);
        RandomStream random = new(3, "growth");
        double[,] W = new double[6, 5],
            inputs = new double[Steps, 6],
            gS = new double[Steps, 5];
        foreach (ref double w in Flat(W))
            w = random.NextDouble(lowest, highest);
        foreach (ref double S in Flat(inputs))
            S = random.NextDouble() < 0.3 ? 1 : 0;
        for (int i = 0; i < 5; i++)
            gS[Steps - 1, i] = 1;
        double Largest(ResetGradientKind kind)
        {
            // No current to keep anything: gI is gV of the step after it.
            TrainingSettings settings = With(th, surrogate, reset, kind) with
            {
                StepCount = Steps,
                LayerSizes = [5],
            };
            ReferenceLayer layer = new(settings with { Neuron = settings.Neuron with { CurrentFactor = 0 } }, W, 1);
            ReferenceGradient gradient = layer.Backward(layer.Forward([inputs]), [gS])[0];
            return gradient.Input.Cast<double>().Max(Math.Abs);
        }
        Assert.True(Largest(ResetGradientKind.Full) > 1e6, $"{Largest(ResetGradientKind.Full)}");
        // ∂L/∂V begins with at most h, and a neuron passes at most |w| of it on.
        Assert.InRange(Largest(ResetGradientKind.Clipped), 0, 5 * surrogate.Height);
    }

    private static Span<double> Flat(double[,] x) =>
        System.Runtime.InteropServices.MemoryMarshal.CreateSpan(ref x[0, 0], x.Length);

    private static TrainingSettings With(double th, Surrogate surrogate, ResetKind reset, ResetGradientKind gradient) =>
        Plain with
        {
            Threshold = new FixedThreshold(th),
            Surrogate = surrogate,
            Neuron = new NeuronSettings(0.75, 0.97, reset, CouplingKind.Delayed, gradient),
        };
}
