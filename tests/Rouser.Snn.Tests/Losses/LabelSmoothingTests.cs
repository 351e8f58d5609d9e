using Rouser.Snn.Losses;
using Rouser.Testing.Networks;

namespace Rouser.Snn.Tests.Losses;

/// <summary>Smoothed labels against finite differences and PyTorch's cross-entropy.</summary>
public sealed class LabelSmoothingTests
{
    /// <summary>
    /// <c>torch.nn.CrossEntropyLoss(label_smoothing=0.2)</c> on the rates of ten steps, in double precision.
    /// </summary>
    [Fact]
    public void It_is_the_cross_entropy_of_PyTorch()
    {
        const int Steps = 10,
            Neurons = 4;
        int[] counts = [1, 5, 0, 3];
        double[] S = new double[Steps * Neurons],
            gS = new double[S.Length];
        for (int i = 0; i < Neurons; i++)
        {
            for (int t = 0; t < counts[i]; t++)
                S[(t * Neurons) + i] = 1;
        }
        double loss = new SpikeMaxLoss(0.2).Evaluate(S, Neurons, 1, gS);
        Assert.Equal(1.1849757588711796, loss, 1e-12);
        Close.AssertEqual(
            "∂L/∂r",
            [0.16654091644863492, -0.5269589127920516, 0.1459343237385233, 0.21448367260489365],
            gS.Take(Neurons).Select(g => g * Steps),
            1e-12
        );
    }

    [Theory]
    [InlineData(0)]
    [InlineData(0.1)]
    [InlineData(0.9)]
    public void The_gradient_is_that_of_finite_differences(double smoothing)
    {
        const int Steps = 7,
            Neurons = 3;
        const double H = 1e-5;
        SpikeMaxLoss loss = new(smoothing);
        RandomStream random = new(1, "smoothing");
        double[] S = [.. Enumerable.Range(0, Steps * Neurons).Select(_ => random.NextDouble(-1, 2))],
            gS = new double[S.Length],
            ignored = new double[S.Length];
        loss.Evaluate([.. S], Neurons, 2, gS);
        double At(int k, double step)
        {
            double[] moved = [.. S];
            moved[k] += step;
            return loss.Evaluate(moved, Neurons, 2, ignored);
        }
        Close.AssertEqual("gS", S.Select((_, k) => (At(k, H) - At(k, -H)) / (2 * H)), gS, 1e-6);
    }
}
