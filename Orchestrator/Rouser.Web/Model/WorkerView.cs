namespace Rouser.Web.Model;

/// <summary>What events tell of a worker.</summary>
internal sealed class WorkerView
{
    /// <summary>When it last did anything that is an event.</summary>
    public DateTimeOffset ActedAt { get; set; }

    /// <summary>Epochs that it reported.</summary>
    public long Epochs { get; set; }

    /// <summary>Trials that it completed.</summary>
    public int Completed { get; set; }

    /// <summary>Attempts of its that failed.</summary>
    public int Failed { get; set; }

    /// <summary>Attempts that were lost with it.</summary>
    public int Lost { get; set; }

    /// <summary>How fast it reports epochs.</summary>
    public Pace Pace { get; } = new();
}
