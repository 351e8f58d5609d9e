using System.Globalization;
using System.Text;
using Rouser.Testing;

namespace Rouser.Coordination.Tests;

/// <summary>
/// Plays a script against a worker's machine and writes down what it decides: <c>→</c> a message to the coordinator,
/// <c>!</c> an action of its shell. A lease is a trial's letter and the attempt, <c>a#1</c>.
/// </summary>
internal sealed class WorkerTranscript(int slots)
{
    private const int Epochs = 3;

    private readonly WorkerMachine _machine = new(slots);
    private readonly StringBuilder _text = new();

    /// <summary>The transcript of a script.</summary>
    public static string Play(int slots, string script)
    {
        WorkerTranscript transcript = new(slots);
        foreach (string line in script.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
            transcript.Play(line);
        return transcript._text.ToString();
    }

    private void Play(string line)
    {
        _text.AppendLine(line);
        if (line.StartsWith('#'))
            return;
        string[] words = line.Split(' ');
        WorkerReady ready = _machine.Step(Read(words[0], words[1..]));
        foreach (WorkerMessage message in ready.Messages)
            _text.AppendLine("    → " + Words(message));
        foreach (WorkerAction action in ready.Actions)
            _text.AppendLine("    ! " + Words(action));
    }

    // csharpier-ignore
    private static WorkerInput Read(string command, string[] words) =>
        command switch
        {
            "start" => new WorkerStarted(),
            "beat" => new HeartbeatDue(),
            "leave" => new LeaveRequested(),
            "train" => new CommandReceived(Assign(Lease(words[0]), words.Length > 1 ? Number(words[1]) : 60)),
            "stop" => new CommandReceived(new WorkerCommand.Revoke(Lease(words[0]), "test")),
            "resend" => new CommandReceived(new WorkerCommand.Resend(Lease(words[0]), Number(words[1]))),
            "acknowledge" => new CommandReceived(new WorkerCommand.Acknowledge(Lease(words[0]))),
            "drain" => new CommandReceived(new WorkerCommand.Drain()),
            "join" => new CommandReceived(new WorkerCommand.Join()),
            "end" => new CommandReceived(new WorkerCommand.End()),
            "epoch" => new EpochTrained(Lease(words[0]), Samples.Epoch(words[0][0] - 'a', Number(words[1]))),
            "finished" => new AttemptStopped(new TrialFinished(Lease(words[0]), Samples.Distances(0, Epochs))),
            "error" => new AttemptStopped(new TrialErrored(Lease(words[0]), "out of luck", Repeats: false)),
            "stopped" => new AttemptStopped(new TrialHandedBack(Lease(words[0]), "stopped")),
            "nodata" => new AttemptStopped(new DataMissing(Lease(words[0]), "d1")),
            "diskfull" => new AttemptStopped(new TrialHandedBack(Lease(words[0]), "no space left"), CanGoOn: false),
            _ => throw new ArgumentException($"What is '{command}'?"),
        };

    // csharpier-ignore
    private static string Words(WorkerMessage message) =>
        message switch
        {
            WorkerJoined m => $"joined, slots {m.Slots}",
            WorkRequested m => $"asks for {m.FreeSlots}",
            Heartbeat m => $"alive: {(m.Leases.Count == 0 ? "-" : string.Join(' ', m.Leases.Select(Name)))}",
            EpochReported m => $"{Name(m.Lease)} epoch {m.Metrics.Epoch}",
            TrialFinished m => $"{Name(m.Lease)} finished",
            TrialErrored m => $"{Name(m.Lease)} failed: {m.Reason}",
            TrialHandedBack m => $"{Name(m.Lease)} handed back: {m.Reason}",
            DataMissing m => $"{Name(m.Lease)} lacks data {m.DataDigest}",
            _ => message.ToString(),
        };

    private static string Words(WorkerAction action) =>
        action switch
        {
            StartAttempt a => $"start {Name(a.Assignment.Lease)}",
            StopAttempt a => $"stop {Name(a.Lease)}",
            BeatEvery a => $"beat every {a.Interval.TotalSeconds.ToString(CultureInfo.InvariantCulture)} s",
            _ => action.ToString(),
        };

    private static WorkerCommand.Assign Assign(LeaseKey lease, int leaseSeconds) =>
        new(lease, TimeSpan.FromSeconds(leaseSeconds), 1, Samples.Trial(lease.Trial, Epochs));

    private static LeaseKey Lease(string word) => Samples.Lease(word[0] - 'a', Number(word[2..]));

    private static string Name(LeaseKey lease) => $"{lease.Trial.Value[0]}#{lease.Attempt}";

    private static int Number(string word) => int.Parse(word, CultureInfo.InvariantCulture);
}
