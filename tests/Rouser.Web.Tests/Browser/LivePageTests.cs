using Rouser.Cluster.Tests;
using Rouser.Coordination;
using Rouser.Sweeps;
using Rouser.Testing;

namespace Rouser.Web.Tests.Browser;

/// <summary>
/// The page in Debian's Chromium (<see cref="BrowserScript"/>).
/// </summary>
public sealed class LivePageTests : IDisposable
{
    private readonly MemoryJournal _journal = new();

    public void Dispose() => _journal.Dispose();

    [SkippableFact]
    public async Task Every_view_is_clean_at_every_width_in_both_schemes_and_asks_nobody_else()
    {
        PlannedTrial[] trials = [.. Runs.Plan.Trials];
        WorkerId lost = new("<img src=x onerror=alert(1)>");
        _journal.Append([
            .. Runs.AllCompleted()
                .Where(e => e is not ITrialEvent { Trial: var t } || (t != trials[^1].Id && t != trials[^2].Id)),
            new TrialAssigned(Runs.Start.AddMinutes(5), trials[^1].Id, 1, lost),
            new AttemptLost(Runs.Start.AddMinutes(6), trials[^1].Id, 1, "it was silent for 60 s", Final: true),
            new TrialAssigned(Runs.Start.AddMinutes(7), trials[^2].Id, 1, new WorkerId("w2")),
            new AttemptFailed(Runs.Start.AddMinutes(8), trials[^2].Id, 1, "<b>diverged</b> & \"more\"", Final: true),
        ]);
        await using PageSite site = await PageSite.StartAsync(_journal);
        await CheckAsync("look", site, []);
    }

    [SkippableFact]
    public async Task A_sweep_is_followed_to_its_end_with_pause_cancel_retry_and_continue()
    {
        await using PageSite site = await PageSite.StartAsync(_journal, trains: true);
        await CheckAsync("act", site, new() { ["train"] = Sync(site.Gate.Open) });
        Assert.True((await site.EndAsync()).Finished);
        // What was asked for on the page stands in the journal, once each.
        Assert.Single(_journal.Events.OfType<SweepPaused>());
        Assert.Single(_journal.Events.OfType<SweepContinued>());
        Assert.Equal(2, _journal.Events.OfType<TrialCancelled>().Count());
        Assert.Single(_journal.Events.OfType<TrialRequeued>());
        Assert.Equal(["pilot", "october"], Assert.Single(_journal.Events.OfType<SweepAnnotated>()).Change.Added);
        Assert.Equal([1, 3], _journal.Events.OfType<TrialsAnnotated>().Select(e => e.Trials.Count));
        Assert.DoesNotContain(site.Log, line => line.Contains(PageSite.Secret, StringComparison.Ordinal));
    }

    [SkippableFact]
    public async Task A_completed_trial_shows_its_confusion_matrix_and_a_test_sample_in_its_network()
    {
        _journal.Append([.. Runs.AllCompleted()]);
        KeptSamples kept = new();
        await using PageSite site = await PageSite.StartAsync(_journal, kept: kept);
        await CheckAsync("kept", site, new() { ["reading"] = () => kept.Reading, ["left"] = () => kept.Left });
    }

    [SkippableFact]
    public async Task A_page_goes_on_by_itself_when_the_orchestrator_was_killed_and_came_back()
    {
        PageSite site = await PageSite.StartAsync(_journal, trains: true);
        int port = site.Address.Port;
        try
        {
            await CheckAsync(
                "return",
                site,
                new()
                {
                    ["kill"] = () => site.DisposeAsync().AsTask(),
                    ["back"] = async () =>
                    {
                        site = await PageSite.StartAsync(_journal, trains: true, port);
                        site.Gate.Open();
                    },
                }
            );
        }
        finally
        {
            await site.DisposeAsync();
        }
    }

    [SkippableFact]
    public async Task A_page_without_the_token_shows_nothing_and_a_wrong_one_is_refused()
    {
        _journal.Append([.. Runs.AllCompleted()]);
        await using PageSite site = await PageSite.StartAsync(_journal);
        await CheckAsync("refuse", site, []);
        Assert.Contains(site.Log, line => line.Contains("the token is not the orchestrator's", StringComparison.Ordinal));
        Assert.DoesNotContain(site.Log, line => line.Contains("not-the-token", StringComparison.Ordinal));
    }

    private static Func<Task> Sync(Action act) =>
        () =>
        {
            act();
            return Task.CompletedTask;
        };

    private static Task CheckAsync(string scenario, PageSite site, Dictionary<string, Func<Task>> outside) =>
        BrowserScript.RunAsync(scenario, site.Address, PageSite.Secret, outside);
}
