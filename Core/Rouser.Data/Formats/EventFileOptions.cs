using Rouser.Data.Recordings;

namespace Rouser.Data.Formats;

/// <summary>What a user says about files that do not say it themselves.</summary>
/// <param name="TimeUnit">The unit of their times.</param>
/// <param name="Columns">The columns of a text file from left to right, such as <c>y,x,_,p,t</c>; null where their
/// names say it.</param>
public sealed record EventFileOptions(TimeUnit TimeUnit = TimeUnit.Us, string? Columns = null)
{
    /// <summary>Times in µs, columns by their names.</summary>
    public static EventFileOptions Plain { get; } = new();
}

/// <summary>A recording's events, and what its reader had to assume.</summary>
/// <param name="Events">The events in the order of the file.</param>
/// <param name="Remark">What was assumed about the file, as half a sentence; empty if nothing was.</param>
public readonly record struct RecordedEvents(SensorEvent[] Events, string Remark = "")
{
    /// <summary>What is said of a recording of nothing.</summary>
    internal const string None = "holds no events; take it away, or write it again";
}
