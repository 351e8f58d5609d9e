using Rouser.Data;
using Rouser.Snn.Layers;
using Rouser.Snn.Losses;
using Rouser.Snn.Reference;
using Rouser.Snn.Surrogates;
using Rouser.Snn.Thresholds;
using Rouser.Testing.Networks;

namespace Rouser.Snn.Tests.Layers;

/// <summary>
/// The reference's gradients of kernels and thresholds against finite differences of the network whose step is the
/// surrogate's integral.
/// </summary>
public sealed class LayerGradientTests
{
    private const double Tolerance = 1e-5;

    [Theory]
    [InlineData("conv 2x2", "dense 3")]
    [InlineData("conv 3x3 stride 2 padding 1", "conv 2x2 padding 1")]
    [InlineData("pool 2", "conv 2x2 padding 1", "pool 2", "dense 3")]
    [InlineData("conv 2x1", "pool 3", "conv 3x2 stride 2 padding 1")]
    public void Shared_weights_and_thresholds_have_the_slope_of_finite_differences(params string[] words)
    {
        foreach (ResetKind reset in Enum.GetValues<ResetKind>())
        {
            foreach (CouplingKind coupling in Enum.GetValues<CouplingKind>())
                Check(words, reset, coupling);
        }
    }

    private static void Check(string[] words, ResetKind reset, CouplingKind coupling)
    {
        string name = $"{NetworkLayers.Text(words.Select(word => LayerWord.Read(word).Word!))}, {reset}, {coupling}";
        ExponentialSurrogate surrogate = new(0.9, 0.8);
        TrainingSettings settings = RandomPlanes.Of(
            TestNetworks.Settings(1, [3], 9, 2) with
            {
                Neuron = new NeuronSettings(0.7, 0.9, reset, coupling, ResetGradientKind.Full),
                Surrogate = surrogate,
                Threshold = new LearnedThreshold(0.6, 0.01),
                Loss = new VanRossumLoss(3, 2, 5),
            },
            new Plane(2, 6, 5),
            words
        );
        Sample[] batch = TestNetworks.Batch(settings, new RandomStream(3, name), 2, 0.4);
        ReferenceEngine initial = new(settings);
        ReferenceEngine engine = new(settings, [.. initial.Layers.Select(layer => layer.W)], SmoothSpikes.Of(surrogate));
        ReferenceBatch expected = engine.Run(batch);
        double Loss() => engine.Run(batch).LossSum / batch.Length;
        for (int l = 0; l < engine.Layers.Count; l++)
        {
            ReferenceLayer layer = engine.Layers[l];
            double[] byW = CentralDifference.OfWeights(layer, Loss),
                byTh =

                [
                    .. Enumerable
                        .Range(0, layer.Th.Length)
                        .Select(i => CentralDifference.Of(() => layer.Th[i], x => layer.Th[i] = x, Loss)),
                ];
            Assert.Contains(byW, slope => slope != 0);
            Close.AssertEqual($"{name}: gW{l + 1}", byW, expected.Gradients[l].W.Cast<double>(), Tolerance);
            Close.AssertEqual($"{name}: gTh{l + 1}", byTh, expected.Gradients[l].Th, Tolerance);
        }
    }
}
