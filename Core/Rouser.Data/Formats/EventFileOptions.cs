using System.Globalization;
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

    /// <summary>
    /// Why its times are not believed, as half a sentence; null if they may be. A clock of 31 or 32 bits that starts
    /// again falls back by some 2³¹ or 2³² µs from one event to the next. No file that is merely out of order falls by
    /// half of that, 18 minutes.
    /// </summary>
    public string? StartsAgain()
    {
        const long half = 1L << 30;
        for (int i = 1; i < Events.Length; i++)
        {
            (long before, long time) = (Events[i - 1].Microseconds, Events[i].Microseconds);
            if (before - time < half)
                continue;
            int bits = before - time < 3 * half ? 31 : 32;
            return string.Create(
                CultureInfo.InvariantCulture,
                $"falls back from {before:N0} to {time:N0} µs at event {i}; a clock of {bits} bits started again there: add 2^{bits} to the "
                    + $"times that follow, or cut the recording; if its events are only out of order, sort them by time"
            );
        }
        return null;
    }
}
