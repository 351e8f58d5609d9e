using Microsoft.Extensions.Time.Testing;
using Rouser.Coordination;
using Rouser.Sweeps;
using Rouser.Testing.Worker;

namespace Rouser.Cluster.Tests;

/// <summary>The order in which a turn of the loop makes durable, acts and answers.</summary>
public sealed class CoordinatorLoopTests : IDisposable
{
    /// <summary>Far more than anything here takes: it only keeps a defect from hanging the tests.</summary>
    private static readonly TimeSpan TooLong = TimeSpan.FromMinutes(5);

    private static readonly WorkerId Worker = new("w");

    private readonly FakeTimeProvider _clock = new();
    private readonly MemoryJournal _journal = new();
    private readonly CancellationTokenSource _stop = new();

    /// <summary>What happened, in order.</summary>
    private readonly List<string> _log = [];

    public void Dispose() => _stop.Dispose();

    [Fact]
    public async Task Events_are_durable_before_effects_run_and_before_anyone_is_told()
    {
        CoordinatorLoop loop = Loop(trials: 1);
        _journal.BeforeAppend = _ => _log.Add("append");
        loop.Send(Joined(slots: 1));
        loop.Send(WantsWork(slots: 1));
        Task<int> answer = loop.Query(state =>
        {
            _log.Add("answer");
            return state.Count(TrialState.Running);
        });
        await RunToTheEnd(loop);

        Assert.Equal(["append", "perform SendCommand", "recorded 1", "answer"], _log);
        Assert.Equal(1, await answer);
    }

    [Fact]
    public async Task Messages_that_arrived_together_share_one_append()
    {
        CoordinatorLoop loop = Loop(trials: 8);
        loop.Send(Joined(slots: 8));
        for (int i = 1; i <= 8; i++)
            loop.Send(WantsWork(slots: 1));
        await RunToTheEnd(loop);

        Assert.Equal(8, Assert.Single(_journal.Appends).Count);
        Assert.Equal([.. Enumerable.Repeat("perform SendCommand", 8), "recorded 8"], _log);
    }

    [Fact]
    public async Task What_decides_nothing_appends_nothing()
    {
        CoordinatorLoop loop = Loop(trials: 1);
        loop.Send(Joined(slots: 1));
        await RunToTheEnd(loop);
        Assert.Empty(_journal.Appends);
        Assert.Empty(_log);
    }

    [Fact]
    public async Task A_journal_that_fails_ends_the_loop_before_any_effect()
    {
        CoordinatorLoop loop = Loop(trials: 1);
        _journal.BeforeAppend = _ => throw new IOException("the disk is full");
        loop.Send(Joined(slots: 1));
        loop.Send(WantsWork(slots: 1));

        var error = await Assert.ThrowsAsync<IOException>(() => loop.RunAsync(_stop.Token).WaitAsync(TooLong));
        Assert.Equal("the disk is full", error.Message);
        Assert.Empty(_log);
        loop.Send(WantsWork(slots: 1));
    }

    // A question that shared its turn with the failing append was neither answered nor cancelled, and who asked it
    // waited for ever.
    [Fact]
    public async Task A_journal_that_fails_leaves_no_question_open()
    {
        CoordinatorLoop loop = Loop(trials: 1);
        _journal.BeforeAppend = _ => throw new IOException("the disk is full");
        loop.Send(Joined(slots: 1));
        loop.Send(WantsWork(slots: 1));
        Task<int> sameTurn = loop.Query(state => state.Trials.Count),
            nextTurn = loop.Query(state => state.Trials.Count);
        await Assert.ThrowsAsync<IOException>(() => loop.RunAsync(_stop.Token).WaitAsync(TooLong));
        Task<int> afterwards = loop.Query(state => state.Trials.Count);

        foreach (Task<int> question in new[] { sameTurn, nextTurn, afterwards })
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => question.WaitAsync(TooLong));
    }

    [Fact]
    public async Task What_is_asked_for_is_chosen_by_the_state_before_it_and_answered_by_its_own_events_once_they_are_durable()
    {
        CoordinatorLoop loop = Loop(trials: 3);
        loop.Send(Joined(slots: 1));
        loop.Send(WantsWork(slots: 1));
        Task<(int, int)> cancelled = loop.Ask(
            state => [new CancelRequested(default, [.. state.Trials.Where(t => !t.HasEnded).Select(t => t.Planned.Id)])],
            (_, events) => (events.Count, _journal.Events.Count)
        );
        Task<int> again = loop.Ask(
            state => [new CancelRequested(default, [.. state.Trials.Select(t => t.Planned.Id)])],
            (_, events) => events.Count
        );
        await RunToTheEnd(loop);
        // The assignment is not among the three, but durable before them.
        Assert.Equal((3, 4), await cancelled);
        Assert.Equal(0, await again);
    }

    [Fact]
    public async Task A_question_that_throws_is_the_askers_problem_and_not_the_sweeps()
    {
        CoordinatorLoop loop = Loop(trials: 1);
        Task<int> wrong = loop.Query<int>(_ => throw new InvalidOperationException("a display's defect"));
        Task<int> right = loop.Query(state => state.Trials.Count);
        await RunToTheEnd(loop);

        await Assert.ThrowsAsync<InvalidOperationException>(() => wrong);
        Assert.Equal(1, await right);
    }

    [Fact]
    public async Task What_is_in_the_mailbox_when_the_loop_is_stopped_is_still_taken()
    {
        CoordinatorLoop loop = Loop(trials: 3000);
        loop.Send(Joined(slots: 3000));
        for (int i = 0; i < 3000; i++)
            loop.Send(WantsWork(slots: 1));
        await RunToTheEnd(loop);
        Assert.Equal(3000, _journal.Events.Count);
        Assert.True(_journal.Appends.Count > 1, "A flood is taken in several turns.");
    }

    [Fact]
    public async Task Time_reaches_the_machine_by_ticks()
    {
        CoordinatorLoop loop = Loop(trials: 1);
        loop.Send(Joined(slots: 1));
        loop.Send(WantsWork(slots: 1));
        Task running = loop.RunAsync(_stop.Token);
        await loop.Query(state => state.Trials.Count).WaitAsync(TooLong);
        _clock.Advance(TinyTrials.Run.Lease);

        Assert.Equal(TrialState.Queued, await loop.Query(state => state.Trials[0].State).WaitAsync(TooLong));
        Assert.IsType<AttemptLost>(_journal.Events[^1]);
        await _stop.CancelAsync();
        await running.WaitAsync(TooLong);
    }

    private CoordinatorLoop Loop(int trials)
    {
        Plan plan = TinyTrials.Plan(trials, epochs: 2);
        return new(
            new Coordinator(plan, TinyTrials.Run, []),
            _journal,
            _clock,
            effect => _log.Add($"perform {effect.GetType().Name}"),
            events => _log.Add($"recorded {events.Count}"),
            fault => _log.Add($"fault {fault.Message}")
        );
    }

    /// <summary>Takes what is in the mailbox and ends, as a loop does that is stopped at once.</summary>
    private async Task RunToTheEnd(CoordinatorLoop loop)
    {
        await _stop.CancelAsync();
        await loop.RunAsync(_stop.Token).WaitAsync(TooLong);
    }

    private static MessageReceived Joined(int slots) => new(default, Worker, new WorkerJoined(slots));

    private static MessageReceived WantsWork(int slots) => new(default, Worker, new WorkRequested(slots));
}
