using Rouser.Snn;
using Rouser.Snn.Losses;
using Rouser.Snn.Optimizers;
using Rouser.Snn.Optimizers.Schedules;

namespace Rouser.Testing.Networks;

/// <summary>Draws an optimiser, a schedule and a smoothing of labels, from all that there are.</summary>
internal static class RandomRecipe
{
    /// <summary>Draws an optimiser.</summary>
    public static IReadOnlyList<Func<RandomStream, Optimizer>> Optimizers { get; } =
    [
        _ => new AdamOptimizer(0.001, 0.9, 0.999, 1e-8),
        random => new AdamWOptimizer(0.001, 0.9, 0.99, 1e-8, random.NextDouble(0, 1)),
        random => new SgdOptimizer(random.NextDouble(0.001, 0.1), random.NextDouble(0, 0.99)),
        random => new RmsPropOptimizer(0.001, random.NextDouble(0.5, 0.999), 1e-8),
    ];

    /// <summary>Draws a schedule.</summary>
    public static IReadOnlyList<Func<RandomStream, Schedule>> Schedules { get; } =
    [
        _ => new ConstantSchedule(),
        random => new CosineSchedule(random.NextDouble(0, 1)),
        random => new OneCycleSchedule(random.NextDouble(0.1, 0.9)),
        random => new StepSchedule(1 + random.NextInt(3), random.NextDouble(0.1, 1)),
    ];

    /// <summary>The settings with a drawn recipe.</summary>
    public static TrainingSettings Apply(TrainingSettings settings, RandomStream random) =>
        settings with
        {
            Optimizer = Optimizers[random.NextInt(Optimizers.Count)](random) with
            {
                ClipNorm = random.NextInt(2) == 0 ? null : Math.Exp(random.NextDouble(-5, 5)),
            },
            Schedule = Schedules[random.NextInt(Schedules.Count)](random) with
            {
                WarmupEpochs = random.NextInt(2) == 0 ? 0 : random.NextDouble(0, 3),
            },
            Length = new TrainingLength(1 + random.NextInt(5), 1 + random.NextInt(5)),
            Loss = settings.Loss is SpikeMaxLoss max ? max with { LabelSmoothing = random.NextDouble(0, 0.5) } : settings.Loss,
        };
}
