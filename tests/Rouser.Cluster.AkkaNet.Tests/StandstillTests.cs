using System.Diagnostics;
using Rouser.Coordination;
using Rouser.Orchestrator.Tests;
using Rouser.Orchestrator.Tests.Cluster;
using Rouser.Testing;

namespace Rouser.Cluster.AkkaNet.Tests;

/// <summary>
/// Processes that stand still (SIGSTOP) until the others do without them, and go on as if nothing had been. A class of
/// its own, so that it waits beside the other processes and not behind them.
/// </summary>
public sealed class StandstillTests(PostgresServer database) : IClassFixture<PostgresServer>, IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_worker_that_stood_still_until_the_cluster_removed_it_joins_again()
    {
        string spec = SmallSweeps.Write(_folder, trials: 2, epochs: 200);
        string undisturbed = await AkkaRun.Undisturbed(_folder, spec);
        using var run = new AkkaRun(_folder, "still", spec);
        NodeAddress address = Nodes.FreeAddress();
        Process orchestrator = run.Serve(address, address),
            worker = run.Work("w1", address);
        await run.Until(events => events.OfType<EpochRecorded>().Any(), "the worker trains");

        await ClusterRun.Signal(worker, "STOP");
        await run.Until(events => events.OfType<AttemptLost>().Any(), "its trial returns");
        await ClusterRun.Signal(worker, "CONT");

        await run.EndWell(orchestrator, worker);
        Assert.Contains(run.Events.OfType<TrialAssigned>(), e => e.Attempt == 2);
        await run.AssertSameAs(undisturbed);
    }

    [Fact]
    public async Task An_orchestrator_that_stood_still_is_fenced_off_and_stands_by()
    {
        for (int time = 0; time < LongForm.Times; time++)
            await StandStill($"still-{time}", null);
    }

    [PostgresFact]
    public async Task An_orchestrator_that_stood_still_is_fenced_off_from_a_database_too()
    {
        for (int time = 0; time < LongForm.Times; time++)
            await StandStill($"database-{time}", $"{database.Address}?journal=still-{time}");
    }

    // 30 s are longer than the cluster bears, so that the standby takes over; the one that stood still then finds the
    // journal in other hands.
    private async Task StandStill(string name, string? journal)
    {
        string spec = SmallSweeps.Write(_folder, trials: 3, epochs: 100);
        string undisturbed = await AkkaRun.Undisturbed(_folder, spec);
        using var run = new AkkaRun(_folder, name, spec, journal);
        NodeAddress[] seeds = [Nodes.FreeAddress(), Nodes.FreeAddress()];
        Process first = run.Serve(seeds[0], seeds);
        await run.UntilServes(seeds[0]);
        Process second = run.Serve(seeds[1], seeds);
        Process[] workers = [run.Work("w1", seeds), run.Work("w2", seeds)];
        await run.Until(() => run.Logged(seeds[0], $"orchestrator {seeds[1]} is in the cluster"), "the standby is there");
        await run.Until(events => events.OfType<EpochRecorded>().Any(), "a worker trains");

        await ClusterRun.Signal(first, "STOP");
        await Task.Delay(TimeSpan.FromSeconds(30));
        await ClusterRun.Signal(first, "CONT");
        await run.UntilServes(seeds[1]);

        await run.EndWell([second, first, .. workers]);
        await run.AssertSameAs(undisturbed);
    }
}
