using Rouser.Core.Metrics;
using Rouser.Core.Sweeps;

namespace Rouser.Core.Coordination;

/// <summary>
/// The control plane as a pure state machine: an input goes in, events and effects come out. No clock, file, socket or thread inside. Three
/// shells run it: in this process, behind HTTP, and as an Akka.NET cluster singleton; and a simulator for the tests.
/// </summary>
/// <remarks>
/// Work is pulled: a worker with free slots asks, and asks again after a while if it got nothing. A worker that has not joined gets
/// nothing, so workers join whenever they connect. Every input costs O(log n) in the number of trials, times the trials it touches.
/// </remarks>
public sealed class Coordinator
{
    private readonly RunSettings _settings;
    private readonly List<Event> _events = [];
    private readonly List<Effect> _effects = [];
    private DateTimeOffset _now;
    private bool _hasStarted;

    /// <summary>Starts on a plan, in the state that <paramref name="journal"/> leads to (empty for a new sweep).</summary>
    /// <exception cref="InvalidDataException">The journal is damaged or belongs to another plan.</exception>
    public Coordinator(Plan plan, RunSettings settings, IEnumerable<Event> journal)
    {
        _settings = settings;
        State = new CoordinatorState(plan, settings);
        foreach (Event happened in journal)
        {
            State.Apply(happened);
            if (happened.At > _now) _now = happened.At;
        }
    }

    /// <summary>Where everything stands; read-only to all but the machine.</summary>
    public CoordinatorState State { get; }

    /// <summary>Takes one input. The state already includes the events returned; the caller persists them before it performs the effects.</summary>
    public Ready Step(Input input)
    {
        if (input.Now > _now) _now = input.Now;
        if (!_hasStarted) RenewLeases();
        bool wasFinished = State.IsFinished;
        switch (input)
        {
            case Tick: OnTick(); break;
            case WorkerJoined i: OnWorkerJoined(i.Worker, i.Slots); break;
            case WorkerLeft i: OnWorkerLeft(i.Worker, i.Reason); break;
            case WorkRequested i: OnWorkRequested(i.Worker, i.FreeSlots); break;
            case HeartbeatReceived i: OnHeartbeat(i.Worker, i.Leases); break;
            case EpochReported i: OnEpochReported(i.Lease, i.Metrics); break;
            case TrialFinished i: OnTrialFinished(i.Lease, i.WeightDistancesFinal); break;
            case TrialErrored i: OnTrialErrored(i.Lease, i.Reason); break;
            case TrialHandedBack i: OnTrialHandedBack(i.Lease, i.Reason); break;
            case SweepResumed: OnSweepResumed(); break;
            case DrainRequested: OnDrainRequested(); break;
            case RetryRequested i: OnRetryRequested(i.State); break;
            default: throw new ArgumentOutOfRangeException(nameof(input), input, "An input that the machine does not know.");
        }
        if (State.IsFinished && !wasFinished) Perform(new EndSweep());
        return TakeReady();
    }

    // A lease that the journal leaves open may be held by a worker that outlived this machine's predecessor; it gets its full time to be heard of.
    private void RenewLeases()
    {
        _hasStarted = true;
        if (State.Count(TrialState.Running) == 0) return;
        foreach (TrialStatus trial in State.Trials)
        {
            if (trial.State == TrialState.Running) State.Leases.Open(trial.Place, _now);
        }
    }

    private void OnTick()
    {
        while (State.Leases.FirstDue(_now) is int place)
        {
            TrialStatus trial = State.Trials[place];
            Lease lease = State.LeaseOf(trial)!;
            if (lease.ExpiresAt <= _now) Lose(trial, $"{trial.Worker} was silent for {Words.Of(_now - lease.HeardAt)}");
            else Fail(trial, $"took longer than run.timeout ({Words.Of(_settings.Timeout)})");
            Revoke(trial.Worker!.Value, trial.Lease, trial.Reason!);
        }
    }

    private void OnWorkerJoined(WorkerId worker, int slots)
    {
        bool isNew = !State.Slots.ContainsKey(worker);
        State.Slots[worker] = slots;
        if (isNew && State.IsDraining) Perform(new DrainWorker(worker));
    }

    private void OnWorkerLeft(WorkerId worker, string reason)
    {
        State.Slots.Remove(worker);
        foreach (int place in State.HeldBy(worker).ToArray()) Lose(State.Trials[place], reason);
    }

    private void OnWorkRequested(WorkerId worker, int freeSlots)
    {
        if (State.IsFinished) Perform(new EndSweep());
        else if (State.IsDraining) Perform(new DrainWorker(worker));
        else if (State.Slots.TryGetValue(worker, out int slots)) FillSlots(worker, slots, freeSlots);
    }

    private void FillSlots(WorkerId worker, int slots, int freeSlots)
    {
        int open = Math.Clamp(slots - State.HeldBy(worker).Count, 0, Math.Max(0, freeSlots));
        // More free slots than by our count: assignments may not have reached the worker, so those that it is silent on go out again.
        IEnumerable<TrialStatus> unheard = State.HeldBy(worker).Select(place => State.Trials[place]).Where(IsUnheard);
        foreach (TrialStatus trial in unheard.Take(freeSlots - open)) Perform(new AssignTrial(worker, trial.Lease, trial.Place));
        for (; open > 0 && State.Queue.First is int place; open--) Assign(State.Trials[place], worker);
    }

    // A quarter of the lease is time enough for an assignment or its first report to be under way.
    private bool IsUnheard(TrialStatus trial) =>
        State.LeaseOf(trial) is { Confirmed: false } lease && _now - lease.HeardAt >= _settings.Lease / 4;

    private void OnHeartbeat(WorkerId worker, IReadOnlyList<LeaseKey> leases)
    {
        foreach (LeaseKey lease in leases)
        {
            if (HolderOf(lease) is { } trial && trial.Worker == worker) State.Leases.Extend(trial.Place, _now);
            else Revoke(worker, lease, WhyNotHeld(lease));
        }
    }

    private void OnEpochReported(LeaseKey lease, EpochMetrics metrics)
    {
        if (HeardFrom(lease) is not { } trial) return;
        if (metrics.Epoch < 1 || metrics.Epoch > trial.Planned.Settings.Epochs)
        {
            Fail(trial, $"{trial.Worker} reported epoch {metrics.Epoch} of a trial of {trial.Planned.Settings.Epochs}");
            Revoke(trial.Worker!.Value, lease, trial.Reason!);
        }
        else if (metrics.Epoch > trial.EpochsRecorded + 1) AskForMissing(trial);
        else if (metrics.Epoch == trial.EpochsRecorded + 1) Decide(new EpochRecorded(_now, lease.Trial, lease.Attempt, metrics));
        // Else it is recorded already: a repeated message, or a later attempt that trains the epoch again and gets the same values.
    }

    private void OnTrialFinished(LeaseKey lease, IReadOnlyList<IReadOnlyList<double>> weightDistancesFinal)
    {
        if (HeardFrom(lease) is not { } trial) return;
        if (trial.EpochsRecorded < trial.Planned.Settings.Epochs) AskForMissing(trial);
        else End(trial, new TrialCompleted(_now, lease.Trial, lease.Attempt, weightDistancesFinal));
    }

    private void OnTrialErrored(LeaseKey lease, string reason)
    {
        if (HeardFrom(lease) is { } trial) Fail(trial, reason);
    }

    private void OnTrialHandedBack(LeaseKey lease, string reason)
    {
        if (HeardFrom(lease) is { } trial) Return(trial, reason);
    }

    private void OnSweepResumed()
    {
        if (State.IsFinished) Perform(new EndSweep());
        foreach (TrialStatus trial in State.Trials)
        {
            if (trial.State == TrialState.Running) Return(trial, "the run was interrupted");
        }
    }

    private void OnDrainRequested()
    {
        if (State.IsDraining) return;
        State.IsDraining = true;
        foreach (WorkerId worker in State.Slots.Keys.OrderBy(w => w.Value, StringComparer.Ordinal)) Perform(new DrainWorker(worker));
    }

    private void OnRetryRequested(TrialState state)
    {
        if (state is not (TrialState.Failed or TrialState.Lost) || State.Count(state) == 0) return;
        foreach (TrialStatus trial in State.Trials)
        {
            if (trial.State == state) Decide(new TrialRequeued(_now, trial.Planned.Id));
        }
    }

    private void Assign(TrialStatus trial, WorkerId worker)
    {
        Decide(new TrialAssigned(_now, trial.Planned.Id, trial.Attempt + 1, worker));
        State.Leases.Open(trial.Place, _now);
        Perform(new AssignTrial(worker, trial.Lease, trial.Place));
    }

    private void Fail(TrialStatus trial, string reason) =>
        End(trial, new AttemptFailed(_now, trial.Planned.Id, trial.Attempt, reason, Final: trial.Failures >= _settings.FailedRetries));

    private void Lose(TrialStatus trial, string reason) =>
        End(trial, new AttemptLost(_now, trial.Planned.Id, trial.Attempt, reason, Final: trial.Losses >= _settings.LostRetries));

    private void Return(TrialStatus trial, string reason) =>
        End(trial, new AttemptReturned(_now, trial.Planned.Id, trial.Attempt, reason));

    private void End(TrialStatus trial, Event ending)
    {
        State.Leases.Close(trial.Place);
        Decide(ending);
    }

    private void AskForMissing(TrialStatus trial) => Perform(new ResendEpochs(trial.Worker!.Value, trial.Lease, trial.EpochsRecorded + 1));

    // The fence: a message counts only under the lease that is current; any other attempt's sender is told to stop.
    private TrialStatus? HeardFrom(LeaseKey lease)
    {
        if (HolderOf(lease) is { } current)
        {
            State.Leases.Extend(current.Place, _now);
            return current;
        }
        bool isDone = State.Find(lease.Trial) is { State: TrialState.Completed } done && done.Attempt == lease.Attempt;
        if (!isDone && State.Find(lease.Trial)?.WorkerOf(lease.Attempt) is { } sender) Revoke(sender, lease, WhyNotHeld(lease));
        return null;
    }

    private TrialStatus? HolderOf(LeaseKey lease) =>
        State.Find(lease.Trial) is { State: TrialState.Running } trial && trial.Attempt == lease.Attempt ? trial : null;

    private string WhyNotHeld(LeaseKey lease) => State.Find(lease.Trial) switch
    {
        null => "the plan has no such trial",
        { State: TrialState.Running } trial => $"attempt {trial.Attempt} runs on {trial.Worker}",
        { State: TrialState.Completed } => "the trial is completed",
        { } trial => trial.Reason ?? "no such attempt was made",
    };

    private void Revoke(WorkerId worker, LeaseKey lease, string reason) => Perform(new RevokeLease(worker, lease, reason));

    private void Decide(Event decided)
    {
        State.Apply(decided);
        _events.Add(decided);
    }

    private void Perform(Effect effect) => _effects.Add(effect);

    private Ready TakeReady()
    {
        Ready ready = new([.. _events], [.. _effects]);
        _events.Clear();
        _effects.Clear();
        return ready;
    }
}
