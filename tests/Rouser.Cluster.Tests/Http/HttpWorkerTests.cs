using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Builder;
using Rouser.Cluster.Http;
using Rouser.Cluster.Serving;
using Rouser.Coordination;
using Rouser.Data;
using Rouser.Snn;
using Rouser.Storage.Checkpoints;
using Rouser.Testing.Worker;

namespace Rouser.Cluster.Tests.Http;

/// <summary>Workers that reach their orchestrator over real connections, and lose it.</summary>
public sealed class HttpWorkerTests : IDisposable
{
    private readonly MemoryJournal _journal = new();
    private readonly Gate _gate = new();

    public void Dispose()
    {
        _gate.Dispose();
        _journal.Dispose();
    }

    [Fact]
    public async Task Two_workers_train_every_trial_once_and_go_when_the_sweep_has_ended()
    {
        await using HttpSweep sweep = await HttpSweep.StartAsync(trials: 20);
        using OrchestratorClient client = sweep.Client();
        using HttpWorker one = sweep.Worker("one", client, slots: 2),
            two = sweep.Worker("two", client, slots: 2);
        bool[] ended = await Task.WhenAll(one.RunAsync(CancellationToken.None), two.RunAsync(CancellationToken.None))
            .WaitAsync(HttpSweep.TooLong);
        Assert.Equal([true, true], ended);
        sweep.AssertWhole();
        Assert.All(sweep.Journal.Events.OfType<TrialAssigned>(), e => Assert.Equal(1, e.Attempt));
    }

    [Fact]
    public async Task A_worker_keeps_its_trial_while_the_orchestrator_is_away_and_reports_it_afterwards()
    {
        HttpSweep first = await HttpSweep.StartAsync(trials: 1, _journal);
        int port = first.Address.Port;
        using OrchestratorClient client = first.Client();
        using HttpWorker worker = first.Worker("w", client, engines: Gated, checkpoints: new MemoryCheckpoints());
        Task<bool> running = worker.RunAsync(CancellationToken.None);
        _gate.AwaitArrival();
        await first.DisposeAsync();

        // It trains on alone, to the end.
        _gate.Open();
        await Task.Delay(500);
        Assert.DoesNotContain(_journal.Events, e => e is TrialCompleted);

        await using HttpSweep second = await HttpSweep.StartAsync(trials: 1, _journal, port);
        Assert.True(await running.WaitAsync(HttpSweep.TooLong));
        second.AssertWhole();
        Assert.Equal(1, Assert.Single(_journal.Events.OfType<TrialAssigned>()).Attempt);
    }

    [Fact]
    public async Task A_worker_that_knows_two_orchestrators_asks_the_one_that_serves_and_goes_on_with_the_one_that_takes_over()
    {
        HttpSweep first = await HttpSweep.StartAsync(trials: 2, _journal);
        var later = new CurrentSweep();
        await using WebApplication standby = await HttpHost.StartAsync(
            later,
            new SweepFiles(new CheckpointFiles("none"), _ => null),
            new LogLines()
        );
        using var client = new OrchestratorClient(
            [new HttpEndpoint(standby.HttpAddress(), HttpSweep.Token()), new HttpEndpoint(first.Address, HttpSweep.Token())],
            null
        );
        using HttpWorker worker = first.Worker("w", client, slots: 2, engines: Gated, checkpoints: new MemoryCheckpoints());
        Task<bool> running = worker.RunAsync(CancellationToken.None);
        _gate.AwaitArrival();
        _gate.AwaitArrival();
        await first.DisposeAsync();

        var service = new SweepService(
            first.Plan,
            TinyTrials.Run,
            new SweepResources(_journal, new MemoryCheckpoints()),
            TimeProvider.System,
            _ => { },
            new LogLines()
        );
        Task<SweepEnd> serving = service.RunAsync(service.SettleAsync, CancellationToken.None);
        later.Service = service;
        _gate.Open();
        Assert.Equal(new SweepEnd(true, null), await serving.WaitAsync(HttpSweep.TooLong));
        Assert.True(await running.WaitAsync(HttpSweep.TooLong));
        first.AssertWhole();
        Assert.All(_journal.Events.OfType<TrialAssigned>(), e => Assert.Equal(1, e.Attempt));
    }

    [Fact]
    public async Task A_worker_that_is_asked_to_leave_hands_its_trial_back_with_a_checkpoint_that_the_next_one_goes_on_from()
    {
        await using HttpSweep sweep = await HttpSweep.StartAsync(trials: 1);
        using var leave = new CancellationTokenSource();
        using OrchestratorClient client = sweep.Client();
        using HttpWorker worker = sweep.Worker("w", client, engines: Gated);
        Task<bool> running = worker.RunAsync(leave.Token);
        // Three batches an epoch and two of the test: after six it is in the second epoch.
        _gate.AwaitArrival();
        for (int batch = 0; batch < 6; batch++)
            _gate.LetOne();
        await leave.CancelAsync();
        _gate.Open();
        Assert.False(await running.WaitAsync(HttpSweep.TooLong));

        AttemptReturned returned = Assert.Single(sweep.Journal.Events.OfType<AttemptReturned>());
        Assert.True(File.Exists(sweep.Checkpoints.PathOf(returned.Trial, Storage.Checkpoints.CheckpointFiles.Checkpoint)));
        Assert.Single(sweep.Log, line => line == "w left: the worker has left");
        int trained = 0;
        await sweep.FinishAsync(settings => new ScriptedEngine(settings) { BeforeBatch = (_, _) => trained++ });
        Assert.Equal((WirePlan.Epochs - 1) * 5, trained);
        Assert.Empty(sweep.Journal.Events.OfType<AttemptLost>());
        Assert.False(Directory.Exists(sweep.Checkpoints.FolderOf(returned.Trial)));
    }

    [Fact]
    public async Task An_orchestrator_that_is_stopped_gets_trials_back_and_its_workers_wait_for_the_next_one()
    {
        HttpSweep first = await HttpSweep.StartAsync(trials: 2, _journal);
        int port = first.Address.Port;
        using OrchestratorClient client = first.Client();
        using HttpWorker worker = first.Worker("w", client, slots: 2, engines: Gated, checkpoints: new MemoryCheckpoints());
        Task<bool> running = worker.RunAsync(CancellationToken.None);
        _gate.AwaitArrival();
        _gate.AwaitArrival();
        Task<SweepEnd> draining = first.DrainAsync();
        _gate.Open();
        Assert.Equal(new SweepEnd(false, null), await draining);
        await first.DisposeAsync();
        Assert.False(running.IsCompleted);

        await using HttpSweep second = await HttpSweep.StartAsync(trials: 2, _journal, port);
        Assert.True(await running.WaitAsync(HttpSweep.TooLong));
        second.AssertWhole();
        Assert.Empty(_journal.Events.OfType<AttemptLost>());
    }

    [Fact]
    public async Task A_worker_without_the_data_says_so_and_another_trains()
    {
        await using HttpSweep sweep = await HttpSweep.StartAsync();
        using var leave = new CancellationTokenSource();
        using OrchestratorClient client = sweep.Client();
        using HttpWorker without = sweep.Worker("without", client, load: (_, _) => (Dataset?)null);
        Task<bool> running = without.RunAsync(leave.Token);
        using var patience = new CancellationTokenSource(HttpSweep.TooLong);
        while (!sweep.Journal.Events.OfType<AttemptReturned>().Any())
            await Task.Delay(10, patience.Token);
        await sweep.FinishAsync();
        Assert.True(await running.WaitAsync(HttpSweep.TooLong));
        Assert.Single(sweep.Journal.Events.OfType<TrialAssigned>(), e => e.Worker == new WorkerId("without"));
    }

    [Fact]
    public async Task A_wrong_token_ends_the_worker_with_a_line_that_says_so()
    {
        await using HttpSweep sweep = await HttpSweep.StartAsync();
        using OrchestratorClient client = sweep.Client("another-secret-of-the-tests");
        using HttpWorker worker = sweep.Worker("w", client);
        RefusedException refused = await Assert.ThrowsAsync<RefusedException>(() =>
            worker.RunAsync(CancellationToken.None).WaitAsync(HttpSweep.TooLong)
        );
        Assert.Equal("the orchestrator refuses (401): the token is not the orchestrator's", refused.Message);
        await sweep.FinishAsync();
    }

    [Fact]
    public async Task A_worker_of_another_engine_trains_nothing_and_ends_with_a_line_that_says_why()
    {
        await using HttpSweep sweep = await HttpSweep.StartAsync();
        using OrchestratorClient client = sweep.Client();
        using HttpWorker worker = sweep.Worker("w", client, engine: "fused/0");
        RefusedException refused = await Assert.ThrowsAsync<RefusedException>(() =>
            worker.RunAsync(CancellationToken.None).WaitAsync(HttpSweep.TooLong)
        );
        Assert.StartsWith("planned for ", refused.Message, StringComparison.Ordinal);
        await sweep.FinishAsync();
    }

    [Fact]
    public async Task Over_https_a_worker_trusts_the_certificate_that_it_was_given_and_no_other()
    {
        using X509Certificate2 own = Certificate(),
            other = Certificate();
        await using HttpSweep sweep = await HttpSweep.StartAsync(certificate: own);
        Assert.Equal("https", sweep.Address.Scheme);
        using var stranger = new OrchestratorClient([new HttpEndpoint(sweep.Address, HttpSweep.Token())], other);
        using HttpWorker refused = sweep.Worker("stranger", stranger);
        await Assert.ThrowsAsync<RefusedException>(() => refused.RunAsync(CancellationToken.None).WaitAsync(HttpSweep.TooLong));

        using var client = new OrchestratorClient([new HttpEndpoint(sweep.Address, HttpSweep.Token())], own);
        using HttpWorker worker = sweep.Worker("w", client);
        Assert.True(await worker.RunAsync(CancellationToken.None).WaitAsync(HttpSweep.TooLong));
        sweep.AssertWhole();
    }

    [Fact]
    public async Task A_sweep_that_is_paused_hands_nothing_out_until_it_continues_and_what_is_cancelled_ends()
    {
        await using HttpSweep sweep = await HttpSweep.StartAsync(trials: 3);
        using OrchestratorClient client = sweep.Client();
        Assert.StartsWith(
            "paused",
            await client.AskAsync(new ControlRequest.Pause(), CancellationToken.None),
            StringComparison.Ordinal
        );
        using HttpWorker worker = sweep.Worker("w", client);
        Task<bool> running = worker.RunAsync(CancellationToken.None);
        using var patience = new CancellationTokenSource(HttpSweep.TooLong);
        while (!sweep.Log.Any(line => line.StartsWith("w joined", StringComparison.Ordinal)))
            await Task.Delay(10, patience.Token);
        await Task.Delay(100);
        Assert.DoesNotContain(sweep.Journal.Events, e => e is TrialAssigned);

        string cancelled = sweep.Plan.Trials[1].Id.Value;
        Assert.Contains(
            "cancelled 1 trial of the sweep's 3 trials",
            await client.AskAsync(new ControlRequest.Cancel(cancelled[..12], null), CancellationToken.None),
            StringComparison.Ordinal
        );
        RefusedException refused = await Assert.ThrowsAsync<RefusedException>(() =>
            client.AskAsync(new ControlRequest.Cancel(null, "nobody"), CancellationToken.None)
        );
        Assert.Contains("no arm 'nobody'", refused.Message, StringComparison.Ordinal);
        Assert.NotNull(await client.AskAsync(new ControlRequest.Continue(), CancellationToken.None));

        Assert.True(await running.WaitAsync(HttpSweep.TooLong));
        Assert.Equal(2, sweep.Journal.Events.OfType<TrialCompleted>().Count());
        Assert.Equal(cancelled, Assert.Single(sweep.Journal.Events.OfType<TrialCancelled>()).Trial.Value);
    }

    [Fact]
    public async Task Data_sets_of_the_plan_are_given_by_digest()
    {
        await using HttpSweep sweep = await HttpSweep.StartAsync();
        using OrchestratorClient client = sweep.Client();
        using var taken = new MemoryStream();
        Assert.True(
            await client.FetchAsync(
                $"datasets/{TinyTrials.Data.Digest}",
                content => content.CopyToAsync(taken),
                CancellationToken.None
            )
        );
        Assert.Equal("packed"u8, taken.ToArray());
        await sweep.FinishAsync();
    }

    [Fact]
    public async Task Health_is_open_to_all_and_metrics_to_those_with_the_token()
    {
        await using HttpSweep sweep = await HttpSweep.StartAsync(trials: 3);
        using var http = new HttpClient { BaseAddress = sweep.Address };
        Assert.Equal("ok\n", await http.GetStringAsync("/healthz"));
        Assert.Equal("ok\n", await http.GetStringAsync("/readyz"));
        http.DefaultRequestHeaders.Authorization = new("Bearer", HttpSweep.Secret);
        string metrics = await http.GetStringAsync("/metrics");
        Assert.Contains("rouser_trials{state=\"queued\"} 3\n", metrics, StringComparison.Ordinal);

        await sweep.DrainAsync();
        using HttpResponseMessage ready = await http.GetAsync("/readyz");
        Assert.Equal(HttpStatusCode.ServiceUnavailable, ready.StatusCode);
    }

    private ITrainingEngine Gated(TrainingSettings settings) =>
        new ScriptedEngine(settings) { BeforeBatch = (_, _) => _gate.Pass() };

    private static X509Certificate2 Certificate()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=rouser-test", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddIpAddress(IPAddress.Loopback);
        request.CertificateExtensions.Add(names.Build());
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        using X509Certificate2 made = request.CreateSelfSigned(
            DateTimeOffset.UtcNow.AddDays(-1),
            DateTimeOffset.UtcNow.AddDays(1)
        );
        return X509CertificateLoader.LoadPkcs12(made.Export(X509ContentType.Pkcs12), null);
    }
}
