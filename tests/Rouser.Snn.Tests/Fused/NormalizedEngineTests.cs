using Rouser.Data;
using Rouser.Snn.Fused;
using Rouser.Snn.Normalizations;
using Rouser.Testing.Networks;

namespace Rouser.Snn.Tests.Fused;

/// <summary>What normalisation over batch and time promises.</summary>
public sealed class NormalizedEngineTests
{
    /// <summary>
    /// The inputs of a batch then have the mean β and the deviation λαV_th, whatever the weights: so have they times 100.
    /// </summary>
    [Fact]
    public void Spikes_and_loss_do_not_depend_on_the_scale_of_the_weights()
    {
        TrainingSettings settings = Settings(NormalizedLayers.All);
        Sample[] batch = TestNetworks.Batch(settings, new RandomStream(1, "batch"), 8, 0.2);
        using FusedEngine engine = new(settings, 1),
            scaled = new(settings, 1);
        TestNetworks.ScaleWeights(scaled, 128); // A power of 2 adds no rounding; ε adds a little.
        BatchResult expected = engine.Train(batch);
        long[] spikes = [.. expected.Spikes[0]];
        BatchResult actual = scaled.Train(batch);
        Assert.True(spikes.Sum() > 0);
        Assert.InRange(Math.Abs(spikes.Zip(actual.Spikes[0]).Sum(n => n.First - n.Second)), 0, 1 + (spikes.Sum() / 500));
    }

    /// <summary>
    /// After training, the network without normalisation but with folded weights and a bias has the potentials of the
    /// network with it. The bias is what a neuron of the input brings that spikes at every step.
    /// </summary>
    [Theory]
    [InlineData(CouplingKind.Delayed)]
    [InlineData(CouplingKind.SameStep)]
    public void Folded_weights_and_bias_infer_the_same(CouplingKind coupling)
    {
        TrainingSettings settings = Settings(NormalizedLayers.All) with { LayerSizes = [40] };
        settings = settings with { Neuron = settings.Neuron with { Coupling = coupling } };
        Sample[] batch = TestNetworks.Batch(settings, new RandomStream(1, "batch"), 8, 0.2);
        using FusedEngine engine = new(settings, 1, Kernels.Best, inspect: true);
        for (int k = 0; k < 20; k++)
            engine.Train(batch);
        engine.Evaluate(batch);
        LayerState state = engine.Export().Layers[0];
        FoldedNormalization folded = FoldedNormalization.Of(settings, state);

        // With delayed coupling an input reaches the current a step late, so the bias of step 0 is missing from what the
        // additional input brings; the drive of the first step then decays with the current and the potential.
        TrainingSettings plain = settings with
        {
            Normalization = null,
            InputCount = settings.InputCount + 1,
        };
        Sample[] wide =
        [
            .. batch.Select(sample => new Sample(
                TestNetworks.Raster(
                    settings.StepCount,
                    plain.InputCount,
                    (t, j) => j == settings.InputCount || sample.Raster.At(t).Contains((ushort)j)
                ),
                sample.Label
            )),
        ];
        using FusedEngine other = new(plain, 1, Kernels.Best, inspect: true);
        LayerState start = other.Export().Layers[0];
        other.Import(
            new NetworkState(
                0,
                [
                    start with
                    {
                        Weights = [.. folded.Weights, .. folded.Bias!],
                        Thresholds = state.Thresholds,
                        Tensors = start.Tensors,
                    },
                ]
            )
        );
        other.Evaluate(wide);
        // The network without normalisation has the potentials of the other one, less what a bias of step 0 leaves.
        double worst = 0;
        int compared = 0;
        for (int b = 0; b < batch.Length; b++)
        {
            float[] V = engine.Layers[0].ReadPotentials(b),
                folds = other.Layers[0].ReadPotentials(b);
            (float[] S, float[] spikes) = (engine.Layers[0].ReadSpikes(b), other.Layers[0].ReadSpikes(b));
            for (int i = 0; i < 40; i++)
            {
                for (int t = 0; t < settings.StepCount; t++)
                {
                    double missing = coupling == CouplingKind.Delayed ? Missing(settings, folded.Bias![i], t) : 0;
                    worst = Math.Max(worst, Math.Abs(V[(t * 40) + i] - folds[(t * 40) + i] - missing));
                    compared++;
                    if (S[(t * 40) + i] != 0 || spikes[(t * 40) + i] != 0)
                        break; // After a spike, resets differ by what is missing.
                }
            }
        }
        Assert.True(compared > 8 * 40 * 2, $"only {compared} potentials before the first spikes");
        Assert.InRange(worst, 0, 2e-5);
    }

    /// <summary>What a drive of step 0 alone leaves in the potential of step t, with delayed coupling.</summary>
    private static double Missing(TrainingSettings settings, double drive, int t)
    {
        double I = drive,
            V = 0;
        for (int k = 1; k <= t; k++)
            (V, I) = ((settings.Neuron.VoltageFactor * V) + I, settings.Neuron.CurrentFactor * I);
        return V;
    }

    private static TrainingSettings Settings(NormalizedLayers layers) =>
        TestNetworks.Settings(60, [40, 10], 30, 8) with
        {
            Normalization = new TdbnNormalization(1, 0.9, 0.01, layers),
        };
}
