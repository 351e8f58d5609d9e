using Rouser.Snn.Reference;
using Rouser.Snn.Surrogates;
using Rouser.Snn.Thresholds;
using Rouser.Testing.Networks;

namespace Rouser.Snn.Tests.Reference;

/// <summary>The smooth parts of the reference against finite differences.</summary>
public sealed class SmoothPartsTests
{
    [Fact]
    public void Normalised_weights_have_the_gradient_of_finite_differences()
    {
        RandomStream random = new(1, "normalisation");
        double[,] v = Matrix(random, 6, 3),
            gW = Matrix(random, 6, 3),
            w = new double[6, 3];
        double[] g = [0.7, 2, 1.3];
        (double[,] gV, double[] gG) = ReferenceNormalization.Backward(v, g, gW);

        // The loss is Σ gW·w, so that ∂L/∂w is gW.
        double Loss()
        {
            ReferenceNormalization.Apply(v, g, w);
            return w.Cast<double>().Zip(gW.Cast<double>(), (x, y) => x * y).Sum();
        }

        double[] byV = new double[18],
            byG = new double[3];
        for (int k = 0; k < 18; k++)
            byV[k] = CentralDifference.Of(() => v[k / 3, k % 3], x => v[k / 3, k % 3] = x, Loss);
        for (int i = 0; i < 3; i++)
            byG[i] = CentralDifference.Of(() => g[i], x => g[i] = x, Loss);
        Close.AssertEqual("∂L/∂v", byV, gV.Cast<double>(), 1e-8);
        Close.AssertEqual("∂L/∂g", byG, gG, 1e-8);
    }

    /// <summary>
    /// Below threshold the potential is linear in the weights; with a flat surrogate (s/τ·exp(0) → 1) the backward
    /// pass must give its slope.
    /// </summary>
    [Theory]
    [InlineData(CouplingKind.Delayed)]
    [InlineData(CouplingKind.SameStep)]
    public void A_potential_below_threshold_has_the_slope_of_finite_differences(CouplingKind coupling)
    {
        const int Steps = 15;
        RandomStream random = new(2, "potential");
        double[,] W = Matrix(random, 4, 3),
            input = new double[Steps, 4],
            weight = Matrix(random, Steps, 3);
        for (int k = 0; k < input.Length; k++)
            input[k / 4, k % 4] = random.NextInt(2);
        // A threshold out of reach and a surrogate so wide that φ is 1 within 1e-9: then gS weighs the potentials
        // themselves.
        TrainingSettings settings = TestNetworks.Settings(4, [3], Steps, 1) with
        {
            Neuron = new NeuronSettings(0.75, 0.97, ResetKind.Soft, coupling, ResetGradientKind.None),
            Surrogate = new ExponentialSurrogate(1e12, 1e12),
            Threshold = new FixedThreshold(1e3),
        };
        ReferenceLayer layer = new(settings, W, number: 1);
        double Loss() => Trace().V.Cast<double>().Zip(weight.Cast<double>(), (x, y) => x * y).Sum();
        ReferenceTrace Trace() => layer.Forward([input])[0];

        ReferenceGradient gradient = layer.Backward([Trace()], [weight])[0];
        double[] byW = new double[12],
            byInput = new double[Steps * 4];
        for (int k = 0; k < 12; k++)
            byW[k] = CentralDifference.Of(() => W[k / 3, k % 3], x => W[k / 3, k % 3] = x, Loss);
        for (int k = 0; k < byInput.Length; k++)
            byInput[k] = CentralDifference.Of(() => input[k / 4, k % 4], x => input[k / 4, k % 4] = x, Loss);
        Close.AssertEqual("∂V/∂W", byW, gradient.W.Cast<double>(), 1e-7);
        Close.AssertEqual("∂V/∂S_in", byInput, gradient.Input.Cast<double>(), 1e-7);
    }

    private static double[,] Matrix(RandomStream random, int rows, int columns)
    {
        double[,] matrix = new double[rows, columns];
        for (int k = 0; k < matrix.Length; k++)
            matrix[k / columns, k % columns] = random.NextDouble(-1, 1);
        return matrix;
    }
}
