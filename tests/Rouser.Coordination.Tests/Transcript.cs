using System.Globalization;
using System.Text;
using Rouser.Snn;
using Rouser.Sweeps;
using Rouser.Testing;

namespace Rouser.Coordination.Tests;

/// <summary>
/// Plays a script against the machine and writes down what it decides: <c>+</c> an event, <c>→</c> an effect. A line
/// is the second since the start, a command and its arguments; a lease is a trial's letter and the attempt,
/// <c>a#1</c>. What is said of a lease is said by the worker that was given it, unless another is named before the
/// command: <c>3 w2: epoch a#1 1</c>.
/// </summary>
internal sealed class Transcript
{
    private readonly Plan _plan;
    private readonly RunSettings _settings;
    private readonly List<Event> _journal = [];
    private readonly StringBuilder _text = new();
    private Coordinator _machine;

    private Transcript(Plan plan, RunSettings settings)
    {
        (_plan, _settings) = (plan, settings);
        _machine = new Coordinator(plan, settings, _journal);
    }

    /// <summary>The transcript of a script.</summary>
    public static string Play(Plan plan, string script, RunSettings? settings = null)
    {
        Transcript transcript = new(plan, settings ?? Samples.Run);
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
        DateTimeOffset now = Samples.Start.AddSeconds(double.Parse(words[0], CultureInfo.InvariantCulture));
        switch (words[1])
        {
            case "restart":
                _machine = new Coordinator(_plan, _settings, _journal);
                break;
            case "why":
                Explain(now);
                break;
            case "written":
                ShowAnnotations();
                break;
            default:
                Step(
                    words[1].EndsWith(':')
                        ? Read(now, new WorkerId(words[1][..^1]), words[2], words[3..])
                        : Read(now, null, words[1], words[2..])
                );
                break;
        }
    }

    private void Step(Input input)
    {
        Ready ready = _machine.Step(input);
        _journal.AddRange(ready.Events);
        foreach (Event happened in ready.Events)
            _text.AppendLine("    + " + Words(happened));
        foreach (Effect effect in ready.Effects)
            _text.AppendLine("    → " + Words(effect));
    }

    private void Explain(DateTimeOffset now)
    {
        foreach (TrialStatus trial in _machine.State.Trials)
            _text.AppendLine(
                CultureInfo.InvariantCulture,
                $"    {Letter(trial.Planned.Id)} {trial.State}: {_machine.State.Why(trial, now) ?? "-"}"
            );
    }

    private void ShowAnnotations()
    {
        _text.AppendLine($"    sweep: {Words(_machine.State.Annotation)}");
        foreach (TrialStatus trial in _machine.State.Trials)
            _text.AppendLine($"    {Letter(trial.Planned.Id)}: {Words(trial.Annotation)}");
    }

    private static string Words(Annotation written) => $"'{written.Note}' [{AnnotationText.Join(written.Tags)}]";

    private Input Read(DateTimeOffset now, WorkerId? by, string command, string[] words) =>
        command switch
        {
            "tick" => new Tick(now),
            "join" => new MessageReceived(now, new(words[0]), new WorkerJoined(Number(words[1]))),
            "leave" => new MessageReceived(now, new(words[0]), new WorkerLeft(Rest(words))),
            "gone" => new WorkerGone(now, new(words[0]), Rest(words)),
            "ask" => new MessageReceived(now, new(words[0]), new WorkRequested(Number(words[1]))),
            "beat" => new MessageReceived(now, new(words[0]), new Heartbeat([.. words[1..].Select(Lease)])),
            "epoch" => new MessageReceived(
                now,
                by ?? Sender(words[0]),
                new EpochReported(Lease(words[0]), Epoch(Lease(words[0]), Number(words[1])))
            ),
            "other" => new MessageReceived(
                now,
                by ?? Sender(words[0]),
                new EpochReported(Lease(words[0]), Epoch(Lease(words[0]), Number(words[1])) with { TrainLoss = 0.123 })
            ),
            "nan" => new MessageReceived(
                now,
                by ?? Sender(words[0]),
                new EpochReported(Lease(words[0]), Epoch(Lease(words[0]), Number(words[1])) with { TrainLoss = double.NaN })
            ),
            "finish" => new MessageReceived(
                now,
                by ?? Sender(words[0]),
                new TrialFinished(Lease(words[0]), Samples.Distances(Place(words[0]), _plan.Trials[0].Settings.Epochs))
            ),
            "error" => new MessageReceived(
                now,
                by ?? Sender(words[0]),
                new TrialErrored(Lease(words[0]), Rest(words), Repeats: false)
            ),
            "return" => new MessageReceived(now, by ?? Sender(words[0]), new TrialHandedBack(Lease(words[0]), Rest(words))),
            "lacks" => new MessageReceived(now, new(words[0]), new DataMissing(Lease(words[1]), words[2])),
            "found" => new ResultFound(now, Trial(words[0]), Rest(words), Result(words[0])),
            "wrong" => new ResultFound(
                now,
                Trial(words[0]),
                Rest(words),
                [
                    .. Result(words[0])
                        .Select(e =>
                            e is EpochRecorded told ? told with { Metrics = told.Metrics with { TrainLoss = 0.123 } } : e
                        ),
                ]
            ),
            "cut" => new ResultFound(now, Trial(words[0]), Rest(words), [.. Result(words[0]).Skip(1)]),
            "shorter" => new ShorterTrialFound(
                now,
                Trial(words[0]),
                Trial(words[1]),
                [.. words[2..].Select(epoch => Samples.Epoch(Place(words[0]), Number(epoch)))]
            ),
            "pause" => new PauseRequested(now),
            "continue" => new ContinueRequested(now),
            "cancel" => new CancelRequested(now, [.. words.Select(w => new TrialId(new string(w[0], 32)))]),
            "note" => new AnnotateRequested(now, Trials(words[0]), new AnnotationChange(Rest(words), [], [])),
            "tag" => new AnnotateRequested(now, Trials(words[0]), new AnnotationChange(null, words[1..], [])),
            "untag" => new AnnotateRequested(now, Trials(words[0]), new AnnotationChange(null, [], words[1..])),
            "prioritize" => new PrioritizeRequested(now, words[0], Number(words[1])),
            "resume" => new SweepResumed(now),
            "drain" => new DrainRequested(now),
            "retry" => new RetryRequested(now, Enum.Parse<TrialState>(words[0])),
            _ => throw new ArgumentException($"What is '{command}'?"),
        };

    private WorkerId Sender(string lease) =>
        _machine.State.Find(Lease(lease).Trial)?.WorkerOf(Lease(lease).Attempt) ?? new WorkerId("w1");

    // The letters of trials, or "sweep".
    private static TrialId[]? Trials(string letters) => letters == "sweep" ? null : [.. letters.Select(l => Trial(l.ToString()))];

    private static TrialId Trial(string letter) => new(new string(letter[0], 32));

    private IReadOnlyList<IResultEvent> Result(string letter)
    {
        int epochs = _plan.Trials[0].Settings.Epochs;
        TrialId trial = Trial(letter);
        return
        [
            .. Enumerable
                .Range(1, epochs)
                .Select(IResultEvent (epoch) => new EpochRecorded(Samples.Start, trial, 7, Samples.Epoch(Place(letter), epoch))),
            new TrialCompleted(Samples.Start, trial, 7, Samples.Distances(Place(letter), epochs)),
        ];
    }

    private static int Place(string lease) => lease[0] - 'a';

    private static string Words(Event happened) =>
        happened switch
        {
            CheckAssigned e => $"check {Name(e.Trial, e.Attempt)} given to {e.Worker}",
            CheckPassed e => $"check {Name(e.Trial, e.Attempt)} passed",
            CheckReturned e => $"check {Name(e.Trial, e.Attempt)} {(e.Failed ? "failed" : "returned")}: {e.Reason}",
            CheckAbandoned e => $"check of {Letter(e.Trial)} abandoned: {e.Reason}",
            ResultsDisagreed e => $"ALARM {Name(e.Trial, e.Attempt)}: {e.First} and {e.Second} disagree: {e.What}",
            TrialAssigned e => $"assigned {Name(e.Trial, e.Attempt)} to {e.Worker}",
            TrialReused e => $"reused {Name(e.Trial, e.Attempt)} from {e.From}",
            TrialContinued e => $"continued {Name(e.Trial, e.Attempt)} from {Letter(e.From)}",
            EpochRecorded e => $"recorded {Name(e.Trial, e.Attempt)} epoch {e.Metrics.Epoch}",
            TrialCompleted e => $"completed {Name(e.Trial, e.Attempt)}",
            AttemptFailed e => $"failed {Name(e.Trial, e.Attempt)}{(e.Final ? " for good" : "")}: {e.Reason}",
            AttemptLost e => $"lost {Name(e.Trial, e.Attempt)}{(e.Final ? " for good" : "")}: {e.Reason}",
            AttemptReturned e => $"returned {Name(e.Trial, e.Attempt)}: {e.Reason}",
            TrialRequeued e => $"requeued {Letter(e.Trial)}",
            TrialCancelled e => $"cancelled {Letter(e.Trial)}",
            TrialPruned e => $"pruned {Name(e.Trial, e.Attempt)}: {e.Reason}",
            TrialsAnnotated e => $"annotated {string.Concat(e.Trials.Select(Letter))}: {Words(e.Change)}",
            SweepAnnotated e => $"annotated the sweep: {Words(e.Change)}",
            StudyPrioritized e => $"study {e.Study} has priority {e.Priority.ToString(CultureInfo.InvariantCulture)}",
            SweepPaused => "paused",
            SweepContinued => "continued",
            _ => happened.ToString(),
        };

    private static string Words(AnnotationChange change) =>
        $"{(change.Note is null ? "" : $"'{change.Note}' ")}+[{AnnotationText.Join(change.Added)}] -[{AnnotationText.Join(change.Removed)}]";

    private static string Words(Effect effect) =>
        effect switch
        {
            SendCommand e => $"{e.Worker}: {Words(e.Command)}",
            DiscardCheckpoint e => $"discard the checkpoint of {Letter(e.Trial)}",
            EndSweep => "end the sweep",
            _ => effect.ToString(),
        };

    private static string Words(WorkerCommand command) =>
        command switch
        {
            WorkerCommand.Assign c => $"train {Name(c.Lease)}",
            WorkerCommand.Revoke c => $"stop {Name(c.Lease)}: {c.Reason}",
            WorkerCommand.Resend c => $"resend {Name(c.Lease)} from epoch {c.FromEpoch}",
            WorkerCommand.Acknowledge c => $"{Name(c.Lease)} is on record",
            WorkerCommand.Join => "join",
            WorkerCommand.Drain => "drain",
            _ => command.ToString(),
        };

    private static LeaseKey Lease(string word) => new(new TrialId(new string(word[0], 32)), Number(word[2..]));

    private static EpochMetrics Epoch(LeaseKey lease, int epoch) => Samples.Epoch(lease.Trial.Value[0] - 'a', epoch);

    private static string Name(LeaseKey lease) => Name(lease.Trial, lease.Attempt);

    private static string Name(TrialId trial, int attempt) => $"{Letter(trial)}#{attempt}";

    private static char Letter(TrialId trial) => trial.Value[0];

    private static string Rest(string[] words) => string.Join(' ', words[1..]);

    private static int Number(string word) => int.Parse(word, CultureInfo.InvariantCulture);
}
