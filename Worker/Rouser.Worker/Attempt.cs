using Rouser.Coordination;
using Rouser.Snn;
using Rouser.Sweeps;

namespace Rouser.Worker;

/// <summary>
/// An attempt that a worker has in work, or whose end the coordinator has not acknowledged yet. Several threads look
/// at it.
/// </summary>
internal sealed class Attempt : IDisposable
{
    private readonly CancellationTokenSource _stop = new();
    private readonly Lock _gate = new();
    private readonly List<EpochMetrics> _reported = [];
    private TrialProgress _progress;
    private volatile bool _revoked;
    private volatile Input? _ending;
    private bool _disposed;

    /// <summary>Starts an attempt as it was ordered.</summary>
    public Attempt(Order.Assign order)
    {
        Order = order;
        Stop = _stop.Token;
    }

    public Order.Assign Order { get; }

    public LeaseKey Lease => Order.Lease;

    public PlannedTrial Trial => Order.Trial;

    public CancellationToken Stop { get; }

    /// <summary>The lease is not ours any more: whatever the attempt still says is not sent.</summary>
    public bool Revoked => _revoked;

    /// <summary>How it ended, as the coordinator is told until it acknowledges it; null while it is in work.</summary>
    public Input? Ending
    {
        get => _ending;
        set => _ending = value;
    }

    public TrialProgress Progress
    {
        get
        {
            lock (_gate)
                return _progress;
        }
        set
        {
            lock (_gate)
                _progress = value;
        }
    }

    /// <summary>Keeps what was reported, in case it must be sent again.</summary>
    public void Reported(EpochMetrics metrics)
    {
        lock (_gate)
            _reported.Add(metrics);
    }

    /// <summary>What was reported from an epoch on.</summary>
    public IReadOnlyList<EpochMetrics> ReportedFrom(int epoch)
    {
        lock (_gate)
            return [.. _reported.Where(m => m.Epoch >= epoch)];
    }

    /// <summary>Asks the attempt to stop; one that has ended already has nothing to stop.</summary>
    public void RequestStop()
    {
        lock (_gate)
        {
            if (!_disposed)
                _stop.Cancel();
        }
    }

    public void Revoke()
    {
        _revoked = true;
        RequestStop();
    }

    /// <summary>Frees what stopping it takes; what it reported and how it ended can still be asked for.</summary>
    public void Dispose()
    {
        lock (_gate)
        {
            _disposed = true;
            _stop.Dispose();
        }
    }
}
