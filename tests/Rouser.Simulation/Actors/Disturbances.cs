using Rouser.Coordination;
using Rouser.Core;
using Rouser.Simulation.Scenarios;
using Rouser.Snn;
using Rouser.Sweeps;

namespace Rouser.Simulation.Actors;

/// <summary>
/// What happens to a sweep now and then while things go wrong: to its hosts, its cluster and its clocks, and by its
/// user.
/// </summary>
internal sealed class Disturbances
{
    private readonly Site _site;
    private readonly RandomStream _random;

    private Disturbances(Site site, RandomStream random) => (_site, _random) = (site, random);

    /// <summary>Lets them begin, each at its rate. They end with the sweep's faults.</summary>
    public static void Begin(Site site, RandomStream random)
    {
        Disturbances all = new(site, random);
        Faults faults = site.Faults;
        all.Recur(faults.Partition, all.CutNetwork);
        all.Recur(faults.WorkerCrash, all.CrashWorker);
        all.Recur(faults.WorkerStop, () => all.AnyWorker()?.Leave());
        all.Recur(faults.WorkerFreeze, () => all.AnyWorker()?.Freeze(all.Seconds));
        all.Recur(faults.FalseAlarm, () => all.ReportGone(all.AnyWorker()));
        all.Recur(faults.Takeover, all.TakeOver);
        all.Recur(faults.ClockJump, all.JumpClock);
        all.Recur(faults.User, all.ActAsUser);
        all.Recur(faults.Nonsense, all.TalkNonsense);
    }

    // A time that something lasts.
    private double Seconds => _site.Faults.DawdleSeconds * _random.NextDouble();

    private void Recur(double perMinute, Action happens)
    {
        if (perMinute == 0)
            return;
        _site.Timeline.After(
            2 * 60 / perMinute * _random.NextDouble(),
            () =>
            {
                if (_site.Faults == Faults.None)
                    return;
                if (!_site.IsStopped)
                    happens();
                Recur(perMinute, happens);
            }
        );
    }

    private WorkerProcess? AnyWorker() => _site.Workers.Count == 0 ? null : _site.Workers[_random.NextInt(_site.Workers.Count)];

    private void CutNetwork() => _site.CutNetwork(_random.NextBits() & 0xff, Seconds);

    private void CrashWorker()
    {
        if (AnyWorker() is not { } worker)
            return;
        _site.Note(() => $"{worker.Id} dies");
        worker.Kill();
        if (_random.NextInt(2) == 0)
            ReportGone(worker);
    }

    private void ReportGone(WorkerProcess? worker)
    {
        if (worker is not null)
            _site.ToLeader(new WorkerGone(default, worker.Id, $"{worker.Id} was removed from the cluster"));
    }

    private void TakeOver()
    {
        if (_site.Leader is not { IsUp: true } deposed)
            return;
        _site.Note(() => $"{deposed.Name} is taken for dead");
        _site.StartOrchestrator(_site.Other(deposed.Seat));
        // In the end somebody finds that there are two; until then the journal alone keeps them apart.
        _site.Timeline.After(5 * Seconds, () => deposed.Kill("it was found to be one too many"));
    }

    private void JumpClock()
    {
        double[] jumps = [10, 45, 200, 7200, -10, -90, -3600];
        if (_site.Leader is not { } leader)
            return;
        TimeSpan jump = TimeSpan.FromSeconds(jumps[_random.NextInt(jumps.Length)]);
        _site.Note(() => $"the clock of {leader.Seat} jumps by {jump}");
        leader.Seat.ClockError += jump;
    }

    private void ActAsUser()
    {
        if (_site.Leader is not { IsUp: true } leader)
            return;
        // csharpier-ignore
        switch (_random.NextInt(12))
        {
            case 0: Drain(leader); break;
            case 1: Interrupt(); break;
            case 2: leader.Receive(new RetryRequested(default, TrialState.Failed)); break;
            case 3: leader.Receive(new RetryRequested(default, TrialState.Lost)); break;
            case 4: leader.Receive(new RetryRequested(default, TrialState.Cancelled)); break;
            case 5: Pause(leader); break;
            case 6: leader.Receive(new CancelRequested(default, [AnyTrial()])); break;
            case 7: leader.Receive(FoundResult(_random.NextInt(_site.Scenario.Plan.Trials.Count))); break;
            case 8: GoOnFromShorter(leader, _random.NextInt(_site.Scenario.Plan.Trials.Count)); break;
            case 9: leader.Receive(Annotation()); break;
            case 10: leader.Receive(Priority()); break;
            default: leader.Receive(new CancelRequested(default, TrialSelection.OfArm(_site.Scenario.Plan, "even").Value)); break;
        }
    }

    private AnnotateRequested Annotation()
    {
        string[] words = ["good", "rerun", "odd"];
        string[] added = [words[_random.NextInt(3)]],
            removed = [words[_random.NextInt(3)]];
        string? note =
            _random.NextInt(2) == 0 ? null
            : _random.NextInt(3) == 0 ? ""
            : $"note {_random.NextInt(3)}";
        TrialId[]? trials = _random.NextInt(4) == 0 ? null : [AnyTrial(), AnyTrial()];
        return new AnnotateRequested(default, trials, new AnnotationChange(note, added, [.. removed.Except(added)]));
    }

    private PrioritizeRequested Priority()
    {
        Cell any = _site.Scenario.Plan.Cells[_random.NextInt(_site.Scenario.Plan.Cells.Count)];
        return new PrioritizeRequested(default, any.Study, _random.NextInt(3) - 1);
    }

    // Another run has trained the same trial, whether it waits here, runs or has ended.
    private ResultFound FoundResult(int planIndex)
    {
        PlannedTrial trial = _site.Scenario.Plan.Trials[planIndex];
        int place = Scenario.PlaceOf(trial.Id),
            epochs = trial.Settings.Epochs;
        return new ResultFound(
            default,
            trial.Id,
            "another run",
            [
                .. Enumerable
                    .Range(1, epochs)
                    .Select(
                        IResultEvent (epoch) =>
                            new EpochRecorded(default, trial.Id, 1, Training.Measure(place, epoch, seconds: 1))
                    ),
                new TrialCompleted(default, trial.Id, 1, Training.DistancesToFinal(place, epochs)),
            ]
        );
    }

    // A trial that was trained before for fewer epochs, with a checkpoint made of it, as when a run has grown; whether
    // this one waits, runs or has ended.
    private void GoOnFromShorter(Orchestrator leader, int planIndex)
    {
        PlannedTrial trial = _site.Scenario.Plan.Trials[planIndex];
        int place = Scenario.PlaceOf(trial.Id);
        int most =
            Math.Min(trial.Settings.Epochs, _site.Scenario.FailsAt[place] is > 0 and var failsAt ? failsAt : int.MaxValue) - 1;
        if (most < 1)
            return;
        EpochMetrics[] epochs =
        [
            .. Enumerable.Range(1, 1 + _random.NextInt(most)).Select(epoch => Training.Measure(place, epoch, seconds: 1)),
        ];
        if (_site.Checkpoints.Load(trial.Id).Count < epochs.Length)
            _site.Checkpoints.Save(trial.Id, epochs);
        leader.Receive(new ShorterTrialFound(default, trial.Id, new TrialId(new string('e', 32)), epochs));
    }

    private void Drain(Orchestrator leader)
    {
        leader.Receive(new DrainRequested(default));
        _site.Timeline.After(5 + Seconds, () => StopAndResume("the sweep was drained"));
    }

    // Ctrl-C twice, or the laptop's battery.
    private void Interrupt() => StopAndResume("the run was interrupted");

    private void StopAndResume(string why)
    {
        if (_site.Faults == Faults.None || _site.IsStopped)
            return;
        _site.Note(() => why);
        _site.Stop();
        bool knowsAllAreGone = _random.NextInt(2) == 0;
        _site.Timeline.After(
            1 + Seconds,
            () =>
            {
                if (!_site.IsStopped)
                    return;
                if (_site.Faults != Faults.None && _random.NextInt(2) == 0)
                    _site.GrowPlan();
                _site.Resume(knowsAllAreGone);
            }
        );
    }

    private void Pause(Orchestrator leader)
    {
        leader.Receive(new PauseRequested(default));
        _site.Timeline.After(Seconds, () => _site.Leader?.Receive(new ContinueRequested(default)));
    }

    private void TalkNonsense()
    {
        WorkerId stranger = new("stranger"),
            worker = AnyWorker()?.Id ?? stranger;
        TrialId trial = AnyTrial(),
            unknown = new(new string('f', 32));
        LeaseKey never = new(trial, 999);
        // csharpier-ignore
        _site.ToLeader(
            _random.NextInt(9) switch
            {
                0 => Said(worker, new EpochReported(never, Training.Measure(0, 1, 1))),
                1 => Said(worker, new EpochReported(new LeaseKey(unknown, 1), Training.Measure(0, 1, 1))),
                2 => Said(worker, new Heartbeat([.. _site.Scenario.Plan.Trials.Select(t => new LeaseKey(t.Id, 1))])),
                3 => Said(worker, new TrialFinished(never, [])),
                4 => Said(stranger, new WorkRequested(3)),
                5 => Said(worker, new WorkRequested(-3)),
                6 => Said(worker, new TrialHandedBack(new LeaseKey(unknown, 0), "no reason")),
                7 => Said(stranger, new DataMissing(never, "no such data")),
                _ => new CancelRequested(default, [unknown]),
            }
        );
    }

    private static MessageReceived Said(WorkerId by, WorkerMessage message) => new(default, by, message);

    private TrialId AnyTrial() => _site.Scenario.Plan.Trials[_random.NextInt(_site.Scenario.Plan.Trials.Count)].Id;
}
