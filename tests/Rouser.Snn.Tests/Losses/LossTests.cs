using Rouser.Core.Parameters;
using Rouser.Snn.Losses;
using Rouser.Testing.Networks;

namespace Rouser.Snn.Tests.Losses;

/// <summary>Losses against their definitions, gradients against finite differences.</summary>
public sealed class LossTests
{
    private const int Steps = 37,
        Neurons = 5;

    /// <summary>Every loss that a sweep file can name, as it is and seen late.</summary>
    public static TheoryData<string, bool> Words
    {
        get
        {
            TheoryData<string, bool> words = [];
            foreach (Method<Loss> method in Loss.Family.Methods)
            {
                words.Add(method.Name, false);
                words.Add(method.Name, true);
            }
            return words;
        }
    }

    [Theory]
    [MemberData(nameof(Words))]
    public void The_gradient_is_that_of_finite_differences(string word, bool delayed)
    {
        Loss loss = Loss.Family.Methods.Single(m => m.Name == word).Build(ParameterSet.Empty) with { OutputDelayed = delayed };
        RandomStream random = new(1, "loss");
        double[] S = new double[Steps * Neurons],
            gS = new double[S.Length],
            ignored = new double[S.Length];
        for (int k = 0; k < S.Length; k++)
            S[k] = random.NextDouble(-1, 2);
        loss.Evaluate([.. S], Neurons, 3, gS);
        double[] differences = new double[S.Length];
        for (int k = 0; k < S.Length; k++)
        {
            const double H = 1e-5;
            double at = S[k];
            S[k] = at + H;
            double above = loss.Evaluate([.. S], Neurons, 3, ignored);
            S[k] = at - H;
            double below = loss.Evaluate([.. S], Neurons, 3, ignored);
            S[k] = at;
            differences[k] = (above - below) / (2 * H);
        }
        Close.AssertEqual($"{loss}", differences, gS, 1e-6);
    }

    [Fact]
    public void Van_Rossum_is_the_squared_convolution_with_the_second_order_filter()
    {
        const double Tau = 4;
        RandomStream random = new(2, "loss");
        double[] S = [.. Enumerable.Range(0, Steps * Neurons).Select(_ => (double)random.NextInt(2))];
        double expected = 0;
        for (int i = 0; i < Neurons; i++)
        {
            for (int t = 0; t < Steps; t++)
            {
                double err = 0;
                for (int n = 0; n <= t; n++)
                {
                    int period = i == 1 ? 2 : 7;
                    double target = (t - n) % period == period - 1 ? 1 : 0;
                    err += (n + 1) * Math.Exp(-n / Tau) * (S[((t - n) * Neurons) + i] - target);
                }
                expected += 0.5 * err * err;
            }
        }
        double loss = new VanRossumLoss(Tau, 2, 7).Evaluate(S, Neurons, 1, new double[S.Length]);
        Assert.Equal(expected, loss, expected * 1e-12);
    }

    [Fact]
    public void Van_Rossum_is_zero_on_the_target_itself()
    {
        double[] S = new double[300 * 2];
        for (int t = 1; t < 300; t += 2)
            S[t * 2] = 1;
        for (int t = 29; t < 300; t += 30)
            S[(t * 2) + 1] = 1;
        Assert.Equal(150, Enumerable.Range(0, 300).Sum(t => S[t * 2]));
        Assert.Equal(0, new VanRossumLoss(5, 2, 30).Evaluate(S, 2, 0, new double[S.Length]));
    }

    [Fact]
    public void Spike_rate_is_the_squared_distance_of_the_rates()
    {
        double[] S = [1, 0, 1, 0, 0, 1, 1, 0]; // four steps of two neurons, rates 0.75 and 0.25
        double expected = Math.Pow(0.75 - 0.2, 2) + Math.Pow(0.25 - 0.03, 2);
        Assert.Equal(expected, new SpikeRateLoss(0.2, 0.03).Evaluate(S, 2, 0, new double[8]), 1e-15);
    }

    [Fact]
    public void Spike_max_is_the_negative_logarithm_of_the_softmax()
    {
        double[] S = [1, 0, 1, 0, 0, 1, 1, 0];
        double expected = -Math.Log(Math.Exp(0.25) / (Math.Exp(0.75) + Math.Exp(0.25)));
        Assert.Equal(expected, new SpikeMaxLoss().Evaluate(S, 2, 1, new double[8]), 1e-15);
    }
}
