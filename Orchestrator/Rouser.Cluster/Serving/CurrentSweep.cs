namespace Rouser.Cluster.Serving;

/// <summary>
/// What the doors of this process lead to: the sweep while it is served here, nothing while this orchestrator stands
/// by.
/// </summary>
public sealed class CurrentSweep
{
    private volatile SweepService? _service;

    /// <summary>
    /// Whether workers may come through the doors at all; not where the process only shows runs, or trains by itself.
    /// </summary>
    public bool TakesWorkers { get; init; } = true;

    /// <summary>The sweep; null while another orchestrator serves it.</summary>
    public SweepService? Service
    {
        get => _service;
        set => _service = value;
    }
}
