using Rouser.Data;
using Rouser.Snn.Fused;
using Rouser.Testing.Networks;

namespace Rouser.Snn.Tests.Fused;

/// <summary>
/// A result depends on the trial alone: not on threads, not on the vector width, not on an interruption.
/// </summary>
public sealed class FusedEngineDeterminismTests
{
    /// <summary>Networks of the plain methods, then of any, then with any optimiser, readout, decays and
    /// normalisation.</summary>
    private static readonly RandomNetwork[] Networks =
    [
        .. Enumerable.Range(0, 12).Select(seed => RandomNetwork.Of(seed)),
        .. Enumerable.Range(12, 36).Select(seed => RandomNetwork.OfAnyMethod(seed)),
        .. Enumerable.Range(100, 24).Select(seed => RandomNetwork.OfAnyRecipe(seed)),
        .. Enumerable.Range(200, 24).Select(seed => RandomNetwork.OfAnyReadout(seed)),
        .. Enumerable.Range(300, 16).Select(seed => RandomNetwork.OfAnyDecays(seed)),
        .. Enumerable.Range(400, 10).Select(seed => RandomNetwork.OfNormalizedLayers(seed)),
        .. Enumerable.Range(600, 16).Select(seed => RandomNetwork.OfDropout(seed)),
        .. Enumerable.Range(700, 24).Select(seed => RandomNetwork.OfRecurrence(seed)),
        .. Enumerable.Range(800, 30).Select(seed => RandomNetwork.OfDelays(seed)),
        .. Enumerable.Range(850, 30).Select(seed => RandomNetwork.OfSynapses(seed)),
        .. Enumerable.Range(900, 40).Select(seed => RandomNetwork.OfAnyLayers(seed)),
        .. Enumerable.Range(500, 10).Select(seed => RandomNetwork.OfNormalizedReadout(seed)),
    ];

    [Fact]
    public void The_networks_have_every_threshold_rule() =>
        Assert.Equal(
            RandomMethod.Rules.Count,
            Networks.Select(network => network.Settings.Threshold.GetType()).Distinct().Count()
        );

    [Theory]
    [InlineData(2)]
    [InlineData(3)]
    public void Any_number_of_threads_gives_the_same_bytes(int threads)
    {
        foreach (RandomNetwork network in Networks)
        {
            States.AssertSame(
                Train(network, s => new FusedEngine(s, 1)),
                Train(network, s => new FusedEngine(s, threads)),
                network.ToString()
            );
        }
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Every_vector_width_gives_the_same_bytes_as_the_scalar_path(int width)
    {
        foreach (RandomNetwork network in Networks)
        {
            States.AssertSame(
                Train(network, s => new FusedEngine(s, 1, Kernels.All[0])),
                Train(network, s => new FusedEngine(s, 1, Kernels.All[width])),
                $"{Kernels.All[width].Name}: {network}"
            );
        }
    }

    [Fact]
    public void Going_on_from_an_export_gives_the_same_bytes_as_never_stopping()
    {
        foreach (RandomNetwork network in Networks)
        {
            using FusedEngine straight = new(network.Settings, 1);
            using FusedEngine resumed = new(network.Settings, 1);
            for (int n = 0; n < 3; n++)
                straight.Train(network.Batch);
            NetworkState middle = straight.Export();
            // A little of another training first: the import must leave nothing of it behind.
            resumed.Train(network.Batch.AsSpan(0, 1));
            resumed.Import(middle);
            States.AssertSame(middle, resumed.Export(), $"{network}: the state itself");
            double first = 0,
                second = 0;
            for (int n = 0; n < 3; n++)
                (first, second) = (straight.Train(network.Batch).LossSum, resumed.Train(network.Batch).LossSum);
            Assert.Equal(first, second);
            States.AssertSame(straight.Export(), resumed.Export(), network.ToString());
        }
    }

    /// <summary>The second engine has summed gradients of rows that have no event in the state it takes over.</summary>
    [Fact]
    public void A_state_taken_over_in_the_middle_of_parts_gives_the_same_bytes()
    {
        for (long seed = 0; seed < 24; seed++)
        {
            RandomStream random = new(seed, "parts");
            TrainingSettings settings = TestNetworks.Settings(60, [9, 3], 12, 8, seed);
            Sample[] busy = TestNetworks.Batch(settings, random, 8, 0.5),
                sparse = TestNetworks.Batch(settings, random, 8, 0.01);
            BatchPlan plan = new(4, 5);
            using FusedEngine fresh = new(settings, 1, Kernels.Best, plan);
            using FusedEngine used = new(settings, 1, Kernels.Best, plan);
            used.Train(busy);
            used.Import(fresh.Export());
            for (int n = 0; n < 3; n++)
                Assert.Equal(fresh.Train(sparse).WeightGradientNorms, used.Train(sparse).WeightGradientNorms);
            States.AssertSame(fresh.Export(), used.Export(), $"seed {seed}");
        }
    }

    [Fact]
    public void Samples_of_an_earlier_batch_leave_no_trace()
    {
        TrainingSettings settings = TestNetworks.Settings(37, [33, 5], 20, 4, seed: 5);
        RandomStream random = new(5, "batches");
        Sample[] busy = TestNetworks.Batch(settings, random, 4, 0.5),
            single = TestNetworks.Batch(settings, random, 1, 0.2);
        using FusedEngine used = new(settings, 1);
        using FusedEngine fresh = new(settings, 1);
        used.Evaluate(busy);
        Assert.Equal(fresh.Train(single).LossSum, used.Train(single).LossSum);
        States.AssertSame(fresh.Export(), used.Export(), "after one update");
    }

    private static NetworkState Train(RandomNetwork network, Func<TrainingSettings, FusedEngine> make)
    {
        using FusedEngine engine = make(network.Settings);
        for (int n = 0; n < 3; n++)
            engine.Train(network.Batch);
        return engine.Export();
    }
}
