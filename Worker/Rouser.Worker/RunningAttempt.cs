using Rouser.Coordination;

namespace Rouser.Worker;

/// <summary>An attempt that has a slot: how it is stopped, and how far it is.</summary>
internal sealed class RunningAttempt : IDisposable
{
    private readonly CancellationTokenSource _stop = new();

    /// <summary>Starts an attempt as it was ordered.</summary>
    public RunningAttempt(WorkerCommand.Assign assignment)
    {
        Assignment = assignment;
        Stop = _stop.Token;
    }

    public WorkerCommand.Assign Assignment { get; }

    public LeaseKey Lease => Assignment.Lease;

    public CancellationToken Stop { get; }

    /// <summary>For the eye; written by the attempt's thread, under the worker's lock as all else.</summary>
    public TrialProgress Progress { get; set; }

    public void RequestStop() => _stop.Cancel();

    public void Dispose() => _stop.Dispose();
}
