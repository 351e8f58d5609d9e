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
            MessageReceived i => $"{i.Now:HH:mm:ss.f} {i.From}: {Of(i.Message)}",
            ShorterTrialFound i =>
                $"ShorterTrialFound {{ Now = {i.Now:HH:mm:ss.f}, Trial = {i.Trial.Short}, Epochs = {i.Epochs.Count} }}",
            ResultFound i => $"ResultFound {{ Now = {i.Now:HH:mm:ss.f}, Trial = {i.Trial.Short} }}",
            CancelRequested i =>
                $"CancelRequested {{ Now = {i.Now:HH:mm:ss.f}, Trials = {string.Join(' ', i.Trials.Select(t => t.Short))} }}",
            _ => input.ToString(),
        };

    /// <summary>A worker's message.</summary>
    public static string Of(WorkerMessage message) =>
        message switch
        {
            Heartbeat m => $"Heartbeat {{ Leases = {string.Join(' ', m.Leases)} }}",
            EpochReported m => $"EpochReported {{ Lease = {m.Lease}, {Of(m.Metrics)} }}",
            TrialFinished m => $"TrialFinished {{ Lease = {m.Lease} }}",
            _ => message.ToString(),
        };

    /// <summary>A command to a worker.</summary>
    public static string Of(WorkerCommand command) =>
        command is WorkerCommand.Assign c ? $"Assign {{ Lease = {c.Lease} }}" : command.ToString();

    /// <summary>An effect.</summary>
    public static string Of(Effect effect) => effect is SendCommand e ? $"{e.Worker}: {Of(e.Command)}" : effect.ToString();

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
