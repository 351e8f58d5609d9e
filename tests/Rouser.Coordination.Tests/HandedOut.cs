using Rouser.Testing;

namespace Rouser.Coordination.Tests;

/// <summary>A coordinator, what it wrote, and what it has given to workers that they have not ended yet.</summary>
internal sealed class HandedOut(Coordinator machine)
{
    /// <summary>The events, in their order.</summary>
    public List<Event> Events { get; } = [];

    /// <summary>The assignments; whoever ends one takes it out.</summary>
    public List<(WorkerId Worker, WorkerCommand.Assign Assignment)> Work { get; } = [];

    /// <summary>A worker's message.</summary>
    public void Step(WorkerId from, WorkerMessage message)
    {
        Ready ready = machine.Step(new MessageReceived(Samples.Start, from, message));
        Events.AddRange(ready.Events);
        foreach (Effect effect in ready.Effects)
        {
            if (
                effect is SendCommand { Command: WorkerCommand.Assign assigned } send
                && !Work.Exists(w => w.Assignment.Lease == assigned.Lease)
            )
                Work.Add((send.Worker, assigned));
        }
    }
}
