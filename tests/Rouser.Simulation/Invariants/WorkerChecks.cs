using Rouser.Coordination;
using static Rouser.Simulation.Invariants.Invariant;

namespace Rouser.Simulation.Invariants;

/// <summary>
/// Watches one worker: after every step it holds what the machine decided against a plain account of its own, of what
/// it was told, what trains, and what the coordinator has not acknowledged.
/// </summary>
internal sealed class WorkerChecks(WorkerId worker, int slots)
{
    private readonly Dictionary<LeaseKey, Held> _held = [];
    private bool _isDraining;
    private bool _isLeaving;

    /// <summary>Checks a step.</summary>
    /// <param name="input">What the machine was told.</param>
    /// <param name="ready">What it decided.</param>
    /// <param name="machine">The machine afterwards.</param>
    public void Check(WorkerInput input, WorkerReady ready, WorkerMachine machine)
    {
        Note(input);
        foreach (WorkerAction action in ready.Actions)
            NoteAction(action);
        foreach (WorkerMessage message in ready.Messages)
            CheckMessage(message);
        CheckAnswer(input, ready);
        foreach (LeaseKey gone in _held.Where(h => h.Value.IsForgotten).Select(h => h.Key).ToArray())
            _held.Remove(gone);
        CheckStandstill(input);
        Demand(
            machine.Attempts.Count == _held.Count && machine.Attempts.All(a => _held.ContainsKey(a.Lease)),
            $"{worker} keeps {string.Join(", ", machine.Attempts)}; it has to keep {string.Join(' ', _held.Keys)}"
        );
    }

    private void Note(WorkerInput input)
    {
        // csharpier-ignore
        switch (input)
        {
            case CommandReceived { Command: WorkerCommand.Assign c }: OnAssigned(c.Lease); break;
            case CommandReceived { Command: WorkerCommand.Revoke c }: if (Find(c.Lease) is { } revoked) revoked.IsRevoked = true; break;
            case CommandReceived { Command: WorkerCommand.Acknowledge c }: OnAcknowledged(c.Lease); break;
            case CommandReceived { Command: WorkerCommand.Drain }: _isDraining = true; break;
            case CommandReceived { Command: WorkerCommand.Join }: _isDraining = _isLeaving; break;
            case WorkerStarted: _isDraining = false; break;
            case LeaveRequested: _isLeaving = _isDraining = true; break;
            case EpochTrained i: Find(i.Lease)!.Reported.Add(i.Metrics.Epoch); break;
            case AttemptStopped i: OnStopped(i); break;
        }
    }

    private void OnAssigned(LeaseKey lease)
    {
        if (_held.Count == 0 && !_isLeaving)
            _isDraining = false;
        if (!_isDraining)
            _held.TryAdd(lease, new Held());
    }

    private void OnAcknowledged(LeaseKey lease)
    {
        if (Find(lease) is { Ending: not null } ended)
            ended.IsAcknowledged = true;
    }

    private void OnStopped(AttemptStopped stopped)
    {
        Held attempt = Find(stopped.Ending.Lease)!;
        (attempt.Trains, attempt.Ending) = (false, stopped.Ending);
        if (!stopped.CanGoOn)
            _isLeaving = _isDraining = true;
    }

    private void NoteAction(WorkerAction action)
    {
        switch (action)
        {
            case StartAttempt a:
                LeaseKey lease = a.Assignment.Lease;
                Demand(Find(lease) is not null, $"{worker} starts {lease}, which it was not given");
                Demand(!Find(lease)!.WasStarted, $"{worker} starts {lease} once more");
                Demand(!_isDraining, $"{worker} starts {lease} though it drains");
                (Find(lease)!.WasStarted, Find(lease)!.Trains) = (true, true);
                int training = _held.Values.Count(h => h.Trains);
                Demand(training <= slots, $"{worker} trains {training} trials in {slots} slots");
                break;
            case StopAttempt a when Find(a.Lease) is { } stopped:
                stopped.WasStopped = true;
                break;
        }
    }

    private void CheckMessage(WorkerMessage message)
    {
        switch (message)
        {
            case EpochReported m:
                Demand(Find(m.Lease) is { IsRevoked: false }, $"{worker} reports {m.Lease}, which is not its own");
                break;
            case AttemptEnding m when Find(m.Lease) is { } known:
                known.Ending ??= m; // One that waited for a slot ends without having started.
                Demand(!known.IsRevoked && !known.Trains, $"{worker} reports an end of {known}: {m}");
                break;
            case WorkRequested m:
                int free = slots - _held.Values.Count(h => h.Ending is null);
                Demand(m.FreeSlots <= free || _held.Count == 0, $"{worker} asks for {m.FreeSlots} trials in {free} free slots");
                Demand(!_isDraining || (_held.Count == 0 && !_isLeaving), $"{worker} asks for work though it drains");
                break;
            case Heartbeat m:
                Demand(
                    m.Leases.ToHashSet().SetEquals(_held.Keys),
                    $"{worker} says that it holds {string.Join(' ', m.Leases)}; it holds {string.Join(' ', _held.Keys)}"
                );
                break;
        }
    }

    private void CheckAnswer(WorkerInput input, WorkerReady ready)
    {
        switch (input)
        {
            case HeartbeatDue:
                Demand(ready.Messages.OfType<Heartbeat>().Count() == 1, $"{worker} does not say that it lives");
                foreach ((LeaseKey lease, Held held) in _held)
                    Demand(
                        held.Ending is null || ready.Messages.Contains(held.Ending),
                        $"{worker} does not repeat how {lease} ended"
                    );
                break;
            case EpochTrained i:
                Demand(
                    Find(i.Lease)!.IsRevoked || ready.Messages.OfType<EpochReported>().Any(m => m.Metrics == i.Metrics),
                    $"{worker} does not report epoch {i.Metrics.Epoch} of {i.Lease}"
                );
                break;
            case AttemptStopped i:
                Demand(
                    Find(i.Ending.Lease)!.IsRevoked || ready.Messages.Contains(i.Ending),
                    $"{worker} does not report how {i.Ending.Lease} ended"
                );
                break;
            case CommandReceived { Command: WorkerCommand.Resend c } when Find(c.Lease) is { IsRevoked: false } asked:
                int sent = ready.Messages.OfType<EpochReported>().Count(m => m.Lease == c.Lease);
                Demand(
                    sent >= asked.Reported.Count(epoch => epoch >= c.FromEpoch),
                    $"{worker} sends {sent} epochs of {c.Lease} when asked for those from {c.FromEpoch} on"
                );
                break;
        }
    }

    // Nothing trains that is to stop, and no slot is empty for which something waits.
    private void CheckStandstill(WorkerInput input)
    {
        foreach ((LeaseKey lease, Held held) in _held)
        {
            if (!held.Trains && !(held.Ending is null && _isDraining))
                continue;
            bool mustStop =
                held.IsRevoked
                || input
                    is LeaveRequested
                        or AttemptStopped { CanGoOn: false }
                        or CommandReceived { Command: WorkerCommand.Drain };
            Demand(!mustStop || held.WasStopped, $"{worker} does not stop {lease}");
        }
        bool waits = _held.Values.Any(h => !h.WasStarted && h.Ending is null && !h.IsRevoked);
        Demand(!waits || _held.Values.Count(h => h.Trains) == slots, $"{worker} has a slot free, and trials that wait for it");
    }

    private Held? Find(LeaseKey lease) => _held.GetValueOrDefault(lease);

    private sealed class Held
    {
        public List<int> Reported { get; } = [];

        public bool WasStarted { get; set; }

        public bool WasStopped { get; set; }

        public bool Trains { get; set; }

        public bool IsRevoked { get; set; }

        public bool IsAcknowledged { get; set; }

        public AttemptEnding? Ending { get; set; }

        public bool IsForgotten => IsAcknowledged || (IsRevoked && !Trains);

        public override string ToString() =>
            $"{(Trains ? "one that trains" : "one that does not train")}{(IsRevoked ? ", revoked" : "")}";
    }
}
