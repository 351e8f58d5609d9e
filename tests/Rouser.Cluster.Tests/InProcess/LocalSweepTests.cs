using Rouser.Cluster.InProcess;
using Rouser.Cluster.Serving;
using Rouser.Cluster.Tests.Http;
using Rouser.Coordination;
using Rouser.Results;
using Rouser.Snn;
using Rouser.Storage.Checkpoints;
using Rouser.Storage.Models;
using Rouser.Storage.Predictions;
using Rouser.Sweeps;
using Rouser.Testing.Worker;
using Rouser.Worker;

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
    public async Task Each_completed_trial_leaves_one_model_and_its_predictions_the_same_however_it_was_run()
    {
        using var folder = new TemporaryFolder();
        await Run(slots: 2, models: new ModelFolder(folder["a"]), predictions: new PredictionFolder(folder["said a"]));
        string[] models = Names(folder["a"]);
        Assert.Equal(Planned.Trials.Select(t => t.Id.Value).Order(), models.Select(m => m[..32]));
        using var other = new LocalSweepTests();
        await other.Run(slots: 1, models: new ModelFolder(folder["b"]), predictions: new PredictionFolder(folder["said b"]));
        Assert.Equal(models, Names(folder["b"]));
        string[] said = Names(folder["said a"]);
        Assert.Equal(Planned.Trials.Select(t => t.Id.Value).Order(), said.Select(m => m[..32]));
        Assert.Equal(said, Names(folder["said b"]));
        foreach (PlannedTrial trial in Planned.Trials)
        {
            TrialPredictions read = PredictionFolder.Read(new PredictionFolder(folder["said b"]).FileOf(trial.Id)!).Value;
            double accuracy = Recorded(trial).Last().Metrics.TestAccuracy;
            Assert.Equal(accuracy, (double)read.Correct / read.SampleCount);
        }
    }

    [Fact]
    public async Task A_model_that_a_kill_left_in_its_checkpoint_is_kept_when_the_sweep_is_opened_again()
    {
        using var folder = new TemporaryFolder();
        await Run(slots: 1, models: new ModelFolder(folder["undisturbed"]));
        // As a kill leaves it: the results are on record, one trial's checkpoint is there still.
        using var lost = new LocalSweepTests();
        await lost.Run(slots: 1);
        new TrialRunner(settings => new FusedEngine(settings, threads: 1), lost._checkpoints, TimeProvider.System).Run(
            Planned.Trials[0],
            TinyTrials.Data,
            checkpointEvery: 1,
            KeptModels.Last,
            _ => { },
            _ => { },
            CancellationToken.None
        );
        Assert.NotEmpty(lost._checkpoints.Trials);
        await lost.Run(slots: 1, models: new ModelFolder(folder["again"]));
        string kept = Assert.Single(Names(folder["again"]));
        Assert.Contains(kept, Names(folder["undisturbed"]));
        Assert.Empty(lost._checkpoints.Trials);
    }

    [Fact]
    public void A_checkpoint_that_cannot_be_the_trials_becomes_no_model()
    {
        using var folder = new TemporaryFolder();
        var models = new ModelFolder(folder["models"]);
        PlannedTrial trial = Planned.Trials[0];
        using var engine = new FusedEngine(TrialRunner.SettingsFor(trial, TinyTrials.Data), threads: 1);
        EpochMetrics[] history = [.. Enumerable.Range(1, Epochs).Select(e => TinyTrials.Epoch(e))];
        Checkpoint whole = new(trial.Id, engine.Export(), history);
        LayerState first = whole.State.Layers[0];
        float[] notFinite = [.. first.Weights];
        notFinite[3] = float.NaN;

        Assert.NotNull(models.Keep(trial, whole with { History = history[..^1] }, _ => null));
        Assert.NotNull(models.Keep(trial, whole with { Trial = Planned.Trials[1].Id }, _ => null));
        Assert.NotNull(models.Keep(trial, whole with { State = whole.State with { Layers = [first] } }, _ => null));
        Assert.NotNull(models.Keep(trial, With(first with { Weights = notFinite }), _ => null));
        Assert.NotNull(models.Keep(trial, With(first with { Thresholds = first.Thresholds[1..] }), _ => null));
        Assert.False(Directory.Exists(folder["models"]));
        Assert.Null(models.Keep(trial, whole, _ => null));
        Assert.True(models.Has(trial.Id));

        Checkpoint With(LayerState layer) =>
            whole with
            {
                State = whole.State with { Layers = [layer, .. whole.State.Layers.Skip(1)] },
            };
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
        ModelFolder? models = null,
        PredictionFolder? predictions = null,
        CancellationToken drain = default
    )
    {
        using var sweep = new LocalSweep(
            Planned,
            TinyTrials.Run,
            new SweepResources(_journal, _checkpoints) { Models = models, Predictions = predictions },
            engines ?? (settings => new FusedEngine(settings, threads: 1)),
            TinyTrials.Load,
            slots,
            TimeProvider.System,
            recorded ?? (_ => { }),
            _log
        );
        return await sweep.RunAsync(drain).WaitAsync(TooLong, CancellationToken.None);
    }

    private static string[] Names(string folder) =>
        [.. Directory.GetFiles(folder).Select(file => Path.GetFileName(file)).Order(StringComparer.Ordinal)];

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
