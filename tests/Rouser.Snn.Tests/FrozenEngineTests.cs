using Rouser.Data;
using Rouser.Snn.Optimizers.Schedules;
using Rouser.Snn.Thresholds;
using Rouser.Testing.Networks;

namespace Rouser.Snn.Tests;

public sealed class FrozenEngineTests
{
    private const int Epochs = 5,
        UpdatesPerEpoch = 3,
        After = 2;

    private static readonly TrainingSettings Plain = TestNetworks.Settings(30, [20, 4], 25, 4, seed: 5) with
    {
        Schedule = new CosineSchedule(0.1),
        Length = new TrainingLength(Epochs, UpdatesPerEpoch),
    };

    private static readonly Sample[] Batch = TestNetworks.Batch(Plain, new RandomStream(5, "batch"), 4, 0.3);

    public static TheoryData<string> Rules => [.. new[] { "direct", "softplus", "gain" }];

    [Theory]
    [MemberData(nameof(Rules))]
    public void Thresholds_move_as_ever_up_to_the_epoch_and_stay_from_then_on_while_weights_go_on(string word)
    {
        TrainedThreshold rule = Rule(word);
        using FusedEngine plain = new(Plain with { Threshold = rule }, 1);
        using ITrainingEngine frozen = Frozen(rule, restarts: false);
        NetworkState last = plain.Export();
        for (int n = 1; n <= Epochs * UpdatesPerEpoch; n++)
        {
            double loss = frozen.Train(Batch).LossSum;
            NetworkState now = frozen.Export();
            Assert.Equal(n, now.Updates);
            if (n <= After * UpdatesPerEpoch)
            {
                Assert.Equal(plain.Train(Batch).LossSum, loss);
                States.AssertSame(plain.Export(), now, $"update {n}");
            }
            for (int l = 0; l < now.Layers.Count; l++)
            {
                Assert.Equal(
                    n > After * UpdatesPerEpoch,
                    now.Layers[l].Thresholds.AsSpan().SequenceEqual(last.Layers[l].Thresholds)
                );
                Assert.NotEqual(last.Layers[l].Weights, now.Layers[l].Weights);
            }
            last = now;
        }
    }

    /// <summary>With gradients clipped, too: thresholds that stay must not shorten the weights' update.</summary>
    [Theory]
    [InlineData("direct", null)]
    [InlineData("softplus", null)]
    [InlineData("direct", 0.05)]
    [InlineData("softplus", 0.05)]
    public void A_restart_is_a_training_with_fixed_thresholds_from_the_first_weights_at_the_learned_ones(
        string word,
        double? clip
    )
    {
        TrainingSettings settings = Plain with { Optimizer = Plain.Optimizer with { ClipNorm = clip } };
        using ITrainingEngine restarted = Frozen(settings, Rule(word), restarts: true);
        for (int n = 0; n < After * UpdatesPerEpoch; n++)
            restarted.Train(Batch);
        NetworkState learned = restarted.Export();

        // By hand, on an engine whose thresholds nothing moves.
        using FusedEngine fresh = new(
            settings with
            {
                Threshold = new FixedThreshold(0.5),
                Length = new TrainingLength(Epochs - After, UpdatesPerEpoch),
            },
            1
        );
        NetworkState start = fresh.Export();
        fresh.Import(
            start with
            {
                Layers = [.. start.Layers.Select((layer, l) => layer with { Thresholds = learned.Layers[l].Thresholds })],
            }
        );
        for (int n = 1; n <= (Epochs - After) * UpdatesPerEpoch; n++)
        {
            Assert.Equal(fresh.Train(Batch).LossSum, restarted.Train(Batch).LossSum);
            NetworkState expected = fresh.Export(),
                found = restarted.Export();
            Assert.Equal((After * UpdatesPerEpoch) + n, found.Updates);
            for (int l = 0; l < expected.Layers.Count; l++)
            {
                Assert.Equal(expected.Layers[l].Weights, found.Layers[l].Weights);
                Assert.Equal(learned.Layers[l].Thresholds, found.Layers[l].Thresholds);
                Assert.Equal(expected.Layers[l].Tensors["weights.v"], found.Layers[l].Tensors["weights.v"]);
            }
        }
    }

    [Theory]
    [InlineData(false, (After * UpdatesPerEpoch) - 1)]
    [InlineData(false, After * UpdatesPerEpoch)]
    [InlineData(false, (After * UpdatesPerEpoch) + 1)]
    [InlineData(true, (After * UpdatesPerEpoch) - 1)]
    [InlineData(true, After * UpdatesPerEpoch)]
    [InlineData(true, (After * UpdatesPerEpoch) + 1)]
    public void Going_on_from_an_export_gives_the_same_bytes_as_never_stopping(bool restarts, int updates)
    {
        using ITrainingEngine straight = Frozen(Rule("softplus"), restarts),
            resumed = Frozen(Rule("softplus"), restarts);
        for (int n = 0; n < updates; n++)
            straight.Train(Batch);
        NetworkState middle = straight.Export();
        // From anywhere: what was trained before must leave nothing behind.
        for (int n = 0; n < 4 * UpdatesPerEpoch; n++)
            resumed.Train(Batch);
        resumed.Import(middle);
        States.AssertSame(middle, resumed.Export(), "the state itself");
        Assert.Equal(straight.Evaluate(Batch).LossSum, resumed.Evaluate(Batch).LossSum);
        for (int n = 0; n < 2 * UpdatesPerEpoch; n++)
            Assert.Equal(straight.Train(Batch).LossSum, resumed.Train(Batch).LossSum);
        States.AssertSame(straight.Export(), resumed.Export(), $"from update {updates}");
    }

    [Fact]
    public void Settings_whose_thresholds_are_trained_to_the_end_get_the_engine_itself()
    {
        using ITrainingEngine engine = FrozenEngine.Create(
            Plain with
            {
                Threshold = Rule("direct"),
            },
            settings => new FusedEngine(settings, 1)
        );
        Assert.IsType<FusedEngine>(engine);
    }

    private static TrainedThreshold Rule(string word) =>
        word switch
        {
            "direct" => new LearnedThreshold(0.5, 0.01),
            "softplus" => new LearnedThreshold(0.5, 0.01, IsSoftplus: true),
            _ => new GainThreshold(0.5, 0.01, ScalesWidth: false),
        };

    private static ITrainingEngine Frozen(TrainedThreshold rule, bool restarts) => Frozen(Plain, rule, restarts);

    private static ITrainingEngine Frozen(TrainingSettings settings, TrainedThreshold rule, bool restarts) =>
        FrozenEngine.Create(
            settings with
            {
                Threshold = rule with { Freeze = new ThresholdFreeze(After, restarts) },
            },
            part => new FusedEngine(part, 1)
        );
}
