using Rouser.Coordination;

namespace Rouser.Simulation.Defects;

/// <summary>Defects of the worker: its machine is told something else, or not all that it decides is done.</summary>
internal static class WorkerDefects
{
    // csharpier-ignore
    public static readonly Dictionary<string, Build> All = new()
    {
        ["worker-tells-an-end-once"] = Done((input, ready) => input is HeartbeatDue
            ? ready with { Messages = [.. ready.Messages.Where(m => m is not AttemptEnding)] }
            : ready),
        ["worker-forgets-ended-leases-in-heartbeats"] = new() { WorkerStep = BeatForWhatRuns },
        ["worker-trains-on-after-revocation"] = Done((input, ready) => input is CommandReceived { Command: WorkerCommand.Revoke }
            ? ready with { Actions = [] }
            : ready),
        ["worker-ignores-drain"] = Told(command => command is WorkerCommand.Drain ? new WorkerCommand.End() : command),
        ["worker-resends-one-epoch-short"] = Told(command => command is WorkerCommand.Resend c ? c with { FromEpoch = c.FromEpoch + 1 } : command),
        ["worker-trains-a-lease-twice"] = new() { WorkerStep = StartAgain },
        ["worker-asks-for-a-slot-that-is-taken"] = new() { WorkerStep = AskTooEarly },
    };

    private static Build Told(Func<WorkerCommand, WorkerCommand> hear) =>
        new()
        {
            WorkerStep = (machine, input) =>
                machine.Step(input is CommandReceived i ? new CommandReceived(hear(i.Command)) : input),
        };

    private static Build Done(Func<WorkerInput, WorkerReady, WorkerReady> act) =>
        new() { WorkerStep = (machine, input) => act(input, machine.Step(input)) };

    private static WorkerReady BeatForWhatRuns(WorkerMachine machine, WorkerInput input)
    {
        WorkerReady ready = machine.Step(input);
        Heartbeat shortened = new([.. machine.Attempts.Where(a => a.Ending is null).Select(a => a.Lease)]);
        return ready with { Messages = [.. ready.Messages.Select(m => m is Heartbeat ? shortened : m)] };
    }

    private static WorkerReady StartAgain(WorkerMachine machine, WorkerInput input)
    {
        bool isKnown =
            input is CommandReceived { Command: WorkerCommand.Assign c } && machine.Attempts.Any(a => a.Lease == c.Lease);
        WorkerReady ready = machine.Step(input);
        return isKnown
            ? ready with
            {
                Actions = [new StartAttempt((WorkerCommand.Assign)((CommandReceived)input).Command)],
            }
            : ready;
    }

    // Its slot is taken for free while the attempt is only asked to stop, so that it asks for one trial too many.
    private static WorkerReady AskTooEarly(WorkerMachine machine, WorkerInput input)
    {
        WorkerReady ready = machine.Step(input);
        int stopping = ready.Actions.OfType<StopAttempt>().Count();
        return input is CommandReceived { Command: WorkerCommand.Revoke } && stopping > 0
            ? ready with
            {
                Messages = [.. ready.Messages, new WorkRequested(machine.Attempts.Count + stopping)],
            }
            : ready;
    }
}
