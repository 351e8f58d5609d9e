using Rouser.Core.Snn;
using Rouser.Core.Snn.Fused;
using Rouser.Testing;

namespace Rouser.Core.Tests.Snn.Lava;

/// <summary>The fused engine under <c>compat: lava-dl-slayer2</c> against lava-dl itself.</summary>
public sealed class FusedAgainstLavaTests
{
    [SharedDataTheory]
    [InlineData("high")]
    [InlineData("low")]
    public void Spikes_are_equal_and_gradients_are_close(string name)
    {
        LavaVectors lava = new(name);
        using FusedEngine engine = new(lava.Settings, 2, Kernels.Best, inspect: true);
        NetworkState state = engine.Export();
        engine.Import(state with { Layers = [.. state.Layers.Select((layer, l) => layer with { Weights = lava.Weights(l + 1) })] });
        BatchResult result = engine.Train(LavaVectors.Batch);
        for (int l = 0; l < 2; l++)
        {
            int series = (LavaVectors.Steps - 1) * LavaVectors.Sizes[l + 1];
            int[] spikes =
            [
                .. LavaVectors.Batch.SelectMany((_, b) =>
                {
                    float[] S = engine.Layers[l].ReadSpikes(b);
                    return Enumerable.Range(0, series).Where(k => S[k] != 0).Select(k => (b * series) + k);
                }),
            ];
            Assert.Equal(lava.Spikes(l + 1), spikes);
        }
        Close.AssertEqual("loss", [lava.LossSum], [result.LossSum], 1e-6);
        float[] first = engine.Layers[0].WeightGradient();
        Close.AssertEqual("gW2", lava.SecondGradient, engine.Layers[1].WeightGradient(), 1e-4);
        Close.AssertEqual("gW1", lava.FirstGradientRows, Enumerable.Range(0, first.Length).Where(k => k / 64 % LavaVectors.Rows == 0).Select(k => first[k]), 1e-4);
    }
}
