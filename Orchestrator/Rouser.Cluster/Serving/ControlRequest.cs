namespace Rouser.Cluster.Serving;

/// <summary>What a user asks of a sweep in progress.</summary>
public abstract record ControlRequest
{
    private ControlRequest() { }

    /// <summary>Assign nothing more until told to continue; what runs, runs to its end.</summary>
    public sealed record Pause : ControlRequest;

    /// <summary>Assign again.</summary>
    public sealed record Continue : ControlRequest;

    /// <summary>Train no more: one trial, or those that only one arm wants, or all that have not ended.</summary>
    /// <param name="Trial">The start of a trial's identity; null for none.</param>
    /// <param name="Arm">An arm; null for none. Without a trial and an arm it is the whole sweep.</param>
    public sealed record Cancel(string? Trial, string? Arm) : ControlRequest;
}
