using Rouser.Sweeps;
using Rouser.Sweeps.Sequential;
using Rouser.Testing;

namespace Rouser.Coordination.Tests;

/// <summary>Seeds as a budget: which trials are given out, and when no more are.</summary>
public class SeedComparisonsTests
{
    private const int Pairs = 12;

    private static readonly RunSettings Run = Settings(from: 3, to: Pairs);

    [Fact]
    public void A_clear_difference_takes_the_first_seeds_alone()
    {
        Coordinator machine = new(PlanOf(Pairs), Run, []);
        Assert.Equal(18, machine.State.Count(TrialState.Deferred));
        List<Event> events = Finish(machine, workers: 1, (arm, seed) => 0.5 + (0.2 * arm) + (0.0001 * (seed % 3) * arm));

        ComparisonSettled settled = Assert.Single(events.OfType<ComparisonSettled>());
        Assert.Equal(("b", 3, SequentialVerdict.Higher), (settled.Arm, settled.Seeds, settled.Verdict));
        Assert.StartsWith("higher after 3 seeds: +20.01 points against a, interval over all looks ", settled.Reason);
        Assert.Empty(events.OfType<TrialsOpened>());
        Assert.Equal((6, 18), (machine.State.Count(TrialState.Completed), machine.State.Count(TrialState.Deferred)));
        Assert.True(machine.State.IsFinished);
        Assert.Equal((0, 6L), (machine.State.Summary.Left, machine.State.Summary.EpochsPlanned));
    }

    [Fact]
    public void Seeds_are_added_while_a_comparison_is_open()
    {
        Coordinator machine = new(PlanOf(Pairs), Run, []);
        List<Event> events = Finish(machine, workers: 1, Uncertain);

        ComparisonSettled settled = Assert.Single(events.OfType<ComparisonSettled>());
        // The first look is at 3 seeds, the next ones at 4, 5, 7, 9 and 12.
        Assert.Equal([2, 2, 4, 4, 6], events.OfType<TrialsOpened>().Select(e => e.Trials.Count));
        Assert.Equal((SequentialVerdict.Undecided, Pairs), (settled.Verdict, settled.Seeds));
        Assert.Equal(2 * Pairs, machine.State.Count(TrialState.Completed));
    }

    [Fact]
    public void Equal_arms_stop_where_the_seeds_that_are_left_would_not_decide()
    {
        Coordinator machine = new(PlanOf(Pairs), Run, []);
        Finish(machine, workers: 2, (_, seed) => 0.5 + (0.01 * seed));
        ComparisonSettled settled = Assert.Single(machine.State.Settled);
        Assert.Equal((SequentialVerdict.Futile, 7), (settled.Verdict, settled.Seeds));
    }

    /// <summary>What is decided depends on results, not on who was first.</summary>
    [Fact]
    public void Any_number_of_workers_and_any_order_of_endings_train_the_same_seeds()
    {
        for (long study = 0; study < 30; study++)
        {
            RandomStream noise = new(study, "noise");
            double[] values = [.. Enumerable.Range(0, 2 * Pairs).Select(_ => noise.NextGaussian())];
            double effect = 0.02 * (study % 4);
            string[] ends =
            [
                .. new[] { 1, 2, 5 }.Select(workers =>
                {
                    Coordinator machine = new(PlanOf(Pairs), Run, []);
                    List<Event> events = Finish(
                        machine,
                        workers,
                        (arm, seed) => 0.5 + (effect * arm) + (0.02 * values[(2 * seed) + arm]),
                        order: new RandomStream(study, $"order/{workers}")
                    );
                    AssertReplays(machine, events);
                    return Describe(machine.State);
                }),
            ];
            Assert.Equal(ends[0], ends[1]);
            Assert.Equal(ends[0], ends[2]);
        }
    }

    [Fact]
    public void A_seed_without_a_result_keeps_its_comparison_open_until_it_is_retried()
    {
        RunSettings noRetries = Run with { FailedRetries = 0 };
        Coordinator machine = new(PlanOf(Pairs), noRetries, []);
        List<Event> events = Finish(
            machine,
            workers: 1,
            (arm, seed) => (arm, seed) == (1, 2) ? double.NaN : 0.5 + (0.2 * arm) + (0.0001 * seed * arm)
        );
        Assert.Empty(events.OfType<ComparisonSettled>());
        Assert.True(machine.State.IsFinished);
        Assert.Equal((1, 18), (machine.State.Count(TrialState.Failed), machine.State.Count(TrialState.Deferred)));

        events.AddRange(machine.Step(new RetryRequested(Samples.Start, TrialState.Failed)).Events);
        events.AddRange(Finish(machine, workers: 1, (arm, seed) => 0.5 + (0.2 * arm) + (0.0001 * seed * arm)));
        Assert.Equal(SequentialVerdict.Higher, Assert.Single(events.OfType<ComparisonSettled>()).Verdict);
        AssertReplays(machine, events);
    }

    /// <summary>Seeds of a list become a budget, a budget becomes larger, and a list again: results stay.</summary>
    [Fact]
    public void A_run_grows_into_a_budget_and_out_of_it()
    {
        RunSettings list = Run with { Budgets = null };
        Plan five = PlanOf(5);
        Coordinator fixedSeeds = new(five, list, []);
        List<Event> journal = Finish(fixedSeeds, workers: 1, Uncertain);

        Plan twelve = Grown(five, Pairs);
        Coordinator budget = new(twelve, Run, journal);
        // Seeds 3 and 4 are there already, though the budget would not have asked for them yet.
        Assert.Equal((10, 14), (budget.State.Count(TrialState.Completed), budget.State.Count(TrialState.Deferred)));
        List<Event> more = Finish(budget, workers: 2, Uncertain);
        Assert.Single(more.OfType<PlanReplaced>());
        Assert.Equal([4, 4, 6], more.OfType<TrialsOpened>().Select(e => e.Trials.Count));
        journal.AddRange(more);
        AssertReplays(new Coordinator(twelve, Run, journal), journal, twelve);

        Plan twenty = Grown(twelve, 20);
        Coordinator larger = new(twenty, Settings(from: 3, to: 20), journal);
        more = Finish(larger, workers: 2, Uncertain);
        Assert.True(Assert.Single(larger.State.Settled).Seeds > Pairs);
        journal.AddRange(more);

        Coordinator all = new(Grown(twenty, 20), list, journal);
        Finish(all, workers: 1, Uncertain);
        Assert.Equal((40, 0), (all.State.Count(TrialState.Completed), all.State.Count(TrialState.Deferred)));
    }

    [Fact]
    public void Another_metric_judges_anew()
    {
        Coordinator machine = new(PlanOf(Pairs), Run, []);
        List<Event> journal = Finish(machine, workers: 1, (arm, seed) => 0.5 + (0.2 * arm) + (0.0001 * (seed % 3) * arm));
        Assert.Equal(SequentialVerdict.Higher, Assert.Single(machine.State.Settled).Verdict);

        // The training accuracy of the samples is the same in both arms.
        RunSettings other = Run with
        {
            Budgets = Run.Budgets! with { Metric = new("train_accuracy", Maximize: true, EpochSelection.Last) },
        };
        Coordinator again = new(PlanOf(Pairs), other, journal);
        Assert.Equal(2, Assert.Single(again.Step(new Tick(Samples.Start)).Events.OfType<TrialsOpened>()).Trials.Count);
        Finish(again, workers: 1, (_, _) => 0.5);
        Assert.Equal(SequentialVerdict.Futile, Assert.Single(again.State.Settled).Verdict);
    }

    [Fact]
    public void An_arm_that_is_cancelled_takes_no_more_seeds_of_the_baseline()
    {
        Coordinator machine = new(PlanOf(Pairs), Run, []);
        machine.Step(new CancelRequested(Samples.Start, TrialSelection.OfArm(PlanOf(Pairs), "b").Value));
        List<Event> events = Finish(machine, workers: 1, Uncertain);
        Assert.Empty(events.OfType<TrialsOpened>());
        Assert.Equal((3, Pairs), (machine.State.Count(TrialState.Completed), machine.State.Count(TrialState.Cancelled)));
        Assert.True(machine.State.IsFinished);
    }

    [Fact]
    public void A_deferred_trial_can_be_cancelled()
    {
        Coordinator machine = new(PlanOf(Pairs), Run, []);
        machine.Step(new CancelRequested(Samples.Start, [.. machine.State.Trials.Select(t => t.Planned.Id)]));
        Assert.Equal(2 * Pairs, machine.State.Count(TrialState.Cancelled));
    }

    /// <summary>A retry of what was cancelled once trained seeds that no comparison needed.</summary>
    [Fact]
    public void What_was_cancelled_while_deferred_is_deferred_again_by_a_retry()
    {
        Coordinator machine = new(PlanOf(Pairs), Run, []);
        List<Event> events =
        [
            .. machine.Step(new CancelRequested(Samples.Start, [.. machine.State.Trials.Select(t => t.Planned.Id)])).Events,
        ];
        events.AddRange(machine.Step(new RetryRequested(Samples.Start, TrialState.Cancelled)).Events);
        Assert.Equal((6, 18), (machine.State.Count(TrialState.Queued), machine.State.Count(TrialState.Deferred)));
        Assert.Equal(6, machine.State.Summary.EpochsPlanned);
        events.AddRange(Finish(machine, workers: 1, Uncertain));
        Assert.Equal(2 * Pairs, machine.State.Count(TrialState.Completed));
        AssertReplays(machine, events);
    }

    /// <summary>
    /// A note once had a run that had grown train what its seeds defer: the snapshot of an untouched trial says "queued".
    /// </summary>
    [Fact]
    public void A_note_on_an_untouched_trial_does_not_decide_whether_a_grown_plan_trains_it()
    {
        Coordinator before = new(PlanOf(Pairs), Samples.Run, []);
        before.CollectChanges();
        TrialId last = Samples.Id((2 * Pairs) - 1);
        before.Step(new AnnotateRequested(Samples.Start, [last], new AnnotationChange("look at this", ["odd"], [])));
        Assert.Equal(TrialState.Queued, before.State.Find(last)!.State);
        SnapshotDelta kept = before.CollectChanges();
        Coordinator after = new(Grown(PlanOf(Pairs), Pairs), Run, new SweepSnapshot(1, kept.Summary, kept.Trials), []);
        Assert.Equal((6, 18), (after.State.Count(TrialState.Queued), after.State.Count(TrialState.Deferred)));
        Assert.Equal("look at this", after.State.Find(last)!.Annotation.Note);
        Assert.Equal(["odd"], after.State.Find(last)!.Annotation.Tags);
    }

    // The difference is a little less than its spread: twelve seeds do not decide, and are never futile before.
    private static double Uncertain(int arm, int seed) => 0.5 + (arm * (seed % 2 == 0 ? 0.09 : -0.02));

    private static RunSettings Settings(int from, int to) =>
        Samples.Run with
        {
            Budgets = new SeedBudgets(
                new MetricSettings("test_accuracy", Maximize: true, EpochSelection.Last),
                "a",
                new Dictionary<string, SeedBudget> { ["study"] = new(from, to, IsForSweep: false) }
            ),
        };

    /// <summary>Two arms, a and b; trials of one seed stand side by side.</summary>
    private static Plan PlanOf(int pairs)
    {
        PlannedTrial[] trials =
        [
            .. Enumerable.Range(0, 2 * pairs).Select(i => Samples.Trial(Samples.Id(i), epochs: 1, seed: i / 2)),
        ];
        return new(
            "sample",
            $"f{pairs}",
            trials,
            [.. trials.Select((t, i) => new Cell("study", i % 2 == 0 ? "a" : "b", "", t.Seed, t.Id))]
        );
    }

    private static Plan Grown(Plan from, int pairs) =>
        PlanOf(pairs) with
        {
            Fingerprint = $"f{pairs}/{from.Revision}",
            History = new PlanHistory(from.Origin, from.Revision + 1, []),
        };

    /// <summary>Trains all that is given out.</summary>
    /// <param name="measure">The test accuracy of an arm, 0 or 1, with a seed; NaN for a training that fails.</param>
    /// <param name="order">Which of those in work ends next; null for the first one.</param>
    private static List<Event> Finish(
        Coordinator machine,
        int workers,
        Func<int, int, double> measure,
        RandomStream? order = null
    )
    {
        HandedOut handed = new(machine);
        List<(WorkerId Worker, WorkerCommand.Assign Assignment)> work = handed.Work;
        WorkerId[] all = [.. Enumerable.Range(0, workers).Select(i => new WorkerId($"w{i}"))];
        foreach (WorkerId worker in all)
            handed.Step(worker, new WorkerJoined(2));
        while (true)
        {
            foreach (WorkerId worker in all)
                handed.Step(worker, new WorkRequested(2 - work.Count(w => w.Worker == worker)));
            if (work.Count == 0)
                return handed.Events;
            int next = order?.NextInt(work.Count) ?? 0;
            (WorkerId by, WorkerCommand.Assign assignment) = work[next];
            work.RemoveAt(next);
            int place = machine.State.Find(assignment.Lease.Trial)!.PlanIndex;
            double accuracy = measure(place % 2, place / 2);
            if (double.IsNaN(accuracy))
            {
                handed.Step(by, new TrialErrored(assignment.Lease, "it failed", false));
                continue;
            }
            handed.Step(by, new EpochReported(assignment.Lease, Samples.Epoch(place, 1) with { TestAccuracy = accuracy }));
            handed.Step(by, new TrialFinished(assignment.Lease, Samples.Distances(place, 1)));
        }
    }

    private static void AssertReplays(Coordinator machine, List<Event> events, Plan? plan = null)
    {
        Coordinator replayed = new(plan ?? PlanOf(Pairs), Run, events);
        Assert.Equal(Describe(machine.State), Describe(replayed.State));
        // Nothing is decided a second time.
        Assert.Empty(replayed.Step(new Tick(Samples.Start)).Events);
    }

    private static string Describe(CoordinatorState state) =>
        string.Join(' ', state.Trials.Select(t => t.State))
        + string.Join(' ', state.Settled.Select(s => (s.Arm, s.Seeds, s.Reason)));
}
