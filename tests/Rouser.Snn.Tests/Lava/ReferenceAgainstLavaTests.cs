using Rouser.Testing;
using Rouser.Snn.Reference;
using Rouser.Testing.Networks;

namespace Rouser.Snn.Tests.Lava;

/// <summary>The scalar double engine under <c>compat: lava-dl-slayer2</c> against lava-dl itself.</summary>
public sealed class ReferenceAgainstLavaTests
{
    [SharedDataTheory]
    [InlineData("high")]
    [InlineData("low")]
    public void Spikes_are_equal_and_gradients_are_close(string name)
    {
        LavaVectors lava = new(name);
        ReferenceEngine engine = new(lava.Settings, [Matrix(lava.Weights(1), 64), Matrix(lava.Weights(2), 10)]);
        ReferenceBatch batch = engine.Run(LavaVectors.Batch);
        for (int l = 0; l < 2; l++)
        {
            int neurons = LavaVectors.Sizes[l + 1],
                series = (LavaVectors.Steps - 1) * neurons;
            int[] spikes =
            [
                .. batch.Traces.SelectMany(
                    (traces, b) =>
                        Enumerable
                            .Range(0, series)
                            .Where(k => traces[l].S[k / neurons, k % neurons] != 0)
                            .Select(k => (b * series) + k)
                ),
            ];
            Assert.Equal(lava.Spikes(l + 1), spikes);
        }
        Close.AssertEqual("loss", [lava.LossSum], [batch.LossSum], 1e-6);
        Close.AssertEqual("gW2", lava.SecondGradient, batch.Gradients[1].W.Cast<double>(), 1e-5);
        double[,] first = batch.Gradients[0].W;
        Close.AssertEqual(
            "gW1",
            lava.FirstGradientRows,
            Enumerable.Range(0, first.Length).Where(k => k / 64 % LavaVectors.Rows == 0).Select(k => first[k / 64, k % 64]),
            1e-5
        );
        Close.AssertEqual(
            "gW1, summed",
            lava.FirstGradientSums,
            Enumerable.Range(0, 64).Select(i => Enumerable.Range(0, LavaVectors.Sizes[0]).Sum(j => first[j, i])),
            1e-5
        );
    }

    private static double[,] Matrix(float[] values, int columns)
    {
        double[,] matrix = new double[values.Length / columns, columns];
        for (int k = 0; k < values.Length; k++)
            matrix[k / columns, k % columns] = values[k];
        return matrix;
    }
}
