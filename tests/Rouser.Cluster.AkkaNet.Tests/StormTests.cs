using System.Diagnostics;
using System.Globalization;
using Rouser.Coordination;
using Rouser.Orchestrator.Tests;
using Rouser.Orchestrator.Tests.Cluster;
using Xunit.Abstractions;

namespace Rouser.Cluster.AkkaNet.Tests;

/// <summary>
/// Processes of the real program that are killed all the time. A class of its own, so that it waits beside the other
/// processes and not behind them.
/// </summary>
public sealed class StormTests(ITestOutputHelper output) : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    // 40 trials and two orchestrators by default; in the long form 200 and five.
    [Fact]
    public async Task Every_trial_ends_once_while_workers_and_orchestrators_are_killed_over_and_over()
    {
        int trials = LongForm.IsAskedFor ? 200 : 40,
            orchestratorKills = LongForm.IsAskedFor ? 5 : 2;
        string spec = SmallSweeps.Write(_folder, trials, epochs: 2, "run: {retries: {lost: 1000}}");
        string undisturbed = await AkkaRun.Undisturbed(_folder, spec);
        using var run = new AkkaRun(_folder, "storm", spec);
        NodeAddress[] seeds = [Nodes.FreeAddress(), Nodes.FreeAddress()];
        Process[] orchestrators = [.. seeds.Select(seed => run.Serve(seed, seeds))];
        string[] names = ["w0-0", "w1-0", "w2-0"];
        Process[] workers = [.. names.Select(name => run.Work(name, seeds))];
        var random = new Random(7);
        int killedOrchestrators = 0,
            killedWorkers = 0;
        long sinceKill = Stopwatch.GetTimestamp();
        while (!orchestrators.Any(o => o.HasExited))
        {
            await Task.Delay(200);
            IReadOnlyList<Event> events = run.Events;
            int completed = events.OfType<TrialCompleted>().Count();
            // At places of the sweep rather than of the clock, so that each kill meets work. Whoever it is may be in
            // charge or stand by.
            bool isOrchestratorsTurn =
                killedOrchestrators < orchestratorKills
                && completed > trials * (killedOrchestrators + 1) / (orchestratorKills + 2);
            if (isOrchestratorsTurn)
            {
                int which = killedOrchestrators % 2;
                await ClusterRun.Kill(orchestrators[which]);
                orchestrators[which] = run.Serve(seeds[which], seeds);
                killedOrchestrators++;
            }
            int victim = random.Next(workers.Length);
            // With each orchestrator, and every two seconds; but on a loaded machine not before it has got something
            // done, so that the sweep comes to its end everywhere.
            bool isItsTurn =
                Stopwatch.GetElapsedTime(sinceKill) > TimeSpan.FromSeconds(2) && CompletedBy(names[victim], events) >= 3;
            if (completed == trials || !(isOrchestratorsTurn || isItsTurn))
                continue;
            sinceKill = Stopwatch.GetTimestamp();
            await ClusterRun.Kill(workers[victim]);
            killedWorkers++;
            names[victim] = string.Create(CultureInfo.InvariantCulture, $"w{victim}-{killedWorkers}");
            workers[victim] = run.Work(names[victim], seeds);
        }

        await run.EndWell(orchestrators);
        Assert.Equal(orchestratorKills, killedOrchestrators);
        Assert.True(killedWorkers >= orchestratorKills);
        output.WriteLine($"{killedWorkers} workers killed; {run.Events.OfType<AttemptLost>().Count()} attempts lost");
        await run.AssertSameAs(undisturbed);
    }

    private static int CompletedBy(string worker, IReadOnlyList<Event> events)
    {
        HashSet<LeaseKey> given =
        [
            .. events.OfType<TrialAssigned>().Where(e => e.Worker.Value == worker).Select(e => new LeaseKey(e.Trial, e.Attempt)),
        ];
        return events.OfType<TrialCompleted>().Count(e => given.Contains(new LeaseKey(e.Trial, e.Attempt)));
    }
}
