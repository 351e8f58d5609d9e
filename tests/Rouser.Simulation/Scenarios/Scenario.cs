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
using Rouser.Sweeps.Samplers;
using Rouser.Sweeps.Sequential;

namespace Rouser.Simulation.Scenarios;

/// <summary>A sweep and the circumstances that it runs in.</summary>
/// <param name="Spec">The sweep file.</param>
/// <param name="Plan">What it trains.</param>
/// <param name="Known">Every trial that a plan of the run has had, by its place: the places of further ones follow.</param>
/// <param name="FailsAt">By place: the epoch in which the trial's loss is no number any more, on every
/// attempt; 0 for never.</param>
/// <param name="EpochSeconds">What an epoch takes at most on a worker of ordinary speed.</param>
/// <param name="Workers">Workers at a time.</param>
/// <param name="Faults">What goes wrong.</param>
internal sealed record Scenario(
    SweepSpec Spec,
    Plan Plan,
    IReadOnlyList<PlannedTrial> Known,
    int[] FailsAt,
    double EpochSeconds,
    int Workers,
    Faults Faults
)
{
    private const int Settings = 20,
        SeedsOfSetting = 2;

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
            plan.Trials,
            failsAt,
            epochSeconds,
            Workers: 1 + random.NextInt(6),
            Faults.Draw(random, leaseSeconds)
        );
        return random.NextInt(10) switch
        {
            0 or 1 when trials >= 10 => drawn.WithBudget(),
            2 when trials >= Settings * SeedsOfSetting => drawn.WithSearch(random),
            _ => drawn,
        };
    }

    /// <summary>The place of a trial, from 0, by which everything that it measures is known. Plans may have it
    /// anywhere.</summary>
    public static int PlaceOf(TrialId trial) =>
        int.Parse(trial.Value.AsSpan(0, 8), NumberStyles.HexNumber, CultureInfo.InvariantCulture);

    /// <summary>Whether the user may change the sweep file. Where results decide what is trained, nobody does.</summary>
    public bool MayGrow => !Run.DefersTrials;

    /// <summary>
    /// The sweep after the user has changed its file: some trials are dropped, some that were dropped are back, some are
    /// new, and priorities may have changed.
    /// </summary>
    public Scenario Grow(RandomStream random)
    {
        int added = random.NextInt(5);
        PlannedTrial like = Known[0];
        PlannedTrial[] known =
        [
            .. Known,
            .. Enumerable
                .Range(Known.Count, added)
                .Select(place =>
                    like with
                    {
                        Id = IdOf(place),
                        Seed = place,
                        DataDigest = Known[place % Known.Count].DataDigest,
                    }
                ),
        ];
        HashSet<TrialId> now = [.. Plan.Trials.Select(t => t.Id)];
        // One arm must not become empty, so that it can be cancelled by its name.
        List<PlannedTrial> wanted =
        [
            .. known.Where((t, place) => place == 0 || place >= Known.Count || random.NextInt(4) != 0 == now.Contains(t.Id)),
        ];
        if (random.NextInt(2) == 0)
            wanted = [.. wanted.OrderBy(_ => random.NextDouble())];
        Plan asked = Plan with { Trials = wanted, Cells = CellsOf(wanted, shared: 0) };
        return this with
        {
            Known = known,
            FailsAt = [.. FailsAt, .. Enumerable.Range(0, added).Select(_ => random.NextInt(20) == 0 ? 1 : 0)],
            Plan = PlanGrowth.Of(Plan, asked)?.Plan ?? Plan,
        };
    }

    /// <summary>The same trials as seeds of settings, which a search asks for.</summary>
    private Scenario WithSearch(RandomStream random)
    {
        PlannedTrial[] trials = [.. Plan.Trials.Take(Settings * SeedsOfSetting)];
        SettingSearch search = new(
            Count: 10,
            Startup: 3,
            Parallel: 1 + random.NextInt(4),
            [new SearchDimension(0)],
            [.. Enumerable.Range(0, Settings).Select(i => new SearchCandidate($"setting {i}", [(double)i / Settings]))]
        );
        return this with
        {
            Plan = Plan with
            {
                Trials = trials,
                Cells =
                [
                    .. trials.Select(
                        (t, i) => new Cell("study", "even", $"setting {i / SeedsOfSetting}", i % SeedsOfSetting, t.Id)
                    ),
                ],
            },
            Spec = Spec with
            {
                Run = Run with
                {
                    Pruner = null,
                    CrossCheck = 0,
                    Searches = new(
                        ValidationMetric.Accuracy,
                        EpochSelection.Last,
                        new Dictionary<string, SettingSearch> { ["study"] = search }
                    ),
                },
            },
        };
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
        return new("simulated", "f1a9", planned, CellsOf(planned, shared));
    }

    private static Cell[] CellsOf(IReadOnlyList<PlannedTrial> trials, int shared) =>
        [
            .. trials.Select(t => new Cell(
                PlaceOf(t.Id) % 3 == 2 ? "third" : "study",
                PlaceOf(t.Id) % 2 == 0 ? "even" : "odd",
                "",
                PlaceOf(t.Id),
                t.Id
            )),
            .. trials.Take(shared).Select(t => new Cell("study", "both", "", PlaceOf(t.Id), t.Id)),
        ];

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
