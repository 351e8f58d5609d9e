using Rouser.Data;
using Rouser.Snn.Regularizers;
using Rouser.Testing.Networks;

namespace Rouser.Snn.Tests.Regularizers;

public sealed class DropoutTests
{
    [Theory]
    [InlineData(0.1)]
    [InlineData(0.5)]
    [InlineData(0.9)]
    public void Neurons_are_dropped_with_the_probability_asked_for_and_independently(double rate)
    {
        const int neurons = 64,
            draws = 4_000;
        Dropout dropout = new(rate);
        (ulong first, ulong second) = (Dropout.Key(7, 1), Dropout.Key(7, 2));
        // Neighbours in every direction: the next neuron, the next sample, the next update, the next layer.
        double[] alike = new double[4];
        int dropped = 0;
        for (int k = 0; k < draws; k++)
        {
            (long update, int sample) = (1 + (k / 8), k % 8);
            for (int i = 0; i < neurons; i++)
            {
                bool kept = dropout.Keeps(first, update, sample, i);
                dropped += kept ? 0 : 1;
                alike[0] += kept == dropout.Keeps(first, update, sample, i + 1) ? 1 : 0;
                alike[1] += kept == dropout.Keeps(first, update, sample + 1, i) ? 1 : 0;
                alike[2] += kept == dropout.Keeps(first, update + 1, sample, i) ? 1 : 0;
                alike[3] += kept == dropout.Keeps(second, update, sample, i) ? 1 : 0;
            }
        }
        // Five standard deviations of a binomial share.
        double n = neurons * draws,
            equal = (rate * rate) + ((1 - rate) * (1 - rate));
        Assert.Equal(rate, dropped / n, 5 * Math.Sqrt(rate * (1 - rate) / n));
        Assert.All(alike, share => Assert.Equal(equal, share / n, 5 * Math.Sqrt(equal * (1 - equal) / n)));
    }

    [Fact]
    public void Inference_drops_nothing_and_leaves_no_trace_in_training()
    {
        TrainingSettings plain = TestNetworks.Settings(40, [33, 20, 4], 30, 4, seed: 3),
            dropping = plain with { Dropout = new Dropout(0.5) };
        Sample[] batch = TestNetworks.Batch(plain, new RandomStream(3, "batch"), 4, 0.3);
        using FusedEngine all = new(plain, 1),
            some = new(dropping, 1),
            evaluated = new(dropping, 1);
        Assert.Equal(all.Evaluate(batch).LossSum, some.Evaluate(batch).LossSum);
        double untouched = some.Train(batch).LossSum;
        Assert.NotEqual(all.Train(batch).LossSum, untouched);
        evaluated.Evaluate(batch);
        Assert.Equal(untouched, evaluated.Train(batch).LossSum);
        evaluated.Evaluate(batch);
        some.Train(batch);
        evaluated.Train(batch);
        States.AssertSame(some.Export(), evaluated.Export(), "after two updates");
    }

    [Fact]
    public void Engine_says_what_dropout_does_not_go_with()
    {
        TrainingSettings settings = TestNetworks.Settings(10, [5, 3], 5, 2) with { Dropout = new Dropout(0.5) };
        Assert.Null(FusedEngine.Lacks(settings));
        Assert.Contains(
            "network.dropout",
            FusedEngine.Lacks(settings with { Threshold = new Snn.Thresholds.DsAtgoThreshold(1, 1, 0.9) }),
            StringComparison.Ordinal
        );
        Assert.Contains(
            "network.dropout",
            FusedEngine.Lacks(
                settings with
                {
                    Quantization = Quantization.Lava,
                    Neuron = settings.Neuron with { Reset = ResetKind.Hard },
                }
            ),
            StringComparison.Ordinal
        );
    }
}
