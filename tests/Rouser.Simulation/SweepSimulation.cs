using Rouser.Coordination;
using Rouser.Core;
using Rouser.Simulation.Actors;
using Rouser.Simulation.Defects;
using Rouser.Simulation.Invariants;
using Rouser.Simulation.Scenarios;
using Rouser.Simulation.World;
using static Rouser.Simulation.Invariants.Invariant;

namespace Rouser.Simulation;

/// <summary>
/// One sweep, from its first worker to its tables. First everything goes wrong that the scenario has in store; then
/// nothing does any more, and the sweep must end well, within a bounded time.
/// </summary>
internal sealed class SweepSimulation
{
    private readonly Site _site;
    private readonly RandomStream _random;
    private bool _isDrained;

    /// <summary>Sets a sweep up; nothing has happened yet.</summary>
    /// <param name="scenario">The sweep, and what goes wrong.</param>
    /// <param name="seed">All else that is random comes from it.</param>
    /// <param name="name">Which of the seed's sweeps it is.</param>
    /// <param name="build">How the orchestrator is put together.</param>
    /// <param name="trace">Takes a line for everything that happens; null for no trace.</param>
    public SweepSimulation(Scenario scenario, long seed, string name, Build build, Action<string>? trace = null)
    {
        _site = new Site(scenario, seed, name, build, trace);
        _random = new RandomStream(seed, $"{name}/course");
    }

    /// <summary>What is on record.</summary>
    public DurableHistory Truth => _site.Truth;

    /// <summary>How many inputs machines have taken.</summary>
    public int Inputs => _site.Inputs;

    /// <summary>How many of them were not the clock's.</summary>
    public int Messages => _site.Messages;

    private Scenario Scenario => _site.Scenario;

    private Timeline Timeline => _site.Timeline;

    private double Seconds => _site.Seconds;

    /// <summary>Runs the sweep to its end.</summary>
    /// <param name="messages">How many messages the orchestrators are given, at most, before all faults stop.</param>
    /// <exception cref="InvariantBrokenException">An invariant does not hold.</exception>
    public void Run(int messages)
    {
        _site.Supervise();
        Disturbances.Begin(_site, _random);
        while (Messages < messages && !Truth.Ledger.IsFinished)
            Timeline.Advance();
        _site.Heal();
        BePatient();
        int choice = _random.NextInt(8);
        bool isCancelled = choice == 0;
        if (isCancelled)
            CancelAll();
        if (choice == 1)
            DrainAll();
        if (choice is 2 or 3)
            GrowPlan();
        Complete(retries: !isCancelled);
        Settle();
        Truth.Ledger.CheckDeferred();
        Truth.CheckProposals();
        Truth.CheckTables();
    }

    // What the user asked for while things went wrong may be heard late. The user who wants the sweep to end sees to
    // it.
    private void BePatient()
    {
        if (Truth.Ledger.IsPaused)
            _site.Leader?.Receive(new ContinueRequested(default));
        if (_site.Leader is { IsDraining: true } && !_isDrained)
            _site.StartOrchestrator();
        Timeline.After(3, BePatient);
    }

    private void CancelAll()
    {
        _site.Note(() => "the user cancels the sweep");
        _site.Leader!.Receive(new CancelRequested(default, [.. Scenario.Plan.Trials.Select(t => t.Id)]));
        Timeline.After(1, () => Demand(Truth.Ledger.IsFinished, $"the sweep was cancelled a second ago, and has not ended"));
        // A command of before may still be under way; whoever gets it is told with its next heartbeat.
        double patience = WithinBeats + Scenario.Faults.DawdleSeconds;
        Timeline.After(
            patience,
            () =>
            {
                WorkerProcess? busy = _site.Workers.FirstOrDefault(w => w.IsUp && w.Attempts.Count > 0);
                Demand(busy is null, $"the sweep was cancelled {patience} s ago, and {busy} still has {busy?.Attempts[0]}");
            }
        );
    }

    private void DrainAll()
    {
        _site.Note(() => "the user drains the sweep");
        _isDrained = true;
        _site.Leader!.Receive(new DrainRequested(default));
        // Who died before cannot hand back; its leases have to run out, once its last messages are no longer under way.
        double longest = WithinBeats + Scenario.Faults.DawdleSeconds + Scenario.Run.Lease.TotalSeconds,
            patience = Seconds + longest;
        while (Truth.Ledger.Count(TrialState.Running) > 0)
        {
            Demand(Seconds < patience, $"the sweep drains for {longest} s, and trials run: {Truth.Ledger.Running[0]}");
            Timeline.Advance();
        }
        _site.Stop();
        _isDrained = false;
        _site.Resume(knowsAllAreGone: true);
    }

    private void GrowPlan()
    {
        if (!Scenario.MayGrow)
            return;
        _site.Stop();
        for (double rest = Seconds + 2; Seconds < rest; )
            Timeline.Advance();
        _site.GrowPlan();
        _site.Resume(knowsAllAreGone: _random.NextInt(2) == 0);
    }

    // Time enough for a worker to be told of something, to do it and to report it.
    private double WithinBeats => 3 * Math.Min(10, Scenario.Run.Lease.TotalSeconds);

    /// <summary>
    /// Nothing goes wrong any more: the sweep ends, and so do those of its trials that went wrong before, if the user
    /// asks for it.
    /// </summary>
    private void Complete(bool retries)
    {
        for (int round = 0; ; round++)
        {
            RunToTheEnd();
            if (!retries || !Truth.Ledger.Accounts.Any(IsWorthARetry))
                return;
            Demand(round < 5, $"nothing goes wrong any more, and trials fail: {Unfinished()}");
            Retry();
        }
    }

    private void RunToTheEnd()
    {
        int left = 0;
        double longest = 0,
            deadline = 0;
        while (!Truth.Ledger.IsFinished)
        {
            // What the user asked for before may only now be heard, and makes more work.
            int nowLeft =
                Truth.Ledger.Count(TrialState.Queued) + Truth.Ledger.Count(TrialState.Running) + Truth.Ledger.OpenChecks;
            if (nowLeft > left)
                (longest, deadline) = (LongestRemainder(), Seconds + LongestRemainder());
            left = nowLeft;
            Demand(
                Seconds < deadline,
                $"nothing goes wrong any more, and after {longest} s the sweep has not ended: {Unfinished()}"
            );
            Timeline.Advance();
        }
    }

    // On a sweep that has ended, all have gone home; the user starts it again.
    private void Retry()
    {
        _site.Note(() => "the user asks for what has failed and what was lost");
        _site.Stop();
        for (double rest = Seconds + 2; Seconds < rest; )
            Timeline.Advance();
        _site.Resume(knowsAllAreGone: false);
        _site.Leader!.Receive(new RetryRequested(default, TrialState.Failed));
        _site.Leader.Receive(new RetryRequested(default, TrialState.Lost));
        for (double patience = Seconds + 2; Seconds < patience && Truth.Ledger.IsFinished; )
            Timeline.Advance();
    }

    /// <summary>What would have gone well if nothing had gone wrong.</summary>
    private bool IsWorthARetry(Account trial) =>
        trial.State == TrialState.Lost
        || (trial.State == TrialState.Failed && Scenario.FailsAt[trial.Place] == 0)
        || (trial.State == TrialState.Failed && trial.Recorded < Scenario.FailsAt[trial.Place] - 1);

    /// <summary>The sweep has ended: before long no worker has anything left to do, or to say.</summary>
    private void Settle()
    {
        // By then the last message of before has arrived, and been answered.
        double end = Seconds + (10 * Scenario.EpochSeconds) + 60 + Scenario.Faults.DawdleSeconds;
        while (Seconds < end)
            Timeline.Advance();
        Demand(Truth.Ledger.IsFinished, $"the sweep had ended, and goes on: {Unfinished()}");
        foreach (WorkerProcess worker in _site.Workers)
            Demand(
                !worker.IsUp || worker.Attempts.Count == 0,
                $"the sweep has ended, and {worker} still has {worker.Attempts[0]}"
            );
    }

    // Every trial on one slot, one after the other, as often as it may fail; and what it takes to find out who is gone.
    private double LongestRemainder()
    {
        double epochs = Truth
            .Ledger.Accounts.Where(a => !a.HasEnded || a.HasOpenCheck)
            .Sum(a => (a.Epochs + 1) * (Scenario.Run.FailedRetries + 3));
        return (epochs * (Scenario.EpochSeconds + 1)) + (10 * Scenario.EpochSeconds) + (6 * Scenario.Run.Lease.TotalSeconds) + 60;
    }

    private string Unfinished() =>
        string.Join(", ", Truth.Ledger.Accounts.Where(a => !a.HasEnded || a.HasOpenCheck || IsWorthARetry(a)).Take(5));
}
