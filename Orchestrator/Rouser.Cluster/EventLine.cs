using Rouser.Coordination;
using Rouser.Sweeps;

namespace Rouser.Cluster;

/// <summary>An event in a line for the user: of the log, and of the page.</summary>
public static class EventLine
{
    /// <summary>The line. What a worker wrote is in it as it came; whoever shows it cleans it.</summary>
    public static string Of(Event e) =>
        e switch
        {
            TrialAssigned a => $"{new LeaseKey(a.Trial, a.Attempt)} assigned to {a.Worker}",
            TrialReused u => $"{new LeaseKey(u.Trial, u.Attempt)} taken from the results store, trained by {u.From}",
            TrialContinued c => $"{new LeaseKey(c.Trial, c.Attempt)} takes over the epochs of {c.From.Short}",
            EpochRecorded r => FormattableString.Invariant(
                $"{new LeaseKey(r.Trial, r.Attempt)} epoch {r.Metrics.Epoch}: loss {r.Metrics.TrainLoss:G5}, train {r.Metrics.TrainAccuracy:P1}, "
            ) + FormattableString.Invariant($"test {r.Metrics.TestAccuracy:P1}, {r.Metrics.Seconds:F1} s"),
            TrialCompleted c => $"{new LeaseKey(c.Trial, c.Attempt)} completed",
            AttemptFailed f => $"{new LeaseKey(f.Trial, f.Attempt)} failed{(f.Final ? " for good" : "")}: {f.Reason}",
            AttemptLost l => $"{new LeaseKey(l.Trial, l.Attempt)} lost{(l.Final ? " for good" : "")}: {l.Reason}",
            AttemptReturned r => $"{new LeaseKey(r.Trial, r.Attempt)} returned: {r.Reason}",
            TrialCancelled c => $"{c.Trial.Short} cancelled",
            TrialPruned p => $"{new LeaseKey(p.Trial, p.Attempt)} pruned: {p.Reason}",
            SweepPaused => "paused: nothing more is handed out",
            SweepContinued => "trials are handed out again",
            PlanReplaced p => FormattableString.Invariant($"the run goes on with another plan, of {p.Trials} trials"),
            TrialRequeued q => $"{q.Trial.Short} queued again",
            CheckAssigned a => $"{new LeaseKey(a.Trial, a.Attempt)} given to {a.Worker} to be trained a second time",
            CheckPassed p => $"{new LeaseKey(p.Trial, p.Attempt)} gave the same results a second time",
            CheckReturned r =>
                $"{new LeaseKey(r.Trial, r.Attempt)}, the second training, {(r.Failed ? "failed" : "returned")}: {r.Reason}",
            CheckAbandoned a => $"{a.Trial.Short} is not trained a second time: {a.Reason}",
            TrialsOpened o => $"{string.Join(' ', o.Trials.Select(t => t.Short))} asked for",
            SettingProposed p => $"{p.Study}/{p.Arm} {p.Setting} proposed: {p.Reason}",
            ComparisonSettled c => $"{c.Study}/{c.Arm} {c.Setting}: {c.Reason}",
            TrialsAnnotated a => $"{TrialsOf(a.Trials)} {WordsOf(a.Change)}",
            SweepAnnotated a => $"the sweep {WordsOf(a.Change)}",
            StudyPrioritized p => FormattableString.Invariant($"study {p.Study} has priority {p.Priority} from here on"),
            ResultsDisagreed d => $"ALARM: {new LeaseKey(d.Trial, d.Attempt)}: {d.First} and {d.Second} disagree: {d.What}",
            _ => e.ToString(),
        };

    // Thousands may be tagged at once.
    private static string TrialsOf(IReadOnlyList<TrialId> trials) =>
        trials.Count <= 4
            ? string.Join(' ', trials.Select(t => t.Short))
            : FormattableString.Invariant($"{trials[0].Short} and {trials.Count - 1} other trials");

    private static string WordsOf(AnnotationChange change) =>
        string.Join(
            ", ",
            (string[])
                [
                    .. change.Note switch
                    {
                        null => (string[])[],
                        "" => ["has no note any more"],
                        { } note => [$"noted: {AnnotationText.InOneLine(note)}"],
                    },
                    .. change.Added.Count > 0 ? (string[])[$"tagged {AnnotationText.Join(change.Added)}"] : [],
                    .. change.Removed.Count > 0 ? (string[])[$"no longer tagged {AnnotationText.Join(change.Removed)}"] : [],
                ]
        );
}
