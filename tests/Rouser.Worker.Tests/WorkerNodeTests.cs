using Microsoft.Extensions.Time.Testing;
using Rouser.Coordination;
using Rouser.Core;
using Rouser.Data;
using Rouser.Snn;
using Rouser.Sweeps;
using Rouser.Testing.Worker;

namespace Rouser.Worker.Tests;

/// <summary>What a worker says to its coordinator, and does at its word.</summary>
public sealed class WorkerNodeTests : IDisposable
{
    private static readonly WorkerId Name = new("w");

    private readonly RecordingLink _link = new();
    private readonly FakeTimeProvider _clock = new();
    private readonly Gate _gate = new();
    private readonly MemoryCheckpoints _checkpoints = new();
    private readonly List<Exception> _faults = [];
    private readonly List<WorkerNode> _nodes = [];
    private int _engines;

    public void Dispose()
    {
        // The gate first: a worker waits for its attempts.
        _gate.Dispose();
        foreach (WorkerNode node in _nodes)
            node.Dispose();
    }

    [Fact]
    public void A_worker_joins_and_asks_for_as_many_trials_as_it_has_slots()
    {
        Started(slots: 2);
        Assert.Equal(new WorkerJoined(2), _link.Messages[0]);
        Assert.Equal(new WorkRequested(2), _link.Messages[^1]);
    }

    [Fact]
    public void Heartbeats_come_three_times_a_lease_and_name_what_is_in_work()
    {
        WorkerNode node = Started(slots: 2);
        node.Handle(TinyTrials.Assign(Lease(0), TinyTrials.Trial()) with { LeaseLength = TimeSpan.FromSeconds(6) });
        _gate.AwaitArrival();
        _link.Clear();

        _clock.Advance(TimeSpan.FromSeconds(2) - TimeSpan.FromTicks(1));
        Assert.Empty(_link.Messages);
        _clock.Advance(TimeSpan.FromTicks(1));
        Assert.Equal([Lease(0)], Assert.Single(_link.Messages.OfType<Heartbeat>()).Leases);
        _clock.Advance(TimeSpan.FromSeconds(4));
        Assert.Equal(3, _link.Messages.OfType<Heartbeat>().Count());
    }

    [Fact]
    public void How_a_trial_ended_is_told_with_every_heartbeat_until_it_is_acknowledged()
    {
        WorkerNode node = Started(slots: 1);
        _gate.Open();
        node.Handle(TinyTrials.Assign(Lease(0), TinyTrials.Trial()));
        TrialFinished ending = _link.Await<TrialFinished>();
        _link.Await<WorkRequested>(after: ending);
        _link.Clear();

        _clock.Advance(TimeSpan.FromSeconds(10));
        Assert.Equal([ending], _link.Messages.OfType<TrialFinished>());
        node.Handle(TinyTrials.Assign(Lease(0), TinyTrials.Trial()));
        Assert.Equal([ending, ending], _link.Messages.OfType<TrialFinished>());
        Assert.False(node.IsIdle);

        node.Handle(new WorkerCommand.Acknowledge(Lease(0)));
        Assert.True(node.IsIdle);
        _link.Clear();
        _clock.Advance(TimeSpan.FromSeconds(10));
        Assert.Empty(_link.Messages.OfType<TrialFinished>());
        Assert.Equal(1, _engines);
    }

    [Fact]
    public void A_revoked_lease_needs_no_acknowledgement()
    {
        WorkerNode node = Started(slots: 1);
        _gate.Open();
        node.Handle(TinyTrials.Assign(Lease(0), TinyTrials.Trial()));
        _link.Await<TrialFinished>();
        node.Handle(new WorkerCommand.Revoke(Lease(0), "test"));
        Assert.True(node.IsIdle);
    }

    [Fact]
    public void A_coordinator_that_does_not_know_the_worker_is_told_everything_again()
    {
        WorkerNode node = Started(slots: 2);
        node.Handle(TinyTrials.Assign(Lease(0), TinyTrials.Trial()));
        _gate.AwaitArrival();
        _gate.Open();
        TrialFinished ending = _link.Await<TrialFinished>();
        _link.Await<WorkRequested>(m => m.FreeSlots == 2, after: ending);
        _link.Clear();
        node.Handle(new WorkerCommand.Join());
        Assert.Equal(
            [typeof(WorkerJoined), typeof(Heartbeat), typeof(TrialFinished), typeof(WorkRequested)],
            _link.Messages.Select(m => m.GetType())
        );
        Assert.Contains(ending, _link.Messages);
    }

    /// <summary>
    /// Guards against a worker that is idle for ever: an order to drain, of a coordinator that is no more, came after
    /// it had joined the next one.
    /// </summary>
    [Fact]
    public void A_drained_worker_asks_again_with_every_heartbeat_and_takes_what_it_is_given()
    {
        WorkerNode node = Started(slots: 1);
        node.Handle(new WorkerCommand.Drain());
        _link.Clear();
        _clock.Advance(TimeSpan.FromSeconds(10));
        Assert.Contains(_link.Messages, m => m is WorkRequested { FreeSlots: 1 });
        node.Handle(TinyTrials.Assign(Lease(0), TinyTrials.Trial()));
        _gate.AwaitArrival();
        _gate.Open();
        Assert.Equal(Lease(0), _link.Await<TrialFinished>().Lease);
    }

    [Fact]
    public void A_worker_that_leaves_asks_for_nothing_even_if_it_is_asked_to_join()
    {
        WorkerNode node = Started(slots: 1);
        node.Leave();
        _link.Clear();
        node.Handle(new WorkerCommand.Join());
        Assert.DoesNotContain(_link.Messages, m => m is WorkRequested);
    }

    [Fact]
    public void Data_that_cannot_be_had_here_is_told_of_and_fails_nothing()
    {
        WorkerNode node = Started(slots: 1, load: (_, _) => (Dataset?)null);
        node.Handle(TinyTrials.Assign(Lease(0), TinyTrials.Trial()));
        Assert.Equal(new DataMissing(Lease(0), TinyTrials.Data.Digest), _link.Await<DataMissing>());
        Assert.Equal(0, _engines);
    }

    [Fact]
    public void A_heartbeat_asks_again_for_work_that_was_not_given()
    {
        WorkerNode node = Started(slots: 2);
        node.Handle(TinyTrials.Assign(Lease(0), TinyTrials.Trial()));
        _gate.AwaitArrival();
        _link.Clear();
        _clock.Advance(TimeSpan.FromSeconds(10));
        Assert.Equal(1, Assert.Single(_link.Messages.OfType<WorkRequested>()).FreeSlots);
    }

    [Fact]
    public void A_trial_is_told_of_epoch_by_epoch_and_at_its_end_the_slot_is_free_again()
    {
        WorkerNode node = Started(slots: 1);
        _link.Clear();
        _gate.Open();
        node.Handle(TinyTrials.Assign(Lease(0), TinyTrials.Trial(epochs: 3)));
        _link.Await<WorkRequested>();

        Assert.Equal(
            [typeof(EpochReported), typeof(EpochReported), typeof(EpochReported), typeof(TrialFinished), typeof(WorkRequested)],
            _link.Messages.Select(m => m.GetType())
        );
        Assert.Equal([1, 2, 3], _link.Messages.OfType<EpochReported>().Select(m => m.Metrics.Epoch));
        Assert.Equal(3, _link.Await<TrialFinished>().WeightDistancesFinal.Count);
    }

    [Fact]
    public void The_same_lease_twice_is_one_attempt()
    {
        WorkerNode node = Started(slots: 2);
        node.Handle(TinyTrials.Assign(Lease(0), TinyTrials.Trial()));
        _gate.AwaitArrival();
        node.Handle(TinyTrials.Assign(Lease(0), TinyTrials.Trial()));
        _link.Clear();
        _gate.Open();
        _link.Await<WorkRequested>(m => m.FreeSlots == 2);

        Assert.Single(_link.Messages.OfType<TrialFinished>());
        Assert.Equal(1, _engines);
    }

    [Fact]
    public void Of_a_revoked_attempt_nothing_more_is_said()
    {
        WorkerNode node = Started(slots: 1);
        node.Handle(TinyTrials.Assign(Lease(0), TinyTrials.Trial(epochs: 1)));
        // At the last batch of the test: what follows at once is the report of the epoch.
        _gate.AwaitArrival();
        for (int batch = 1; batch < 5; batch++)
            _gate.LetOne();
        _link.Clear();
        node.Handle(new WorkerCommand.Revoke(Lease(0), "test"));
        _gate.Open();
        _link.Await<WorkRequested>(m => m.FreeSlots == 1);

        Assert.DoesNotContain(_link.Messages, m => m is EpochReported or TrialFinished or TrialErrored or TrialHandedBack);
    }

    [Fact]
    public void A_revoked_attempt_stops_after_the_batch_in_work()
    {
        WorkerNode node = Started(slots: 1);
        node.Handle(TinyTrials.Assign(Lease(0), TinyTrials.Trial(epochs: 1000)));
        _gate.AwaitArrival();
        _link.Clear();
        node.Handle(new WorkerCommand.Revoke(Lease(0), "test"));
        _gate.Open();
        _link.Await<WorkRequested>(m => m.FreeSlots == 1);
        Assert.Empty(_checkpoints.Trials);
    }

    [Fact]
    public void Draining_hands_trials_back_after_the_batch_in_work_and_takes_no_more()
    {
        WorkerNode node = Started(slots: 2);
        node.Handle(TinyTrials.Assign(Lease(0), TinyTrials.Trial(epochs: 1000)));
        _gate.AwaitArrival();
        _link.Clear();
        node.Leave();
        Assert.Empty(_link.Messages);
        _gate.Open();
        Assert.Equal(Lease(0), _link.Await<TrialHandedBack>().Lease);

        node.Handle(TinyTrials.Assign(Lease(1), TinyTrials.Trial(seed: 1)));
        _link.Await<TrialHandedBack>(m => m.Lease == Lease(1));
        _clock.Advance(TimeSpan.FromSeconds(10));
        Assert.DoesNotContain(_link.Messages, m => m is WorkRequested);
        Assert.Equal(1, _engines);
    }

    [Fact]
    public void Disposing_waits_until_what_was_in_work_is_handed_back_and_stops_the_heartbeats()
    {
        WorkerNode node = Started(slots: 2);
        node.Handle(TinyTrials.Assign(Lease(0), TinyTrials.Trial(epochs: 1000)));
        node.Handle(TinyTrials.Assign(Lease(1), TinyTrials.Trial(seed: 1, epochs: 1000)));
        _gate.AwaitArrival();
        _gate.AwaitArrival();
        _gate.Open();
        node.Dispose();

        Assert.Equal([Lease(0), Lease(1)], _link.Messages.OfType<TrialHandedBack>().Select(m => m.Lease).OrderBy(l => l.Trial));
        Assert.Empty(node.Progress);
        _link.Clear();
        _clock.Advance(TimeSpan.FromMinutes(10));
        Assert.Empty(_link.Messages);
    }

    [Fact]
    public void A_disk_that_fails_hands_every_trial_back_and_drains_the_worker()
    {
        var full = new IOException("no space left");
        _checkpoints.BeforeWrite = (trial, _) =>
        {
            if (trial == Lease(0).Trial)
                throw full;
        };
        WorkerNode node = Started(slots: 2);
        node.Handle(TinyTrials.Assign(Lease(1), TinyTrials.Trial(seed: 1, epochs: 1000)));
        _gate.AwaitArrival();
        node.Handle(TinyTrials.Assign(Lease(0), TinyTrials.Trial(epochs: 1000)));
        _gate.AwaitArrival();
        _gate.Open();

        Assert.Equal("no space left", _link.Await<TrialHandedBack>(m => m.Lease == Lease(0)).Reason);
        _link.Await<TrialHandedBack>(m => m.Lease == Lease(1));
        Assert.DoesNotContain(_link.Messages, m => m is TrialErrored);
        Assert.Equal([full], Faults());
        node.Handle(TinyTrials.Assign(Lease(2), TinyTrials.Trial(seed: 2)));
        _link.Await<TrialHandedBack>(m => m.Lease == Lease(2));
    }

    [Fact]
    public void A_defect_in_one_trial_is_reported_with_it_and_leaves_the_others_alone()
    {
        var defect = new InvalidOperationException("out of bounds");
        WorkerNode node = Started(slots: 2, settings => settings.Seed == 0 ? throw defect : Gated(settings));
        _gate.Open();
        node.Handle(TinyTrials.Assign(Lease(0), TinyTrials.Trial()));
        node.Handle(TinyTrials.Assign(Lease(1), TinyTrials.Trial(seed: 1)));

        Assert.Equal("internal error: out of bounds", _link.Await<TrialErrored>().Reason);
        Assert.Equal(Lease(1), _link.Await<TrialFinished>().Lease);
        Assert.Equal([defect], Faults());
    }

    [Fact]
    public void Numbers_that_are_not_finite_fail_the_trial_and_are_no_fault_of_the_worker()
    {
        WorkerNode node = Started(
            slots: 1,
            settings => new ScriptedEngine(settings) { BeforeBatch = (_, _) => throw new NumericalFailureException("a weight") }
        );
        node.Handle(TinyTrials.Assign(Lease(0), TinyTrials.Trial()));
        TrialErrored errored = _link.Await<TrialErrored>();
        Assert.StartsWith("epoch 1, ", errored.Reason, StringComparison.Ordinal);
        Assert.True(errored.Repeats, "A trial is what its content makes it, so another attempt is the same.");
        Assert.Empty(Faults());
    }

    [Fact]
    public void Epochs_are_sent_again_from_the_one_that_is_asked_for()
    {
        WorkerNode node = Started(slots: 1);
        node.Handle(TinyTrials.Assign(Lease(0), TinyTrials.Trial(epochs: 4)));
        // Into the fourth epoch: three of five batches each are done.
        _gate.AwaitArrival();
        for (int batch = 0; batch < 15; batch++)
            _gate.LetOne();
        EpochReported[] sent = [.. _link.Messages.OfType<EpochReported>()];
        Assert.Equal(3, sent.Length);
        _link.Clear();
        node.Handle(new WorkerCommand.Resend(Lease(0), FromEpoch: 2));
        Assert.Equal(sent[1..], _link.Messages);
        node.Handle(new WorkerCommand.Resend(Lease(1), FromEpoch: 1));
        Assert.Equal(2, _link.Messages.Count);
    }

    [Fact]
    public void Data_that_changed_since_the_plan_fails_the_trial_with_a_remedy()
    {
        WorkerNode node = Started(slots: 1, load: (_, _) => (Dataset?)(TinyTrials.Data with { Digest = "d2" }));
        node.Handle(TinyTrials.Assign(Lease(0), TinyTrials.Trial()));
        Assert.Contains("restore it", _link.Await<TrialErrored>().Reason, StringComparison.Ordinal);
        Assert.Equal(0, _engines);
    }

    [Fact]
    public void Data_that_cannot_be_read_fails_the_trial_with_the_readers_line()
    {
        WorkerNode node = Started(slots: 1, load: (_, _) => new UserError("data/nmnist", "no such folder"));
        node.Handle(TinyTrials.Assign(Lease(0), TinyTrials.Trial()));
        Assert.Equal("data/nmnist: no such folder", _link.Await<TrialErrored>().Reason);
    }

    [Fact]
    public void A_load_that_draining_cuts_short_hands_the_trial_back()
    {
        using var loading = new ManualResetEventSlim();
        WorkerNode node = Started(
            slots: 1,
            load: (_, stop) =>
            {
                loading.Set();
                stop.WaitHandle.WaitOne();
                throw new OperationCanceledException(stop);
            }
        );
        node.Handle(TinyTrials.Assign(Lease(0), TinyTrials.Trial()));
        loading.Wait();
        node.Leave();
        _link.Await<TrialHandedBack>();
        Assert.Empty(Faults());
    }

    [Fact]
    public void Progress_tells_how_far_each_attempt_is_within_its_epoch()
    {
        WorkerNode node = Started(slots: 1);
        node.Handle(TinyTrials.Assign(Lease(0), TinyTrials.Trial()));
        _gate.AwaitArrival();
        _gate.LetOne();
        _gate.LetOne();
        Assert.Equal(new TrialProgress(1, 6, 7), node.Progress[Lease(0)]);
    }

    private static LeaseKey Lease(long seed) => new(TinyTrials.Trial(seed).Id, 1);

    private WorkerNode Started(
        int slots,
        Func<TrainingSettings, ITrainingEngine>? engines = null,
        Func<PlannedTrial, CancellationToken, Result<Dataset?>>? load = null
    )
    {
        var node = new WorkerNode(
            Name,
            slots,
            new TrialRunner(engines ?? Gated, _checkpoints, _clock),
            load ?? ((_, _) => (Dataset?)TinyTrials.Data),
            _link,
            _clock,
            Fault
        );
        _nodes.Add(node);
        node.Start();
        return node;
    }

    private ScriptedEngine Gated(TrainingSettings settings)
    {
        Interlocked.Increment(ref _engines);
        return new ScriptedEngine(settings) { BeforeBatch = (_, _) => _gate.Pass() };
    }

    private void Fault(Exception error)
    {
        lock (_faults)
            _faults.Add(error);
    }

    private Exception[] Faults()
    {
        lock (_faults)
            return [.. _faults];
    }
}
