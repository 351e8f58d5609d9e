using Rouser.Testing;
using Rouser.Snn.Fused;
using Rouser.Testing.Networks;

namespace Rouser.Snn.Tests.Lava;

/// <summary>The fused float32 engine under <c>compat: lava-dl-slayer2</c> against lava-dl itself.</summary>
public sealed class FusedAgainstLavaTests
{
    [SharedDataTheory]
    [InlineData("high")]
    [InlineData("low")]
    public void Spikes_are_equal_and_gradients_are_close(string name)
    {
        LavaVectors lava = new(name);
        using FusedEngine engine = new(lava.Settings, 1, Kernels.Best, inspect: true);
        NetworkState state = engine.Export();
        engine.Import(
            state with
            {
                Layers = [.. state.Layers.Select((layer, l) => layer with { Weights = lava.Weights(l + 1) })],
            }
        );

        engine.Evaluate(LavaVectors.Batch);
        for (int l = 0; l < 2; l++)
        {
            int series = (LavaVectors.Steps - 1) * LavaVectors.Sizes[l + 1];
            int[] spikes =
            [
                .. Enumerable
                    .Range(0, 10)
                    .SelectMany(b =>
                        engine
                            .Layers[l]
                            .ReadSpikes(b)
                            .Take(series)
                            .Select((S, k) => (S, k))
                            .Where(x => x.S != 0)
                            .Select(x => (b * series) + x.k)
                    ),
            ];
            Assert.Equal(lava.Spikes(l + 1), spikes);
        }
        BatchResult result = engine.Train(LavaVectors.Batch);
        Close.AssertEqual("loss", [lava.LossSum], [result.LossSum], 1e-6);
        Close.AssertEqual("gW2", lava.SecondGradient, engine.Layers[1].WeightGradient(), 1e-4);
        float[] first = engine.Layers[0].WeightGradient();
        Close.AssertEqual("gW1", lava.FirstGradientRows, first.Where((_, k) => k / 64 % LavaVectors.Rows == 0), 1e-4);
        Close.AssertEqual(
            "gW1, summed",
            lava.FirstGradientSums,
            Enumerable.Range(0, 64).Select(i => Enumerable.Range(0, LavaVectors.Sizes[0]).Sum(j => (double)first[(j * 64) + i])),
            1e-4
        );
    }
}
