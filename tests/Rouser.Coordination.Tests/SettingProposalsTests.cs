using System.Globalization;
using Rouser.Snn;
using Rouser.Sweeps;
using Rouser.Testing;
using Xunit.Abstractions;

namespace Rouser.Coordination.Tests;

/// <summary>
/// Searches by results, replayed from a recorded table: 240 settings of a sweep with 5 seeds each, 57 of whose 1,200
/// trainings failed. <c>SearchTable.csv</c> has the validation accuracies, and SearchTable.yaml is the sweep that made them
/// (<c>rouser run</c>, <c>rouser export --format csv</c>).
/// </summary>
public class SettingProposalsTests(ITestOutputHelper output)
{
    private const int Replays = 100,
        Settings = 60,
        Seeds = 5;

    private static readonly Table Recorded = Table.Read();

    /// <summary>
    /// A quarter of the grid's trials comes within one point of its best setting in nine of ten searches, which random
    /// search does not.
    /// </summary>
    [Fact]
    public void A_quarter_of_the_trials_finds_a_setting_within_one_point_of_the_best()
    {
        int found = 0,
            foundAtRandom = 0;
        double regret = 0,
            regretAtRandom = 0;
        for (int seed = 0; seed < Replays; seed++)
        {
            Run run = Run.Of(seed);
            Coordinator machine = new(run.Plan, run.Settings, []);
            Finish(machine, run, [1, 1], new RandomStream(seed, "order"));
            string[] trained = Proposed(machine, run);
            Assert.Equal(Settings, trained.Length);
            Assert.Equal(Settings * Seeds, machine.State.Trials.Count(t => t.HasEnded));
            Assert.Equal(
                trained.Sum(setting => Recorded.Accuracy[setting].Count(a => a is not null)),
                machine.State.Count(TrialState.Completed)
            );
            // A random search is the start of the pool.
            string[] drawn = [.. run.Search.Pool.Take(Settings).Select(c => c.Setting)];
            (double own, double random) = (Recorded.Regret(trained), Recorded.Regret(drawn));
            (found, foundAtRandom) = (found + (own <= 0.01 ? 1 : 0), foundAtRandom + (random <= 0.01 ? 1 : 0));
            (regret, regretAtRandom) = (regret + own, regretAtRandom + random);
        }
        output.WriteLine(
            string.Create(
                CultureInfo.InvariantCulture,
                $"within a point in {found} of {Replays} searches, mean loss {regret:F2} points; random search {foundAtRandom}, {regretAtRandom:F2}"
            )
        );
        Assert.True(found >= 90, $"{found} of {Replays}");
        Assert.True(foundAtRandom < 75, $"random search found {foundAtRandom} of {Replays}, so the table shows nothing");
        Assert.True(regret < regretAtRandom / 3);
    }

    /// <summary>What is proposed depends on the order in which trainings end, and not on who does them.</summary>
    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public void The_same_order_of_endings_gives_the_same_proposals_with_1_2_and_5_workers(long seed)
    {
        Run run = Run.Of(seed);
        string[] proposals =
        [
            .. new int[][] { [5], [3, 2], [1, 1, 1, 1, 1] }.Select(slots =>
            {
                Coordinator machine = new(run.Plan, run.Settings, []);
                List<Event> events = Finish(machine, run, slots, new RandomStream(seed, "order"));
                AssertReplays(run, machine, events);
                return Describe(events);
            }),
        ];
        Assert.Equal(proposals[0], proposals[1]);
        Assert.Equal(proposals[0], proposals[2]);
        Assert.Equal(Settings, proposals[0].Count(c => c == '\n'));
    }

    /// <summary>A process may end after any event that is durable; the next one proposes as this one would have.</summary>
    [Fact]
    public void A_search_that_is_cut_off_after_any_event_proposes_the_same()
    {
        Run run = Run.Of(seed: 3);
        Coordinator undisturbed = new(run.Plan, run.Settings, []);
        List<Event> events = Finish(undisturbed, run, [1]);
        RandomStream random = new(1, "cuts");
        for (int cut = 0; cut < 12; cut++)
        {
            List<Event> journal = events[..random.NextInt(events.Count)];
            Coordinator resumed = new(run.Plan, run.Settings, journal);
            journal.AddRange(resumed.Step(new SweepResumed(Samples.Start)).Events);
            journal.AddRange(Finish(resumed, run, [1]));
            Assert.Equal(Describe(events), Describe(journal));
            AssertReplays(run, resumed, journal);
        }
    }

    /// <summary>Whatever the test set says, the same settings are trained.</summary>
    [Fact]
    public void The_test_set_has_no_part_in_it()
    {
        Run run = Run.Of(seed: 5);
        string[] journals =
        [
            .. new[] { 0.0, 1.0 }.Select(testAccuracy =>
            {
                Coordinator machine = new(run.Plan, run.Settings, []);
                return Describe(Finish(machine, run, [1, 1], testAccuracy: testAccuracy));
            }),
        ];
        Assert.Equal(journals[0], journals[1]);
    }

    [Fact]
    public void A_search_has_only_so_many_settings_in_work()
    {
        Run run = Run.Of(seed: 0);
        Coordinator machine = new(run.Plan, run.Settings, []);
        Assert.Equal(240 * Seeds, machine.State.Count(TrialState.Deferred));
        // Stand-ins for what will be trained.
        Assert.Equal(Settings * Seeds, machine.State.Expected.Count);
        List<Event> first = [.. machine.Step(new Tick(Samples.Start)).Events];
        Assert.Equal(4, first.OfType<SettingProposed>().Count());
        Assert.Equal(4 * Seeds, machine.State.Count(TrialState.Queued));
        Assert.Equal(Settings * Seeds, machine.State.Expected.Count);
        Assert.Equal("drawn at random, 1 of 10", first.OfType<SettingProposed>().First().Reason);
    }

    [Fact]
    public void A_search_that_is_cancelled_proposes_nothing_more_and_goes_on_after_a_retry()
    {
        Run run = Run.Of(seed: 0);
        Coordinator machine = new(run.Plan, run.Settings, []);
        List<Event> events =
        [
            .. machine.Step(new CancelRequested(Samples.Start, [.. machine.State.Trials.Select(t => t.Planned.Id)])).Events,
        ];
        Assert.Equal(4, events.OfType<SettingProposed>().Count());
        Assert.True(machine.State.IsFinished);
        events.AddRange(machine.Step(new RetryRequested(Samples.Start, TrialState.Cancelled)).Events);
        events.AddRange(Finish(machine, run, [1, 1]));
        Assert.Equal(Settings, events.OfType<SettingProposed>().Count());
        AssertReplays(run, machine, events);
    }

    /// <summary>Ten more settings are ten more proposals: what was proposed stays.</summary>
    [Fact]
    public void A_search_grows()
    {
        Run run = Run.Of(seed: 2);
        Coordinator machine = new(run.Plan, run.Settings, []);
        List<Event> journal = Finish(machine, run, [1, 1]);
        Run larger = Run.Of(seed: 2, settings: 70);
        Assert.Null(PlanGrowth.Of(run.Plan, larger.Plan));
        Coordinator grown = new(larger.Plan, larger.Settings, journal);
        List<Event> more = Finish(grown, larger, [1, 1]);
        Assert.Equal(10, more.OfType<SettingProposed>().Count());
        Assert.Equal(70 * Seeds, grown.State.Trials.Count(t => t.HasEnded));
    }

    private static string[] Proposed(Coordinator machine, Run run) =>
        [
            .. run
                .Plan.Cells.Where(c => machine.State.Find(c.Trial)!.State != TrialState.Deferred)
                .Select(c => c.Setting)
                .Distinct(),
        ];

    private static string Describe(IEnumerable<Event> events) =>
        string.Concat(events.OfType<SettingProposed>().Select(e => $"{e.Setting}: {e.Reason}\n"));

    private static void AssertReplays(Run run, Coordinator machine, List<Event> events)
    {
        Coordinator replayed = new(run.Plan, run.Settings, events);
        Assert.Equal(machine.State.Trials.Select(t => t.State), replayed.State.Trials.Select(t => t.State));
        // Nothing is decided a second time.
        Assert.Empty(replayed.Step(new Tick(Samples.Start)).Events);
    }

    /// <summary>Trains all that is given out.</summary>
    /// <param name="slots">Of each worker.</param>
    /// <param name="order">Which of those in work ends next; null for the first in the plan.</param>
    private static List<Event> Finish(
        Coordinator machine,
        Run run,
        int[] slots,
        RandomStream? order = null,
        double testAccuracy = 0.5
    )
    {
        HandedOut handed = new(machine);
        List<(WorkerId Worker, WorkerCommand.Assign Assignment)> work = handed.Work;
        (WorkerId Id, int Slots)[] all = [.. slots.Select((count, i) => (new WorkerId($"w{i}"), count))];
        foreach ((WorkerId worker, int count) in all)
            handed.Step(worker, new WorkerJoined(count));
        while (true)
        {
            foreach ((WorkerId worker, int count) in all)
                handed.Step(worker, new WorkRequested(count - work.Count(w => w.Worker == worker)));
            if (work.Count == 0)
                return handed.Events;
            work.Sort((a, b) => Place(a).CompareTo(Place(b)));
            int next = order?.NextInt(work.Count) ?? 0;
            (WorkerId by, WorkerCommand.Assign assignment) = work[next];
            work.RemoveAt(next);
            if (run.Accuracy[assignment.Lease.Trial] is not { } accuracy)
            {
                handed.Step(by, new TrialErrored(assignment.Lease, "it failed", Repeats: true));
                continue;
            }
            EpochMetrics metrics = Samples.Epoch(0, 1) with
            {
                TestAccuracy = testAccuracy,
                Validation = new ValidationScores(accuracy, 1 - accuracy),
            };
            handed.Step(by, new EpochReported(assignment.Lease, metrics));
            handed.Step(by, new TrialFinished(assignment.Lease, Samples.Distances(0, 1)));
        }

        int Place((WorkerId Worker, WorkerCommand.Assign Assignment) held) =>
            machine.State.Find(held.Assignment.Lease.Trial)!.PlanIndex;
    }

    /// <summary>The sweep of the table, with a search in place of the grid.</summary>
    /// <param name="Accuracy">Of each trial; null where it failed.</param>
    private sealed record Run(Plan Plan, RunSettings Settings, IReadOnlyDictionary<TrialId, double?> Accuracy)
    {
        public Sweeps.Samplers.SettingSearch Search => Settings.Searches!.OfStudy["grid"];

        public static Run Of(long seed, int settings = SettingProposalsTests.Settings)
        {
            // The samples are of a network of 500 neurons, and one epoch has the result.
            string yaml = Table
                .Sweep.Replace(
                    "    over:",
                    $"    mode: tpe\n    sampling: {{count: {settings}, seed: {seed}}}\n    over:",
                    StringComparison.Ordinal
                )
                .Replace("hidden: [24]", "hidden: [500]", StringComparison.Ordinal)
                .Replace("epochs: 3", "epochs: 1", StringComparison.Ordinal);
            SweepSpec spec = SpecReader.Read("search.yaml", yaml, []).Value;
            Plan plan = Planner.Create(spec, _ => "digest", _ => "test/1").Value;
            Dictionary<TrialId, double?> accuracy = plan.Cells.ToDictionary(
                c => c.Trial,
                c => Recorded.Accuracy[c.Setting][(int)c.Seed]
            );
            return new Run(plan, spec.Run, accuracy);
        }
    }

    private sealed class Table
    {
        public static string Sweep { get; } = Read("SearchTable.yaml");

        /// <summary>By setting, of each seed.</summary>
        public required IReadOnlyDictionary<string, double?[]> Accuracy { get; init; }

        /// <summary>How much worse the best of some settings is than the best of all, in the mean over seeds.</summary>
        public double Regret(IReadOnlyCollection<string> settings) =>
            Accuracy.Values.Max(Mean) - settings.Max(s => Mean(Accuracy[s]));

        public static Table Read()
        {
            string[][] lines =
            [
                .. Read("SearchTable.csv").Split('\n').Where(l => l.Length > 0).Select(l => l.TrimEnd().Split(',')),
            ];
            return new Table
            {
                Accuracy = lines[1..]
                    .ToDictionary(
                        line => string.Join(' ', line[..3].Select((value, i) => $"{lines[0][i]}={value}")),
                        line =>
                            line[3..]
                                .Select(v => v.Length == 0 ? (double?)null : double.Parse(v, CultureInfo.InvariantCulture))
                                .ToArray()
                    ),
            };
        }

        private static double Mean(double?[] seeds) => seeds.Average() ?? double.NegativeInfinity;

        private static string Read(string name)
        {
            using Stream stream = typeof(Table).Assembly.GetManifestResourceStream(name)!;
            using StreamReader reader = new(stream);
            return reader.ReadToEnd();
        }
    }
}
