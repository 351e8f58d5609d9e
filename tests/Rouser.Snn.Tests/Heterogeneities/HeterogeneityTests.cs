using Rouser.Snn.Heterogeneities;
using Rouser.Testing.Networks;

namespace Rouser.Snn.Tests.Heterogeneities;

/// <summary>Decays that are drawn per neuron, against the moments of their distributions.</summary>
public sealed class HeterogeneityTests
{
    private const int Neurons = 20_000;

    [Fact]
    public void Uniform_draws_have_the_mean_deviation_and_bounds_of_their_range()
    {
        double[] b = Heterogeneity.VoltageFactors(Settings(new UniformHeterogeneity(HeterogeneousDecays.Both, 0.5)), 1);
        Assert.All(b, x => Assert.InRange(x, 0.97 - 0.015, 0.97 + 0.015));
        // The mean of n draws lies within 4 standard errors of 0.03 · 0.5/√3 in all but one of 16,000 seeds.
        Assert.Equal(0.97, b.Average(), 4 * 0.015 / Math.Sqrt(3 * Neurons));
        Assert.Equal(0.015 / Math.Sqrt(3), Deviation(b), 1e-4);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(20)]
    public void Gamma_draws_have_the_mean_and_deviation_of_time_constants(int shape)
    {
        double[] b = Heterogeneity.VoltageFactors(Settings(new GammaHeterogeneity(HeterogeneousDecays.Voltage, shape)), 1);
        double tau = -1 / Math.Log(0.97);
        double[] drawn = [.. b.Select(x => -1 / Math.Log(x))];
        Assert.Equal(1, drawn.Average() / tau, 4 / Math.Sqrt(shape * Neurons));
        Assert.Equal(1, Deviation(drawn) * Math.Sqrt(shape) / tau, 0.05);
        // The skewness of a gamma distribution is 2/√k: a normal distribution has none.
        double mean = drawn.Average(),
            skewness = drawn.Average(x => Math.Pow((x - mean) / Deviation(drawn), 3));
        Assert.Equal(2 / Math.Sqrt(shape), skewness, 0.2);
        Assert.All(b, x => Assert.InRange(x, Heterogeneity.Smallest, Heterogeneity.Largest));
    }

    [Fact]
    public void Draws_follow_the_seed_the_layer_and_the_decay_and_leave_the_weights_alone()
    {
        TrainingSettings settings = Settings(new GammaHeterogeneity(HeterogeneousDecays.Both, 3)) with { LayerSizes = [50, 50] };
        double[] first = Heterogeneity.VoltageFactors(settings, 1);
        Assert.Equal(first, Heterogeneity.VoltageFactors(settings, 1));
        Assert.NotEqual(first, Heterogeneity.VoltageFactors(settings, 2));
        Assert.NotEqual(first, Heterogeneity.VoltageFactors(settings with { Seed = 1 }, 1));
        TrainingSettings same = settings with { Neuron = settings.Neuron with { CurrentFactor = 0.97 } };
        Assert.NotEqual(first, Heterogeneity.CurrentFactors(same, 1));

        TrainingSettings plain = settings with { Neuron = settings.Neuron with { Heterogeneity = null } };
        Assert.All(Heterogeneity.VoltageFactors(plain, 1), b => Assert.Equal(0.97, b));
        using FusedEngine drawn = new(settings, 1),
            other = new(plain, 1);
        Assert.Equal(other.Export().Layers[0].Weights, drawn.Export().Layers[0].Weights);
    }

    /// <summary>
    /// What was drawn is in the state, not drawn again: an engine of another seed that takes it over works with it.
    /// </summary>
    [Fact]
    public void A_state_carries_what_was_drawn()
    {
        TrainingSettings settings = TestNetworks.Settings(10, [8, 4], 20, 2) with { Seed = 1 };
        settings = settings with
        {
            Neuron = settings.Neuron with { Heterogeneity = new GammaHeterogeneity(HeterogeneousDecays.Both, 3) },
        };
        using FusedEngine engine = new(settings, 1),
            other = new(settings with { Seed = 2 }, 1);
        LayerState state = engine.Export().Layers[0];
        Assert.Equal(Heterogeneity.VoltageFactors(settings, 1).Select(b => (float)b), state.Tensors["membrane.decay"]);
        Assert.Equal(state.Tensors["membrane.decay"], LayerDecay.VoltageFactorsOf(settings.Neuron, state));
        Assert.Equal(state.Tensors["current.decay"], LayerDecay.CurrentFactorsOf(settings.Neuron, state));
        Data.Sample[] batch = TestNetworks.Batch(settings, new RandomStream(0, "batch"), 2, 0.5);
        other.Import(engine.Export());
        Assert.Equal(engine.Train(batch).LossSum, other.Train(batch).LossSum);
        States.AssertSame(engine.Export(), other.Export(), "of another seed");
    }

    private static TrainingSettings Settings(Heterogeneity heterogeneity)
    {
        TrainingSettings settings = TestNetworks.Settings(2, [Neurons], 1, 1);
        return settings with { Neuron = settings.Neuron with { Heterogeneity = heterogeneity } };
    }

    private static double Deviation(double[] x)
    {
        double mean = x.Average();
        return Math.Sqrt(x.Average(v => (v - mean) * (v - mean)));
    }
}
