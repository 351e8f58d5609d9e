using Rouser.Cluster.Http;
using Rouser.Cluster.Tests.Http;
using Rouser.Cluster.Wire;
using Rouser.Coordination;
using Rouser.Snn.Thresholds;
using Rouser.Storage.Journals;
using Rouser.Testing.Worker;

namespace Rouser.Cluster.Tests.Trust;

/// <summary>
/// Every trial trained twice (<c>run.cross_check: 1</c>) over real connections: lies that no check of a single number
/// can find are found by a second worker, whichever of the two lies, and no second training keeps a sweep from its
/// end or changes its results.
/// </summary>
public sealed class CrossCheckTests : IAsyncLifetime
{
    private const int Trials = 2;

    private static readonly WorkerId Liar = new("liar");

    private HttpSweep _sweep = null!;
    private OrchestratorClient _client = null!;

    public async Task InitializeAsync()
    {
        _sweep = await HttpSweep.StartCheckedAsync(Trials, share: 1);
        _client = _sweep.Client();
    }

    public async Task DisposeAsync()
    {
        _client.Dispose();
        await _sweep.DisposeAsync();
    }

    [Fact]
    public async Task Two_honest_workers_agree_on_every_trial()
    {
        using OrchestratorClient client = _sweep.Client();
        using HttpWorker other = _sweep.Worker("other", client);
        Task<bool> trained = other.RunAsync(CancellationToken.None);
        await _sweep.FinishAsync();
        Assert.True(await trained.WaitAsync(HttpSweep.TooLong));
        Assert.Equal(Trials, Events<CheckPassed>().Select(e => e.Trial).Distinct().Count());
        Assert.Empty(Events<ResultsDisagreed>());
    }

    // Finite, in its range, of the right shape: nothing but another training can tell.
    [Fact]
    public async Task A_plausible_result_that_was_never_trained_is_an_alarm_that_names_both()
    {
        WorkerCommand.Assign taken = await Take();
        await TellAll(taken);
        await Leave();
        await _sweep.FinishAsync();
        ResultsDisagreed alarm = Assert.Single(Events<ResultsDisagreed>());
        Assert.Equal((taken.Lease.Trial, Liar, new WorkerId("finisher")), (alarm.Trial, alarm.First, alarm.Second));
    }

    [Theory]
    [InlineData("another number in the first epoch")]
    [InlineData("another distance at the end")]
    [InlineData("an error")]
    [InlineData("silence")]
    [InlineData("a hand-back")]
    public async Task A_second_worker_that_lies_changes_no_result_and_ends_no_sweep(string lie)
    {
        await TrainAllBut(Liar);
        WorkerCommand.Assign check = await Take();
        byte[][] before = Results();
        EpochReported[] said =
        [
            .. Events<EpochRecorded>()
                .Where(e => e.Trial == check.Lease.Trial)
                .Select(e => new EpochReported(check.Lease, e.Metrics)),
        ];
        Assert.Equal(WirePlan.Epochs, said.Length);
        switch (lie)
        {
            case "another number in the first epoch":
                await Say(
                    said[0] with
                    {
                        Metrics = said[0].Metrics with { TestAccuracy = 1 - said[0].Metrics.TestAccuracy + 0.001 },
                    }
                );
                break;
            case "another distance at the end":
                await Say(said);
                await Say(new TrialFinished(check.Lease, TinyTrials.Distances(WirePlan.Epochs)));
                break;
            case "an error":
                await Say(new TrialErrored(check.Lease, "the loss is not finite", Repeats: true));
                break;
            case "a hand-back":
                await Say(new TrialHandedBack(check.Lease, "stopped"));
                break;
        }
        await Leave();
        await _sweep.FinishAsync();
        Assert.Equal(before, Results());
        if (lie is "silence" or "a hand-back")
            Assert.Empty(Events<ResultsDisagreed>());
        else
            Assert.Equal(
                (check.Lease.Trial, Liar),
                (Assert.Single(Events<ResultsDisagreed>()).Trial, Events<ResultsDisagreed>()[0].Second)
            );
    }

    private async Task TrainAllBut(WorkerId checker)
    {
        using OrchestratorClient client = _sweep.Client();
        using HttpWorker honest = _sweep.Worker("honest", client);
        using var leave = new CancellationTokenSource();
        Task<bool> training = honest.RunAsync(leave.Token);
        for (int tries = 0; await _sweep.Service.Query(state => state.Trials.Any(t => t.State != TrialState.Completed)); tries++)
        {
            Assert.True(tries < 6000, $"nobody trains before {checker} may look");
            await Task.Delay(50);
        }
        await leave.CancelAsync();
        Assert.False(await training.WaitAsync(HttpSweep.TooLong));
    }

    private async Task<WorkerCommand.Assign> Take()
    {
        await Say(new WorkerJoined(1), new WorkRequested(1));
        for (; ; )
        {
            IReadOnlyList<WorkerCommand>? orders = await _client
                .AskForCommandsAsync(Liar, CancellationToken.None)
                .WaitAsync(HttpSweep.TooLong);
            if (orders!.OfType<WorkerCommand.Assign>().FirstOrDefault() is { } taken)
                return taken;
        }
    }

    private async Task TellAll(WorkerCommand.Assign taken)
    {
        bool learned = taken.Trial.Settings.Threshold is TrainedThreshold;
        foreach (int epoch in Enumerable.Range(1, WirePlan.Epochs))
            await Say(new EpochReported(taken.Lease, TinyTrials.Epoch(epoch, learned)));
        await Say(new TrialFinished(taken.Lease, TinyTrials.Distances(WirePlan.Epochs)));
    }

    private byte[][] Results() => [.. Events<EpochRecorded>().Select(e => EventJson.Write(e))];

    private T[] Events<T>() => [.. _sweep.Journal.Events.OfType<T>()];

    private Task Leave() => Say(new WorkerLeft("it is done"));

    private async Task Say(params WorkerMessage[] messages) =>
        Assert.True(
            await _client.SendAsync(new WorkerMessages(Liar, messages), CancellationToken.None).WaitAsync(HttpSweep.TooLong)
        );
}
