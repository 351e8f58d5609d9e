namespace Rouser.Coordination;

/// <summary>
/// A worker as a pure state machine: commands, heartbeats and the progress of its attempts go in; messages to the
/// coordinator and actions for its shell come out. No clock, thread or socket inside. A worker has so many slots, each
/// of which trains one trial at a time. It asks for work when a slot is free, keeps its leases alive, tells of every
/// epoch, and of how each attempt ended until that is acknowledged.
/// </summary>
public sealed class WorkerMachine
{
    /// <summary>How long a worker waits at most before it asks again for work that it did not get.</summary>
    public static readonly TimeSpan LongestInterval = TimeSpan.FromSeconds(10);

    private static readonly TimeSpan ShortestInterval = TimeSpan.FromMilliseconds(50);

    private readonly int _slots;

    // In the order of assignment, which is the order in which they get slots.
    private readonly List<WorkerAttempt> _attempts = [];
    private readonly List<WorkerMessage> _messages = [];
    private readonly List<WorkerAction> _actions = [];
    private TimeSpan _interval;
    private bool _isDraining;

    /// <summary>A worker that has not started.</summary>
    /// <param name="slots">Trials at a time.</param>
    public WorkerMachine(int slots) => _slots = slots;

    /// <summary>The attempts in work, and those whose end is not acknowledged.</summary>
    public IReadOnlyList<WorkerAttempt> Attempts => _attempts;

    /// <summary>Whether it hands back what it holds and takes no more, for good.</summary>
    public bool IsLeaving { get; private set; }

    /// <summary>Takes one input.</summary>
    public WorkerReady Step(WorkerInput input)
    {
        // csharpier-ignore
        switch (input)
        {
            case WorkerStarted: OnStarted(); break;
            case CommandReceived i: OnCommand(i.Command); break;
            case HeartbeatDue: Beat(); break;
            case EpochTrained i: OnEpochTrained(i); break;
            case AttemptStopped i: OnAttemptStopped(i.Ending, i.CanGoOn); break;
            case LeaveRequested: Leave(); break;
            default: throw new ArgumentOutOfRangeException(nameof(input), input, "An input that the worker does not know.");
        }
        WorkerReady ready = new([.. _messages], [.. _actions]);
        _messages.Clear();
        _actions.Clear();
        return ready;
    }

    private void OnCommand(WorkerCommand command)
    {
        // csharpier-ignore
        switch (command)
        {
            case WorkerCommand.Assign c: OnAssigned(c); break;
            case WorkerCommand.Revoke c: OnRevoked(c.Lease); break;
            case WorkerCommand.Resend c: OnResend(c.Lease, c.FromEpoch); break;
            case WorkerCommand.Acknowledge c: _attempts.RemoveAll(a => a.Lease == c.Lease && a.Ending is not null); break;
            case WorkerCommand.Drain: Drain("stopped"); break;
            case WorkerCommand.Join: Join(); break;
            case WorkerCommand.End: break; // Whoever runs the worker ends it.
            default: throw new ArgumentOutOfRangeException(nameof(command), command, "A command that the worker does not know.");
        }
    }

    private void OnStarted()
    {
        SetInterval(LongestInterval);
        Join();
    }

    private void Join()
    {
        _isDraining = IsLeaving;
        _messages.Add(new WorkerJoined(_slots));
        Beat();
    }

    private void OnAssigned(WorkerCommand.Assign assignment)
    {
        if (Find(assignment.Lease) is { } known)
        {
            if (known.Ending is { } ending)
                _messages.Add(ending);
            return;
        }
        // Whoever gives work to an idle worker does not drain: the command to drain was an old one, of a coordinator
        // that is no more, and came late.
        if (_attempts.Count == 0 && !IsLeaving)
            _isDraining = false;
        if (_isDraining)
        {
            _messages.Add(new TrialHandedBack(assignment.Lease, "the worker is draining"));
            return;
        }
        _attempts.Add(new WorkerAttempt(assignment));
        SetInterval(assignment.LeaseLength / 3);
        FillSlots();
    }

    private void OnRevoked(LeaseKey lease)
    {
        if (Find(lease) is not { } attempt)
            return;
        attempt.IsRevoked = true;
        if (attempt.HasSlot)
            _actions.Add(new StopAttempt(lease));
        else
            _attempts.Remove(attempt);
    }

    private void OnResend(LeaseKey lease, int fromEpoch)
    {
        if (Find(lease) is not { IsRevoked: false } attempt)
            return;
        _messages.AddRange(attempt.Reported.Where(m => m.Epoch >= fromEpoch).Select(m => new EpochReported(lease, m)));
        if (attempt.Ending is { } ending)
            _messages.Add(ending);
    }

    private void OnEpochTrained(EpochTrained trained)
    {
        if (Find(trained.Lease) is not { IsRevoked: false } attempt)
            return;
        attempt.Report(trained.Metrics);
        _messages.Add(new EpochReported(trained.Lease, trained.Metrics));
    }

    private void OnAttemptStopped(AttemptEnding ending, bool canGoOn)
    {
        if (Find(ending.Lease) is not { HasSlot: true } attempt)
            return;
        attempt.HasSlot = false;
        End(attempt, ending);
        if (!canGoOn)
            Leave();
        FillSlots();
        AskForWork();
    }

    private void Leave()
    {
        IsLeaving = true;
        Drain("stopped");
    }

    // Until a coordinator asks the worker to join.
    private void Drain(string reason)
    {
        _isDraining = true;
        foreach (WorkerAttempt attempt in _attempts.Where(a => a.Ending is null).ToArray())
        {
            if (attempt.HasSlot)
                _actions.Add(new StopAttempt(attempt.Lease));
            else
                End(attempt, new TrialHandedBack(attempt.Lease, reason));
        }
    }

    private void End(WorkerAttempt attempt, AttemptEnding ending)
    {
        attempt.Ending = ending;
        if (attempt.IsRevoked)
            _attempts.Remove(attempt);
        else
            _messages.Add(ending);
    }

    private void FillSlots()
    {
        int free = _slots - _attempts.Count(a => a.HasSlot);
        foreach (WorkerAttempt next in _attempts.Where(a => !a.HasSlot && a.Ending is null).Take(free))
        {
            next.HasSlot = true;
            _actions.Add(new StartAttempt(next.Assignment));
        }
    }

    /// <summary>
    /// Keeps the leases alive, tells again what is not acknowledged, and asks again for work: an answer may have been
    /// lost.
    /// </summary>
    private void Beat()
    {
        _messages.Add(new Heartbeat([.. _attempts.Select(a => a.Lease)]));
        _messages.AddRange(_attempts.Select(a => a.Ending).OfType<AttemptEnding>());
        // Asked again, a coordinator that drains says so again; were an idle worker not to ask, a command to drain
        // that came late would idle it for ever.
        if (_attempts.Count == 0 && !IsLeaving)
            _messages.Add(new WorkRequested(_slots));
        else
            AskForWork();
    }

    private void AskForWork()
    {
        int free = _slots - _attempts.Count(a => a.Ending is null);
        if (!_isDraining && free > 0)
            _messages.Add(new WorkRequested(free));
    }

    // Three heartbeats a lease: it outlives two that go missing, because a pause of the garbage collector or the
    // network can drop one.
    private void SetInterval(TimeSpan wanted)
    {
        TimeSpan interval =
            wanted < ShortestInterval ? ShortestInterval
            : wanted > LongestInterval ? LongestInterval
            : wanted;
        if (interval == _interval)
            return;
        _interval = interval;
        _actions.Add(new BeatEvery(interval));
    }

    private WorkerAttempt? Find(LeaseKey lease) => _attempts.Find(a => a.Lease == lease);
}
