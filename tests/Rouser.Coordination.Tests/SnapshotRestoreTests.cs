using Rouser.Sweeps;
using Rouser.Testing;

namespace Rouser.Coordination.Tests;

/// <summary>
/// A machine that starts from a snapshot and the events after it stands where one stands that replays them all.
/// </summary>
public class SnapshotRestoreTests
{
    private static readonly Plan Plan = Samples.Plan(trials: 12, epochs: 3);
    private static readonly RunSettings Run = Samples.Run with { CrossCheck = 0.5 };

    [Fact]
    public void Snapshots_of_what_was_touched_add_up_to_the_whole_history()
    {
        for (long seed = 0; seed < 100; seed++)
        {
            RandomStream random = new(seed, "snapshots");
            List<Event> events = RandomSweep(random, inputs: 200);
            Dictionary<TrialId, TrialSnapshot> kept = [];
            SweepSnapshot? snapshot = null;
            for (int through = 0; through < events.Count; )
            {
                int next = Math.Min(events.Count, through + 1 + random.NextInt(20));
                Coordinator machine = new(Plan, Run, snapshot, events[through..next]);
                SnapshotDelta changes = machine.CollectChanges();
                foreach (TrialSnapshot trial in changes.Trials)
                    kept[trial.Trial] = trial;
                snapshot = new SweepSnapshot(through = next, changes.Summary, [.. kept.Values]);
                Assert.Equal(
                    Describe(new Coordinator(Plan, Run, events[..next]).State),
                    Describe(new Coordinator(Plan, Run, snapshot, []).State)
                );
            }
        }
    }

    [Fact]
    public void Only_what_was_touched_since_the_last_snapshot_is_in_the_next()
    {
        Coordinator machine = new(Plan, Run, []);
        machine.Step(new MessageReceived(Samples.Start, new("w1"), new WorkerJoined(2)));
        Assert.Empty(machine.CollectChanges().Trials);
        machine.Step(new MessageReceived(Samples.Start, new("w1"), new WorkRequested(2)));
        Assert.Equal([Samples.Id(0), Samples.Id(1)], machine.CollectChanges().Trials.Select(t => t.Trial));
        machine.Step(new MessageReceived(Samples.Start, new("w1"), new EpochReported(Samples.Lease(1, 1), Samples.Epoch(1, 1))));
        TrialSnapshot touched = Assert.Single(machine.CollectChanges().Trials);
        Assert.Equal((Samples.Id(1), TrialState.Running, 1), (touched.Trial, touched.State, touched.EpochsRecorded));
        Assert.Empty(machine.CollectChanges().Trials);
    }

    [Fact]
    public void A_snapshot_of_another_plan_or_that_does_not_add_up_is_refused()
    {
        Coordinator machine = new(Plan, Run, []);
        machine.Step(new MessageReceived(Samples.Start, new("w1"), new WorkerJoined(1)));
        machine.Step(new MessageReceived(Samples.Start, new("w1"), new WorkRequested(1)));
        SnapshotDelta changes = machine.CollectChanges();
        SweepSnapshot missing = new(1, changes.Summary, []),
            other = new(1, changes.Summary, [changes.Trials[0] with { Trial = Samples.Id(20) }]);
        foreach (SweepSnapshot wrong in (SweepSnapshot[])[missing, other])
            Assert.Contains(
                "another plan",
                Assert.Throws<InvalidDataException>(() => new Coordinator(Plan, Run, wrong, [])).Message,
                StringComparison.Ordinal
            );
    }

    [Fact]
    public void A_grown_plan_goes_on_from_the_history_of_the_old_one_whether_replayed_or_restored()
    {
        // Every other trial is dropped, and others come before, between and after those that stay.
        Plan grown = Samples.Plan(trials: 20, epochs: 3);
        PlannedTrial[] trials = [.. grown.Trials.Where((_, place) => place % 2 == 0 || place > 12).Reverse()];
        grown = grown with
        {
            Fingerprint = "f2",
            Trials = trials,
            History = new PlanHistory(
                Plan.Fingerprint,
                1,
                [.. Plan.Trials.Select(t => t.Id).Where((_, place) => place % 2 == 1)]
            ),
        };
        for (long seed = 0; seed < 100; seed++)
        {
            List<Event> events = RandomSweep(new RandomStream(seed, "growth"), inputs: 200);
            Coordinator old = new(Plan, Run, []);
            foreach (Event happened in events)
                old.State.Apply(happened);
            SnapshotDelta whole = old.CollectChanges();
            Coordinator replayed = new(grown, Run, events),
                restored = new(grown, Run, new SweepSnapshot(events.Count, whole.Summary, whole.Trials), []);
            Assert.Equal(Describe(replayed.State), Describe(restored.State));
            foreach (TrialStatus trial in replayed.State.Trials)
                Assert.Equal(old.State.Find(trial.Planned.Id)?.State ?? TrialState.Queued, trial.State);

            PlanReplaced told = Assert.Single(restored.Step(new Tick(events[^1].At)).Events.OfType<PlanReplaced>());
            Assert.Equal((1, trials.Length), (told.Revision, told.Trials));
            Assert.Empty(restored.Step(new Tick(events[^1].At)).Events.OfType<PlanReplaced>());
            SweepSummary sums = restored.CollectChanges().Summary;
            Assert.Equal((1, trials.Length), (sums.Revision, sums.Trials.Values.Sum()));
        }
    }

    [Fact]
    public void What_no_plan_of_the_run_ever_had_is_still_refused()
    {
        List<Event> events = RandomSweep(new RandomStream(0, "growth"), inputs: 200);
        Plan half = Plan with { Trials = [.. Plan.Trials.Skip(1)], History = new PlanHistory(Plan.Fingerprint, 1, []) };
        Assert.Contains(
            "the plan has no such trial",
            Assert.Throws<InvalidDataException>(() => new Coordinator(half, Run, events)).Message,
            StringComparison.Ordinal
        );
    }

    private static List<Event> RandomSweep(RandomStream random, int inputs)
    {
        List<Event> events = [];
        Coordinator machine = new(Plan, Run, []);
        WorkerId[] workers = [new("w1"), new("w2")];
        DateTimeOffset now = Samples.Start;
        for (int i = 0; i < inputs; i++)
        {
            now = now.AddSeconds(random.NextDouble() * 5);
            WorkerId worker = workers[random.NextInt(2)];
            TrialStatus trial = machine.State.Trials[random.NextInt(Plan.Trials.Count)];
            LeaseKey lease = trial.Check is { } check
                ? new(trial.Planned.Id, trial.Attempt + check.Attempts)
                : new(trial.Planned.Id, trial.Attempt);
            WorkerId sender = trial.Check?.Worker ?? trial.Worker ?? worker;
            events.AddRange(
                machine
                    .Step(
                        random.NextInt(16) switch
                        {
                            0 => new MessageReceived(now, worker, new WorkerJoined(3)),
                            1 => new MessageReceived(now, worker, new WorkRequested(3)),
                            2 => new MessageReceived(now, sender, new TrialErrored(lease, "it broke", Repeats: false)),
                            3 => new MessageReceived(now, sender, new TrialHandedBack(lease, "it was handed back")),
                            4 => random.NextInt(2) == 0
                                ? new MessageReceived(now, worker, new WorkerLeft("it left"))
                                : new WorkerGone(now, worker, "it died"),
                            5 => new RetryRequested(now, (TrialState)random.NextInt(7)),
                            6 => new Tick(now),
                            7 => random.NextInt(8) == 0
                                ? new CancelRequested(now, [trial.Planned.Id])
                                : new MessageReceived(now, worker, new WorkerJoined(3)),
                            8 => random.NextInt(8) == 0 ? new PauseRequested(now) : new ContinueRequested(now),
                            9 => new MessageReceived(
                                now,
                                sender,
                                new TrialFinished(lease, Samples.Distances(trial.PlanIndex, 3))
                            ),
                            10 => new AnnotateRequested(
                                now,
                                random.NextInt(4) == 0 ? null : [trial.Planned.Id, Plan.Trials[0].Id],
                                new AnnotationChange(
                                    random.NextInt(2) == 0 ? null : $"note {random.NextInt(3)}",
                                    [$"tag-{random.NextInt(3)}"],
                                    [$"tag-{random.NextInt(3)}"]
                                )
                            ),
                            11 => new PrioritizeRequested(now, "study", random.NextInt(3)),
                            _ => new MessageReceived(
                                now,
                                sender,
                                new EpochReported(lease, Samples.Epoch(trial.PlanIndex, Math.Min(3, trial.EpochsRecorded + 1)))
                            ),
                        }
                    )
                    .Events
            );
        }
        return events;
    }

    private static string Describe(CoordinatorState state) =>
        string.Join(
            '\n',
            state
                .Trials.Select(t =>
                    $"{t.Planned.Id.Short} {t.State} {t.Since:O} attempt {t.Attempt} on {t.Worker} "
                    + $"({string.Join(',', Enumerable.Range(1, t.Attempt).Select(t.WorkerOf))}), "
                    + $"{t.EpochsRecorded} epochs, {t.LastScore}, {t.FailedAttempts} failures, {t.LostAttempts} losses, "
                    + $"{t.Reason}, {t.Check}, {t.Alarm}, {state.Why(t, Samples.Start)}, "
                    + $"{t.Annotation.Note} {AnnotationText.Join(t.Annotation.Tags)}"
                )
                .Append(
                    $"{state.At:O} {state.IsPaused} {state.Annotation.Note} {AnnotationText.Join(state.Annotation.Tags)} "
                        + $"{string.Join(' ', state.Priorities)} {state.Summary.EpochsRecorded} "
                        + $"{string.Join(' ', state.Summary.Trials)} {string.Join(' ', state.HeldBy(new("w1")))}"
                )
        );
}
