using Rouser.Coordination;
using Rouser.Snn;

namespace Rouser.Simulation;

/// <summary>
/// How inputs, events and effects look in a trace: what they are told apart by, not all that is in them.
/// </summary>
internal static class TraceText
{
    /// <summary>An input, with the time that the machine is told.</summary>
    public static string Of(Input input) =>
        input switch
        {
            HeartbeatReceived i =>
                $"HeartbeatReceived {{ Now = {i.Now:HH:mm:ss.f}, Worker = {i.Worker}, Leases = {string.Join(' ', i.Leases)} }}",
            EpochReported i =>
                $"EpochReported {{ Now = {i.Now:HH:mm:ss.f}, Worker = {i.Worker}, Lease = {i.Lease}, {Of(i.Metrics)} }}",
            TrialFinished i => $"TrialFinished {{ Now = {i.Now:HH:mm:ss.f}, Worker = {i.Worker}, Lease = {i.Lease} }}",
            CancelRequested i =>
                $"CancelRequested {{ Now = {i.Now:HH:mm:ss.f}, Trials = {string.Join(' ', i.Trials.Select(t => t.Short))} }}",
            _ => input.ToString(),
        };

    /// <summary>An event.</summary>
    public static string Of(Event happened) =>
        happened switch
        {
            EpochRecorded e => $"EpochRecorded {{ {e.Trial.Short}#{e.Attempt}, {Of(e.Metrics)} }}",
            TrialCompleted e => $"TrialCompleted {{ {e.Trial.Short}#{e.Attempt} }}",
            _ => happened.ToString(),
        };

    private static string Of(EpochMetrics metrics) => $"Epoch = {metrics.Epoch}";
}
