using Rouser.Cluster.Tests;
using Rouser.Coordination;
using Rouser.Web.Feeds;

namespace Rouser.Web.Tests.Feeds;

public sealed class FeedTests : IDisposable
{
    private static readonly TimeSpan TooLong = TimeSpan.FromMinutes(5);

    private readonly MemoryJournal _journal = new();

    public void Dispose() => _journal.Dispose();

    [Fact]
    public void A_tap_gives_what_is_appended_once_somebody_has_asked()
    {
        Event[] events = [.. Runs.AllCompleted().Take(6)];
        _journal.Append(events[..2]);
        JournalTap tap = new(_journal);

        // What was there before is the journal's to tell.
        Assert.Null(tap.Take(0));
        Assert.Equal([], tap.Take(2)!);
        tap.Append(events[2..5]);
        Assert.Equal(events[2..5], tap.Take(2)!);
        tap.Append(events[5..]);
        Assert.Equal(events[5..], tap.Take(5)!);
        Assert.Equal(events, _journal.Events);
    }

    [Fact]
    public void A_tap_keeps_nothing_that_nobody_asks_for()
    {
        JournalTap tap = new(_journal);
        Event[] events = [.. Runs.AllCompleted().Take(3)];
        bool isTold = false;
        tap.Appended += () => isTold = true;
        tap.Append(events);
        Assert.False(isTold);
        Assert.Null(tap.Take(0));
    }

    [Fact]
    public void A_reader_that_lags_too_far_is_sent_to_the_journal()
    {
        JournalTap tap = new(_journal);
        tap.Take(0);
        SweepPaused pause = new(Runs.Start);
        for (int i = 0; i < 3; i++)
            tap.Append([.. Enumerable.Repeat(pause, 9_000)]);
        Assert.Null(tap.Take(0));
        Assert.Equal([], tap.Take(27_000)!);
        tap.Append([pause]);
        Assert.Equal([pause], tap.Take(27_000)!);
    }

    [Fact]
    public void An_append_that_fails_is_shown_to_nobody()
    {
        JournalTap tap = new(_journal);
        tap.Take(0);
        _journal.BeforeAppend = _ => throw new IOException("full");
        Assert.Throws<IOException>(() => tap.Append([new SweepPaused(Runs.Start)]));
        Assert.Equal([], tap.Take(0)!);
    }

    [Fact]
    public void Whoever_falls_out_of_the_ring_takes_the_whole()
    {
        UpdateRing ring = new();
        for (int i = 1; i <= UpdateRing.Length + 1; i++)
            ring.Add([(byte)i]);
        Assert.Null(ring.After(0));
        Assert.Equal(UpdateRing.Length, ring.After(1)!.Count);
        Assert.Equal(
            [
                [(byte)(UpdateRing.Length + 1)],
            ],
            ring.After(UpdateRing.Length)!
        );
        Assert.Empty(ring.After(UpdateRing.Length + 1)!);
        ring.Clear();
        Assert.Null(ring.After(UpdateRing.Length + 1));
    }

    [Fact]
    public async Task A_wait_ends_with_the_next_update()
    {
        UpdateRing ring = new();
        Task waiting = ring.WaitAsync(0, TooLong, CancellationToken.None);
        Assert.False(waiting.IsCompleted);
        ring.Add([1]);
        await waiting.WaitAsync(TooLong);
    }

    [Fact]
    public async Task A_feed_follows_what_its_own_process_appends_and_what_stood_there_before()
    {
        Event[] events = [.. Runs.AllCompleted()];
        _journal.Append(events[..20]);
        JournalTap tap = new(_journal);
        await using RunFeed feed = new(Source() with { Tap = tap }, TimeProvider.System, new LogLines());
        await UntilAsync(feed, view => view.Taken == 20);
        tap.Append(events[20..]);
        await UntilAsync(feed, view => view.State.IsFinished);
    }

    [Fact]
    public async Task A_feed_follows_a_journal_that_others_write()
    {
        Event[] events = [.. Runs.AllCompleted()];
        await using RunFeed feed = new(Source(), TimeProvider.System, new LogLines());
        Assert.True(await feed.IsReadyAsync(CancellationToken.None).WaitAsync(TooLong));
        _journal.Append(events);
        await UntilAsync(feed, view => view.State.IsFinished);
    }

    [Fact]
    public async Task A_run_that_was_given_another_plan_is_opened_anew()
    {
        Sweeps.SweepSpec more = Runs.SpecOf("two-arms", seeds: 4).Value;
        Sweeps.Plan grown = Runs.PlanOf(more);
        bool hasGrown = false;
        RunSource source = new(
            "grows",
            "folder",
            () => new OpenedRun(hasGrown ? more : Runs.Spec, hasGrown ? grown : Runs.Plan, Runs.Environment, () => _journal)
        );
        await using RunFeed feed = new(source, TimeProvider.System, new LogLines());
        Assert.True(await feed.IsReadyAsync(CancellationToken.None).WaitAsync(TooLong));
        hasGrown = true;
        _journal.Append([.. Runs.AllCompleted(grown)]);
        await UntilAsync(feed, view => view.Plan.Trials.Count == 16 && view.State.IsFinished);
    }

    private RunSource Source() =>
        new("run", "folder", () => new OpenedRun(Runs.Spec, Runs.Plan, Runs.Environment, () => _journal));

    /// <summary>Waits for updates until the view is as it should be.</summary>
    private static async Task UntilAsync(RunFeed feed, Func<Web.Model.RunView, bool> isSo)
    {
        using CancellationTokenSource stop = new(TooLong);
        while (true)
        {
            long version = feed.Ring.Version;
            // Between two views there is none.
            if (feed.Fault is null && await feed.IsReadyAsync(stop.Token) && feed.Read(isSo))
                return;
            await feed.Ring.WaitAsync(version, TimeSpan.FromSeconds(1), stop.Token);
        }
    }
}
