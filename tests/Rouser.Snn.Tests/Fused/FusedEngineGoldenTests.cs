using Rouser.Snn.Fused;
using Rouser.Testing.Networks;

namespace Rouser.Snn.Tests.Fused;

/// <summary>
/// The fused engine against PyTorch's autograd. Errors are relative to the largest magnitude in each tensor.
/// </summary>
public sealed class FusedEngineGoldenTests
{
    private const double Tolerance = 1e-4;

    [Theory]
    [InlineData("detach")]
    [InlineData("th")]
    [InlineData("full")]
    public void Spikes_potentials_loss_and_gradients_are_those_of_autograd(string variant)
    {
        GoldenNetwork golden = new("f32");
        using FusedEngine engine = golden.Engine(variant, settings => new FusedEngine(settings, 1, Kernels.Best, inspect: true));

        Assert.Equal(golden.Loss(variant), engine.Evaluate(golden.Batch).LossSum / 3, golden.Loss(variant) * Tolerance);
        for (int l = 0; l < 3; l++)
        {
            for (int b = 0; b < 3; b++)
            {
                Assert.Equal(golden.Series($"S{l + 1}", b), engine.Layers[l].ReadSpikes(b).Select(x => (double)x));
                Close.AssertEqual($"V{l + 1}", golden.Series($"V{l + 1}", b), engine.Layers[l].ReadPotentials(b), Tolerance);
            }
        }

        BatchResult result = engine.Train(golden.Batch);
        Assert.Equal(golden.Loss(variant), result.LossSum / 3, golden.Loss(variant) * Tolerance);
        for (int l = 0; l < 3; l++)
        {
            double[] gW = [.. golden.Transposed($"{variant}_gW{l + 1}").Cast<double>()],
                gTh = golden.Tensor($"{variant}_gTh{l + 1}");
            Close.AssertEqual($"gW{l + 1}", gW, engine.Layers[l].WeightGradient(), Tolerance);
            Close.AssertEqual($"gTh{l + 1}", gTh, engine.ThresholdGradient(l), Tolerance);
            Assert.Equal(1, result.WeightGradientNorms[l] / Math.Sqrt(gW.Sum(x => x * x)), Tolerance);
            Assert.Equal(1, result.ThresholdGradientNorms[l] / Math.Sqrt(gTh.Sum(x => x * x)), Tolerance);
        }
    }

    [Theory]
    [InlineData("detach")]
    [InlineData("th")]
    [InlineData("full")]
    public void Five_Adam_updates_lead_to_the_same_parameters(string variant)
    {
        GoldenNetwork golden = new("f32");
        using FusedEngine engine = golden.Engine(variant, settings => new FusedEngine(settings, 1));
        double[] losses = golden.AdamLosses(variant);
        for (int n = 0; n < losses.Length; n++)
        {
            double loss = engine.Train(golden.Batch).LossSum / 3;
            // Before the fifth step of "detach" a potential is 9e-6 from its threshold, where rounding may decide the
            // spike.
            if (n < 4)
                Assert.Equal(losses[n], loss, losses[n] * Tolerance);
        }
        NetworkState state = engine.Export();
        for (int l = 0; l < 3; l++)
        {
            Close.AssertEqual(
                $"W{l + 1}",
                golden.Transposed($"{variant}_adam5_W{l + 1}").Cast<double>(),
                state.Layers[l].Weights,
                Tolerance
            );
            Close.AssertEqual($"Th{l + 1}", golden.Tensor($"{variant}_adam5_Th{l + 1}"), state.Layers[l].Thresholds, Tolerance);
        }
    }
}
