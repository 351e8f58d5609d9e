using Rouser.Snn;
using Rouser.Sweeps;
using Rouser.Testing;

namespace Rouser.Coordination.Tests;

/// <summary>The priority of a study, changed while the sweep runs.</summary>
public class PriorityTests
{
    private static readonly WorkerId Worker = new("w1");

    /// <summary>What the planner makes of a file that says so is the oracle.</summary>
    [Fact]
    public void With_changed_priorities_trials_are_handed_out_in_the_order_of_a_plan_of_a_file_that_has_them()
    {
        for (long seed = 0; seed < 40; seed++)
        {
            RandomStream random = new(seed, "priorities");
            int[] before = [.. Draw(random)],
                after = [.. Draw(random)];
            SweepSpec spec = Spec(before);
            Coordinator machine = new(PlanOf(spec), spec.Run, []);
            List<Event> events = [];
            for (int study = 0; study < after.Length; study++)
                events.AddRange(machine.Step(new PrioritizeRequested(Samples.Start, $"s{study}", after[study])).Events);
            Assert.Equal(before.Zip(after).Count(p => p.First != p.Second), events.Count);
            TrialId[] expected = [.. PlanOf(Spec(after)).Trials.Select(t => t.Id)];
            Assert.Equal(expected, HandedOut(machine));
            // A restart, by events or by a snapshot, comes to the same.
            Assert.Equal(expected, HandedOut(new Coordinator(PlanOf(spec), spec.Run, events)));
            SweepSnapshot snapshot = new(events.Count, machine.CollectChanges().Summary with { Trials = Counts(spec) }, []);
            Assert.Equal(expected, HandedOut(new Coordinator(PlanOf(spec), spec.Run, snapshot, [])));
        }

        static IEnumerable<int> Draw(RandomStream random) => Enumerable.Range(0, 3).Select(_ => random.NextInt(3) - 1);
    }

    [Fact]
    public void What_runs_goes_on_and_what_returns_waits_in_the_new_order()
    {
        SweepSpec spec = Spec([0, 0, 0]);
        Plan plan = PlanOf(spec);
        Coordinator machine = new(plan, spec.Run, []);
        machine.Step(new MessageReceived(Samples.Start, Worker, new WorkerJoined(1)));
        TrialAssigned first = Assert.Single(
            machine.Step(new MessageReceived(Samples.Start, Worker, new WorkRequested(1))).Events.OfType<TrialAssigned>()
        );
        Assert.Single(machine.Step(new PrioritizeRequested(Samples.Start, "s2", 5)).Events);
        Assert.Equal(TrialState.Running, machine.State.Find(first.Trial)!.State);
        machine.Step(new MessageReceived(Samples.Start, Worker, new TrialHandedBack(new LeaseKey(first.Trial, 1), "it goes")));
        HashSet<TrialId> raised = [.. plan.Cells.Where(c => c.Study == "s2").Select(c => c.Trial)];
        Assert.Equal(raised, HandedOut(machine).Take(raised.Count).ToHashSet());
        Assert.Equal(0, machine.State.Count(TrialState.Lost));
    }

    [Fact]
    public void A_study_that_the_sweep_lacks_or_the_priority_that_it_has_changes_nothing()
    {
        SweepSpec spec = Spec([3, 0, 0]);
        Coordinator machine = new(PlanOf(spec), spec.Run, []);
        Assert.Empty(machine.Step(new PrioritizeRequested(Samples.Start, "no such study", 5)).Events);
        Assert.Empty(machine.Step(new PrioritizeRequested(Samples.Start, "s0", 3)).Events);
        Assert.Equal([3, 0, 0], machine.State.Priorities.Select(p => p.Priority));
    }

    private static Dictionary<TrialState, int> Counts(SweepSpec spec) =>
        new() { [TrialState.Queued] = PlanOf(spec).Trials.Count };

    private static List<TrialId> HandedOut(Coordinator machine)
    {
        int most = machine.State.Trials.Count;
        machine.Step(new MessageReceived(Samples.Start, Worker, new WorkerJoined(most)));
        return
        [
            .. machine
                .Step(new MessageReceived(Samples.Start, Worker, new WorkRequested(most)))
                .Events.OfType<TrialAssigned>()
                .Select(e => e.Trial),
        ];
    }

    private static Plan PlanOf(SweepSpec spec) => Planner.Create(spec, _ => "d1", _ => FusedEngine.Version).Value;

    // Studies share trials, and have different numbers of seeds.
    private static SweepSpec Spec(int[] priorities) =>
        SpecReader
            .Read(
                "priorities.yaml",
                $$"""
                schema: rouser/sweep/v1
                name: priorities
                base:
                  dataset: {name: saccade-digits, steps: 20}
                  network: {hidden: [8]}
                  epochs: 1
                arms:
                  fixed: {threshold.rule: fixed}
                  learned: {threshold.rule: learned}
                seeds: [0, 1, 2]
                studies:
                  s0: {over: {threshold.init: [0.5, 1]}, priority: {{priorities[0]}}}
                  s1: {over: {threshold.init: [1, 2]}, priority: {{priorities[1]}}, seeds: [2, 0]}
                  s2: {arms: [learned], over: {threshold.init: [3]}, priority: {{priorities[2]}}}
                """,
                []
            )
            .Value;
}
