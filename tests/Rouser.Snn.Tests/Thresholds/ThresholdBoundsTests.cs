using Rouser.Data;
using Rouser.Snn.Reference;
using Rouser.Snn.Thresholds;
using Rouser.Testing.Networks;

namespace Rouser.Snn.Tests.ThresholdRules;

public sealed class ThresholdBoundsTests
{
    private const double Floor = 0.7,
        Ceiling = 0.9;

    private static readonly Dictionary<string, ThresholdRule> Rules = new()
    {
        ["learned"] = new LearnedThreshold(0.8, 0.2),
        ["softplus"] = new LearnedThreshold(0.8, 0.2, IsSoftplus: true),
        ["gain"] = new GainThreshold(0.8, 0.2, ScalesWidth: false),
        ["ltmd"] = new LtmdThreshold(0.8, 0.2, 1.1),
        ["diet"] = new DietThreshold(0.8, 0.2),
        ["trsg"] = new TrsgThreshold(0.8, 0.2),
        ["lee_regularized"] = new LeeThreshold(0.8, 0.02),
        ["annealed"] = new AnnealedThreshold(0.8, 3, 0.2),
    };

    public static TheoryData<string> Words => [.. Rules.Keys];

    [Theory]
    [MemberData(nameof(Words))]
    public void Thresholds_stay_between_their_bounds_in_both_engines(string word)
    {
        ThresholdRule unbounded = Rules[word];
        TrainingSettings settings = TestNetworks.Settings(20, [12, 5], 30, 4) with { Threshold = unbounded };
        (float lowest, float highest) = Range(settings);
        Assert.True(lowest < Floor || highest > Ceiling, $"{word} stays between {lowest} and {highest} without bounds");

        (lowest, highest) = Range(settings with { Threshold = unbounded with { Bounds = new(Floor, Ceiling) } });
        Assert.InRange(lowest, (float)Floor - 1e-6f, (float)Ceiling);
        Assert.InRange(highest, (float)Floor, (float)Ceiling + 1e-6f);
    }

    [Fact]
    public void Softplus_never_lets_a_threshold_reach_0()
    {
        (float lowest, _) = Range(
            TestNetworks.Settings(20, [12, 5], 30, 4) with
            {
                Threshold = new LearnedThreshold(0.1, 2, IsSoftplus: true),
            }
        );
        Assert.True(lowest > 0, $"{lowest}");
    }

    /// <summary>The lowest and the highest threshold during twenty updates.</summary>
    private static (float, float) Range(TrainingSettings settings)
    {
        using FusedEngine engine = new(settings, 1);
        TestNetworks.ScaleWeights(engine, 3);
        ReferenceEngine reference = new(settings);
        RandomStream random = new(4, "bounds");
        float lowest = float.PositiveInfinity,
            highest = float.NegativeInfinity;
        for (int update = 0; update < 20; update++)
        {
            Sample[] batch = TestNetworks.Batch(settings, random, 4, 0.3);
            engine.Train(batch);
            reference.Update(reference.Run(batch));
            foreach (LayerState layer in engine.Export().Layers)
                (lowest, highest) = (Math.Min(lowest, layer.Thresholds.Min()), Math.Max(highest, layer.Thresholds.Max()));
            if (settings.Threshold.Bounds.Any)
                Assert.All(
                    reference.Layers.SelectMany(layer => layer.Th),
                    th => Assert.InRange(th, Floor - 1e-12, Ceiling + 1e-12)
                );
        }
        return (lowest, highest);
    }
}
