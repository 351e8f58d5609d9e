namespace Rouser.Cluster.Serving;

/// <summary>
/// What the doors of this process lead to: the sweep while it is served here, nothing while this orchestrator stands
/// by.
/// </summary>
public sealed class CurrentSweep
{
    private volatile SweepService? _service;

    /// <summary>The sweep; null while another orchestrator serves it.</summary>
    public SweepService? Service
    {
        get => _service;
        set => _service = value;
    }
}
