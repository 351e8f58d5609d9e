using Rouser.Cluster.InProcess;
using Rouser.Coordination;
using Rouser.Snn;
using Rouser.Sweeps;
using Rouser.Testing.Worker;

namespace Rouser.Cluster.Tests.InProcess;

/// <summary>
/// A whole sweep in this process: the real machine, worker and engine, on a tiny network and a journal in memory.
/// </summary>
public sealed class LocalSweepTests : IDisposable
{
    private const int Trials = 5,
        Epochs = 3;

    /// <summary>Far more than anything here takes: it only keeps a defect from hanging the tests.</summary>
    private static readonly TimeSpan TooLong = TimeSpan.FromMinutes(5);

    private static readonly Plan Planned = TinyTrials.Plan(Trials, Epochs);

    private readonly MemoryJournal _journal = new();
    private readonly MemoryCheckpoints _checkpoints = new();
    private readonly LogLines _log = new();

    public void Dispose() => _journal.Dispose();

    [Fact]
    public async Task Every_trial_ends_with_all_its_epochs_and_leaves_no_checkpoint()
    {
        Assert.Equal(new SweepEnd(true, null), await Run(slots: 2));

        Assert.Equal(Trials, State().Count(TrialState.Completed));
        foreach (PlannedTrial trial in Planned.Trials)
            Assert.Equal(Enumerable.Range(1, Epochs), Recorded(trial).Select(e => e.Metrics.Epoch));
        Assert.Empty(_checkpoints.Trials);
        Assert.Empty(_log.Errors);
    }

    [Fact]
    public async Task Slots_change_no_result()
    {
        await Run(slots: 1);
        string one = Results();
        using var other = new LocalSweepTests();
        await other.Run(slots: 3);
        Assert.Equal(one, other.Results());
    }

    [Fact]
    public async Task A_sweep_that_was_drained_at_any_epoch_goes_on_and_ends_the_same()
    {
        await Run(slots: 2);
        string undisturbed = Results();
        for (int epochs = 1; epochs < Trials * Epochs; epochs += 3)
        {
            using var test = new LocalSweepTests();
            using var drain = new CancellationTokenSource();
            int recorded = 0,
                drainAt = epochs;
            SweepEnd stopped = await test.Run(
                slots: 2,
                drain: drain.Token,
                recorded: events =>
                {
                    recorded += events.OfType<EpochRecorded>().Count();
                    if (recorded >= drainAt)
                        drain.Cancel();
                }
            );
            if (!stopped.Finished)
                Assert.Equal(0, test.State().Count(TrialState.Running));
            Assert.Null(stopped.Fault);

            Assert.Equal(new SweepEnd(true, null), await test.Run(slots: 2));
            Assert.Equal(undisturbed, test.Results());
        }
    }

    [Fact]
    public async Task A_sweep_that_died_with_trials_in_work_goes_on_at_no_cost_to_them()
    {
        // What a kill leaves: a journal that says a trial runs, and no process that trains it.
        var machine = new Coordinator(Planned, TinyTrials.Run, []);
        machine.Step(new MessageReceived(default, new WorkerId("local"), new WorkerJoined(2)));
        _journal.Append(machine.Step(new MessageReceived(default, new WorkerId("local"), new WorkRequested(2))).Events);

        Assert.Equal(new SweepEnd(true, null), await Run(slots: 2));
        Assert.Equal(2, _journal.Events.OfType<AttemptReturned>().Count());
        Assert.All(State().Trials, trial => Assert.Equal((0, 0), (trial.LostAttempts, trial.FailedAttempts)));
    }

    [Fact]
    public async Task A_journal_that_fails_ends_the_sweep_with_its_error()
    {
        var full = new IOException("the disk is full");
        _journal.BeforeAppend = number =>
        {
            if (number == 4)
                throw full;
        };
        SweepEnd end = await Run(slots: 2);
        Assert.Equal(new SweepEnd(false, full), end);

        _journal.BeforeAppend = _ => { };
        Assert.True((await Run(slots: 2)).Finished);
        using var undisturbed = new LocalSweepTests();
        await undisturbed.Run(slots: 2);
        Assert.Equal(undisturbed.Results(), Results());
    }

    [Fact]
    public async Task A_checkpoint_that_cannot_be_written_ends_the_sweep_with_its_error_and_fails_no_trial()
    {
        var full = new IOException("the disk is full");
        _checkpoints.BeforeWrite = (_, what) =>
        {
            if (what == "checkpoint 2")
                throw full;
        };
        Assert.Equal(new SweepEnd(false, full), await Run(slots: 2));
        Assert.Equal(0, State().Summary.WithoutResult);
        Assert.Equal(Trials, State().Count(TrialState.Queued) + State().Count(TrialState.Completed));
    }

    [Fact]
    public async Task A_checkpoint_that_cannot_be_deleted_is_told_of_and_ends_nothing()
    {
        var held = new IOException("the folder is in use");
        _checkpoints.BeforeWrite = (_, what) =>
        {
            if (what == "delete")
                throw held;
        };
        Assert.Equal(new SweepEnd(true, null), await Run(slots: 2));
        Assert.Equal(Enumerable.Repeat(held, Trials), _log.Errors);
    }

    // The deletion follows the journal: a process that was killed between the two left the checkpoint behind for ever.
    [Fact]
    public async Task What_is_left_of_a_completed_trials_checkpoint_is_deleted_by_the_next_run()
    {
        _checkpoints.BeforeWrite = (_, what) =>
        {
            if (what == "delete")
                throw new IOException("killed");
        };
        await Run(slots: 2);
        Assert.Equal(Trials, _checkpoints.Trials.Count);

        _checkpoints.BeforeWrite = (_, _) => { };
        Assert.True((await Run(slots: 2)).Finished);
        Assert.Empty(_checkpoints.Trials);
    }

    [Fact]
    public async Task A_trial_that_leaves_the_finite_numbers_fails_and_the_others_end()
    {
        SweepEnd end = await Run(
            slots: 2,
            engines: settings =>
                settings.Seed == 1
                    ? new ScriptedEngine(settings)
                    {
                        BeforeBatch = (_, _) => throw new NumericalFailureException("a weight is not finite"),
                    }
                    : new FusedEngine(settings, threads: 1)
        );

        Assert.Equal(new SweepEnd(true, null), end);
        TrialStatus failed = Assert.Single(State().Trials, t => t.State != TrialState.Completed);
        Assert.Equal((TrialState.Failed, 1L), (failed.State, failed.Planned.Seed));
        Assert.Contains("epoch 1", failed.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_finished_sweep_ends_at_once()
    {
        await Run(slots: 2);
        int events = _journal.Events.Count;
        Assert.Equal(
            new SweepEnd(true, null),
            await Run(slots: 2, engines: _ => throw new InvalidOperationException("Nothing is left to train."))
        );
        Assert.Equal(events, _journal.Events.Count);
    }

    private async Task<SweepEnd> Run(
        int slots,
        Action<IReadOnlyList<Event>>? recorded = null,
        Func<TrainingSettings, ITrainingEngine>? engines = null,
        CancellationToken drain = default
    )
    {
        using var sweep = new LocalSweep(
            Planned,
            TinyTrials.Run,
            _journal,
            _checkpoints,
            engines ?? (settings => new FusedEngine(settings, threads: 1)),
            TinyTrials.Load,
            slots,
            TimeProvider.System,
            recorded ?? (_ => { }),
            _log
        );
        return await sweep.RunAsync(drain).WaitAsync(TooLong, CancellationToken.None);
    }

    private CoordinatorState State() => new Coordinator(Planned, TinyTrials.Run, _journal.Events).State;

    /// <summary>Everything that must not depend on how a sweep was run, by trial and epoch.</summary>
    private string Results() =>
        string.Join(
            '\n',
            Planned.Trials.Select(trial =>
                string.Join(
                    '\n',
                    [
                        .. Recorded(trial).Select(e => Text(trial, e.Metrics)),
                        .. _journal
                            .Events.OfType<TrialCompleted>()
                            .Single(e => e.Trial == trial.Id)
                            .WeightDistancesFinal.Select(d => string.Join(' ', d)),
                    ]
                )
            )
        );

    private IEnumerable<EpochRecorded> Recorded(PlannedTrial trial) =>
        _journal.Events.OfType<EpochRecorded>().Where(e => e.Trial == trial.Id);

    private static string Text(PlannedTrial trial, EpochMetrics m) =>
        $"{trial.Seed} {m.Epoch} {m.TrainLoss:R} {m.TrainAccuracy:R} {m.TestAccuracy:R} {string.Join(' ', m.Layers)}";
}
