using System.Globalization;
using Rouser.Coordination;
using Rouser.Core;
using Rouser.Core.Parameters;
using Rouser.Data;
using Rouser.Data.Splits;
using Rouser.Results;
using Rouser.Snn;
using Rouser.Snn.Losses;
using Rouser.Snn.Optimizers;
using Rouser.Snn.Surrogates;
using Rouser.Snn.Thresholds;
using Rouser.Sweeps;
using Rouser.Sweeps.Pruners;
using Rouser.Sweeps.Sequential;

namespace Rouser.Simulation.Scenarios;

/// <summary>A sweep and the circumstances that it runs in.</summary>
/// <param name="Spec">The sweep file.</param>
/// <param name="Plan">What it trains.</param>
/// <param name="FailsAt">By place in the plan: the epoch in which the trial's loss is no number any more, on every
/// attempt; 0 for never.</param>
/// <param name="EpochSeconds">What an epoch takes at most on a worker of ordinary speed.</param>
/// <param name="Workers">Workers at a time.</param>
/// <param name="Faults">What goes wrong.</param>
internal sealed record Scenario(SweepSpec Spec, Plan Plan, int[] FailsAt, double EpochSeconds, int Workers, Faults Faults)
{
    private static readonly RunEnvironment Machine = new("simulated", "fused/1", "virtual", "virtual", "virtual", 1, "");

    /// <summary>Lease, retries and the like.</summary>
    public RunSettings Run => Spec.Run;

    /// <summary>Draws a scenario: a few trials or some hundred, short leases or long ones.</summary>
    public static Scenario Draw(RandomStream random)
    {
        int trials = random.NextInt(3) switch
        {
            0 => 1 + random.NextInt(6),
            1 => 10 + random.NextInt(20),
            _ => 50 + random.NextInt(100),
        };
        int epochs = 1 + random.NextInt(6);
        double leaseSeconds = random.NextInt(3) switch
        {
            0 => 6,
            1 => 20,
            _ => 60,
        };
        double epochSeconds = random.NextInt(3) switch
        {
            0 => 0.5,
            1 => 5,
            _ => 15,
        };
        RunSettings run = new(
            LostRetries: random.NextInt(4),
            FailedRetries: random.NextInt(3),
            Lease: TimeSpan.FromSeconds(leaseSeconds),
            Timeout: TimeSpan.FromSeconds((epochs + 2) * epochSeconds * (3 + random.NextInt(20))),
            CheckpointEvery: 1 + random.NextInt(2),
            Pruner: PrunerOf(random),
            CrossCheck: random.NextInt(3) == 0 ? 1 : 0
        );
        Plan plan = PlanOf(trials, epochs, digests: 1 + random.NextInt(2), shared: random.NextInt(trials));
        int[] failsAt = [.. plan.Trials.Select(_ => random.NextInt(20) == 0 ? 1 + random.NextInt(epochs) : 0)];
        Scenario drawn = new(
            SpecOf(run),
            plan,
            failsAt,
            epochSeconds,
            Workers: 1 + random.NextInt(6),
            Faults.Draw(random, leaseSeconds)
        );
        return random.NextInt(5) == 0 && trials >= 10 ? drawn.WithBudget() : drawn;
    }

    /// <summary>The same trials as pairs of seeds of two arms, of which later ones are trained only if they are needed.</summary>
    private Scenario WithBudget()
    {
        int pairs = Plan.Trials.Count / 2;
        Cell[] cells =
        [
            .. Plan
                .Trials.Take(2 * pairs)
                .Select((t, place) => new Cell("study", place % 2 == 0 ? "even" : "odd", "", place / 2, t.Id)),
            .. Plan.Trials.Skip(2 * pairs).Select(t => new Cell("rest", "both", "", 0, t.Id)),
        ];
        SeedBudget budget = new(3, pairs, IsForSweep: false);
        return this with
        {
            Plan = Plan with { Cells = cells },
            Spec = Spec with
            {
                Run = Run with
                {
                    Pruner = null,
                    Budgets = new(Metric, "even", new Dictionary<string, SeedBudget> { ["study"] = budget }),
                },
            },
        };
    }

    /// <summary>The tables of a journal of this sweep.</summary>
    public ResultTables Tables(IEnumerable<Event> journal) => ResultTables.Build(Spec, Plan, journal, Machine);

    /// <summary>Trials of two arms; the first so many of them are wanted by both.</summary>
    private static Plan PlanOf(int trials, int epochs, int digests, int shared)
    {
        PlannedTrial[] planned =
        [
            .. Enumerable
                .Range(0, trials)
                .Select(place => new PlannedTrial(
                    IdOf(place),
                    ParameterSet.Empty,
                    SettingsOf(epochs),
                    place,
                    $"data-{place % digests}",
                    Synthetic: false,
                    "fused/1"
                )),
        ];
        Cell[] cells =
        [
            .. planned.Select((t, place) => new Cell("study", place % 2 == 0 ? "even" : "odd", "", place, t.Id)),
            .. planned.Take(shared).Select((t, place) => new Cell("study", "both", "", place, t.Id)),
        ];
        return new("simulated", "f1a9", planned, cells);
    }

    // The place stands in the first digits, so that a trace is easy to read.
    private static TrialId IdOf(int place) => new(place.ToString("x8", CultureInfo.InvariantCulture) + new string('0', 24));

    // Off by default, as in a sweep file.
    private static PrunerSettings? PrunerOf(RandomStream random)
    {
        int choice = random.NextInt(6);
        if (choice < 4)
            return null;
        Pruner pruner =
            choice == 4
                ? new MedianPruner(MinEpochs: 1, MinTrials: 3)
                : new SuccessiveHalvingPruner(MinEpochs: 1, ReductionFactor: 3);
        return new(pruner, ValidationMetric.Accuracy);
    }

    private static readonly MetricSettings Metric = new("test_accuracy", Maximize: true, EpochSelection.Last);

    private static SweepSpec SpecOf(RunSettings run) =>
        new(
            "simulated",
            Metric,
            ParameterSet.Empty,
            [new Arm("even", ParameterSet.Empty), new Arm("odd", ParameterSet.Empty), new Arm("both", ParameterSet.Empty)],
            [0],
            [new Study("study", ["even", "odd", "both"], StudyMode.List, [], [], [])],
            run,
            new ReportSettings(null, [0.5])
        );

    private static TrialSettings SettingsOf(int epochs) =>
        new(
            new MethodSettings(
                new NeuronSettings(0.75, 0.97, ResetKind.Soft, CouplingKind.Delayed, ResetGradientKind.Full),
                new ExponentialSurrogate(3.75, 1.5),
                new FixedThreshold(1.25),
                new WeightSettings(WeightInitKind.KaimingUniform, false),
                new VanRossumLoss(5, 2, 30),
                new AdamOptimizer(0.001, 0.9, 0.999, 1e-8),
                32
            ),
            new DatasetSettings("saccade-digits", null, 300, 1, null, null, 1)
            {
                Validation = new SplitRule(SplitBy.Share, SplitUnit.Recording, 0.2, 0, 0, 0, ""),
            },
            [500],
            epochs
        );
}
