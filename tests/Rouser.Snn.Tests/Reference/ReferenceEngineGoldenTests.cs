using Rouser.Snn.Reference;
using Rouser.Testing.Networks;

namespace Rouser.Snn.Tests.Reference;

/// <summary>The scalar double engine against PyTorch's autograd in float64.</summary>
public sealed class ReferenceEngineGoldenTests
{
    private const double Tolerance = 1e-9;

    [Theory]
    [InlineData("detach")]
    [InlineData("th")]
    [InlineData("full")]
    public void Currents_potentials_spikes_loss_and_gradients_are_those_of_autograd(string variant)
    {
        GoldenNetwork golden = new("f64");
        ReferenceEngine engine = Engine(golden, variant);
        ReferenceBatch batch = engine.Run(golden.Batch);

        Assert.Equal(golden.Loss(variant), batch.LossSum / 3, golden.Loss(variant) * Tolerance);
        for (int l = 0; l < 3; l++)
        {
            for (int b = 0; b < 3; b++)
            {
                ReferenceTrace trace = batch.Traces[b][l];
                Assert.Equal(golden.Series($"S{l + 1}", b), trace.S.Cast<double>());
                Close.AssertEqual($"I{l + 1}", golden.Series($"I{l + 1}", b), trace.I.Cast<double>(), Tolerance);
                Close.AssertEqual($"V{l + 1}", golden.Series($"V{l + 1}", b), trace.V.Cast<double>(), Tolerance);
            }
            Close.AssertEqual(
                $"gW{l + 1}",
                golden.Transposed($"{variant}_gW{l + 1}").Cast<double>(),
                batch.Gradients[l].W.Cast<double>(),
                Tolerance
            );
            Close.AssertEqual($"gTh{l + 1}", golden.Tensor($"{variant}_gTh{l + 1}"), batch.Gradients[l].Th, Tolerance);
        }
        for (int b = 0; b < 3; b++)
        {
            Close.AssertEqual("dL/dS", golden.Series("dL_dS3_direct", b), batch.OutputGradients[b].Cast<double>(), Tolerance);
            Close.AssertEqual("dL/dx", golden.Series($"{variant}_gX", b), batch.InputGradients[b].Cast<double>(), Tolerance);
        }
    }

    [Theory]
    [InlineData("detach")]
    [InlineData("th")]
    [InlineData("full")]
    public void Five_Adam_updates_lead_to_the_same_parameters(string variant)
    {
        GoldenNetwork golden = new("f64");
        ReferenceEngine engine = Engine(golden, variant);
        foreach (double loss in golden.AdamLosses(variant))
        {
            ReferenceBatch batch = engine.Run(golden.Batch);
            Assert.Equal(loss, batch.LossSum / 3, loss * Tolerance);
            engine.Update(batch);
        }
        for (int l = 0; l < 3; l++)
        {
            Close.AssertEqual(
                $"W{l + 1}",
                golden.Transposed($"{variant}_adam5_W{l + 1}").Cast<double>(),
                engine.Layers[l].W.Cast<double>(),
                Tolerance
            );
            Close.AssertEqual($"Th{l + 1}", golden.Tensor($"{variant}_adam5_Th{l + 1}"), engine.Layers[l].Th, Tolerance);
        }
    }

    private static ReferenceEngine Engine(GoldenNetwork golden, string variant)
    {
        ReferenceEngine engine = new(
            GoldenNetwork.Settings(variant),
            [golden.Transposed("W1"), golden.Transposed("W2"), golden.Transposed("W3")]
        );
        for (int l = 0; l < 3; l++)
            golden.Tensor($"Th{l + 1}").CopyTo(engine.Layers[l].Th, 0);
        return engine;
    }
}
