using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Time.Testing;
using Rouser.Cluster.Http;
using Rouser.Cluster.Serving;
using Rouser.Cluster.Wire;
using Rouser.Coordination;
using Rouser.Core;
using Rouser.Data;
using Rouser.Results;
using Rouser.Snn;
using Rouser.Storage.Checkpoints;
using Rouser.Storage.Datasets;
using Rouser.Sweeps;
using Rouser.Testing.Worker;

namespace Rouser.Cluster.Tests.Http;

/// <summary>Checkpoints and data sets on their way between workers and the orchestrator.</summary>
public sealed class RemoteFilesTests : IAsyncLifetime, IDisposable
{
    private readonly FakeTimeProvider _clock = new();
    private readonly TemporaryFolder _folder = new();
    private readonly LogLines _log = new();
    private HttpSweep _sweep = null!;
    private OrchestratorClient _client = null!;
    private TrialId _trial;

    public async Task InitializeAsync()
    {
        _sweep = await HttpSweep.StartAsync(trials: 1);
        _client = _sweep.Client();
        var worker = new WorkerId("w");
        await _client.SendAsync(new WorkerMessages(worker, [new WorkerJoined(1), new WorkRequested(1)]), CancellationToken.None);
        IReadOnlyList<WorkerCommand>? orders = await _client.AskForCommandsAsync(worker, CancellationToken.None);
        _trial = orders!.OfType<WorkerCommand.Assign>().Single().Lease.Trial;
    }

    public async Task DisposeAsync() => await _sweep.DisposeAsync();

    public void Dispose()
    {
        _client.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public void A_trial_is_copied_once_it_has_cost_some_time_and_another_worker_goes_on_from_the_copy()
    {
        RemoteCheckpoints own = Store("w");
        Assert.Null(own.Load(_trial));
        Save(own, epoch: 1);
        Assert.False(HasCopy());
        _clock.Advance(TimeSpan.FromSeconds(10));
        Save(own, epoch: 2);
        Assert.True(HasCopy());

        RemoteCheckpoints other = Store("other");
        Checkpoint? found = other.Load(_trial);
        Assert.Equal(2, found!.History.Count);
        Assert.Equal([1f, 1f], other.LoadWeights(_trial, 1)![0]);
        Assert.Equal([2f, 2f], other.LoadWeights(_trial, 2)![0]);
    }

    [Fact]
    public void What_is_handed_over_is_copied_at_once()
    {
        RemoteCheckpoints own = Store("w");
        Save(own, epoch: 1);
        own.HandOver(_trial);
        Assert.Single(Store("other").Load(_trial)!.History);
    }

    [Fact]
    public void At_its_end_a_trial_hands_over_its_last_checkpoint_and_no_weights_of_epochs()
    {
        RemoteCheckpoints own = Store("w");
        Save(own, epoch: 1);
        Assert.False(HasCopy());
        own.SavePredictions(new TrialPredictions(_trial, 2, [0, 1], [3, 0, 1, 200]));
        own.HandOverLast(_trial);
        Assert.Equal(
            [CheckpointFiles.Checkpoint, CheckpointFiles.Predictions],
            Directory.GetFiles(_sweep.Checkpoints.FolderOf(_trial)).Select(Path.GetFileName).Order(StringComparer.Ordinal)
        );
        var copied = new FolderCheckpointStore(Path.GetDirectoryName(_sweep.Checkpoints.FolderOf(_trial))!);
        Assert.Equal([3, 0, 1, 200], copied.LoadPredictions(_trial)!.OutputSpikes);
        Assert.Empty(_log.Lines);
    }

    [Fact]
    public void Networks_of_epochs_are_handed_over_also_those_that_a_process_of_before_has_kept()
    {
        RemoteCheckpoints before = Store("w");
        before.SaveNetwork(_trial, 1, State(1));
        Save(before, epoch: 1);
        RemoteCheckpoints own = Store("w");
        Assert.NotNull(own.Load(_trial));
        own.SaveNetwork(_trial, 2, State(2));
        // One that is surpassed before it was copied keeps nothing back.
        own.SaveNetwork(_trial, 3, State(3));
        own.DeleteNetwork(_trial, 3);
        Save(own, epoch: 2);
        own.HandOver(_trial);
        Assert.Equal(2, Store("other").Load(_trial)!.History.Count);
        Assert.Equal([2f, 2f], Store("other").LoadNetwork(_trial, 2)!.Layers[0].Weights);

        own.SaveNetwork(_trial, 3, State(3));
        Save(own, epoch: 3);
        own.HandOverLast(_trial);
        Assert.Equal(
            ["network-0001", "network-0002", "network-0003"],
            Directory
                .GetFiles(_sweep.Checkpoints.FolderOf(_trial), "network-*")
                .Select(Path.GetFileName)
                .Order(StringComparer.Ordinal)
        );
        Assert.Empty(_log.Lines);
    }

    [Fact]
    public void A_model_that_is_not_copied_is_told_of_and_costs_no_result()
    {
        RemoteCheckpoints own = Store("other");
        Save(own, epoch: 1);
        own.HandOverLast(_trial);
        Assert.Contains("could not be copied", Assert.Single(_log.Lines), StringComparison.Ordinal);
        Assert.Single(own.Load(_trial)!.History);
    }

    [Fact]
    public void Who_does_not_hold_the_trial_copies_nothing_and_trains_on()
    {
        RemoteCheckpoints own = Store("other");
        Save(own, epoch: 1);
        own.HandOver(_trial);
        Assert.False(HasCopy());
        Assert.Single(own.Load(_trial)!.History);
    }

    [Fact]
    public async Task Without_an_orchestrator_checkpoints_stay_on_the_workers_own_disk()
    {
        await _sweep.DisposeAsync();
        RemoteCheckpoints own = Store("w");
        Assert.Null(own.Load(_trial));
        _clock.Advance(TimeSpan.FromSeconds(10));
        Save(own, epoch: 1);
        Assert.Single(own.Load(_trial)!.History);
        own.Delete(_trial);
        Assert.Null(own.Load(_trial));
        await InitializeAsync();
    }

    [Fact]
    public void A_copy_that_was_damaged_counts_as_none()
    {
        RemoteCheckpoints own = Store("w");
        Save(own, epoch: 1);
        own.HandOver(_trial);
        File.WriteAllText(_sweep.Checkpoints.PathOf(_trial, CheckpointFiles.Checkpoint), "damaged");
        Assert.Null(Store("other").Load(_trial));
    }

    [Fact]
    public async Task A_data_set_is_looked_for_in_the_cache_then_in_the_workers_folders_then_at_the_orchestrators()
    {
        Dataset made = DatasetLoader
            .Load(new DatasetSettings("saccade-digits", null, 10, 1, 4, 2, 7), CancellationToken.None)
            .Value;
        string digest = made.Digest;
        var orchestrators = new PackedDatasets(_folder["orchestrator"]);
        Assert.True(orchestrators.Add(made).IsOk);
        var files = new SweepFiles(new CheckpointFiles("none"), wanted => wanted == digest ? orchestrators.PathOf(digest) : null);
        await using WebApplication giver = await HttpHost.StartAsync(
            new CurrentSweep { Service = _sweep.Service },
            files,
            new LogLines()
        );
        using var client = new OrchestratorClient([new HttpEndpoint(giver.HttpAddress(), HttpSweep.Token())], null);
        PlannedTrial trial = _sweep.Plan.Trials[0] with { DataDigest = digest };

        // Nothing here: fetched, and from then on in the cache.
        var cache = new PackedDatasets(_folder["cache"]);
        Result<Dataset> NotHere(DatasetSettings settings, CancellationToken stop) =>
            new UserError("data", "there is no such folder");
        Assert.Equal(digest, new WorkerDatasets(cache, NotHere, client, _log).Get(trial, CancellationToken.None).Value!.Digest);
        Assert.Contains("fetched", Assert.Single(_log.Lines), StringComparison.Ordinal);
        await giver.StopAsync();
        Assert.Equal(digest, new WorkerDatasets(cache, NotHere, client, _log).Get(trial, CancellationToken.None).Value!.Digest);
        Assert.Single(_log.Lines);

        // Here already.
        var empty = new PackedDatasets(_folder["empty"]);
        Assert.Same(made, new WorkerDatasets(empty, (_, _) => made, client, _log).Get(trial, CancellationToken.None).Value);

        // Nowhere, or only another one.
        Assert.Null(new WorkerDatasets(empty, NotHere, client, _log).Get(trial, CancellationToken.None).Value);
        Assert.Null(new WorkerDatasets(empty, (_, _) => TinyTrials.Data, client, _log).Get(trial, CancellationToken.None).Value);
        Assert.Equal(3, _log.Lines.Count);
    }

    private RemoteCheckpoints Store(string worker) => new(new WorkerId(worker), _client, _folder[worker], _clock, _log);

    private bool HasCopy() => File.Exists(_sweep.Checkpoints.PathOf(_trial, CheckpointFiles.Checkpoint));

    private void Save(RemoteCheckpoints store, int epoch)
    {
        float[] weights = [epoch, epoch];
        store.SaveWeights(_trial, epoch, [weights]);
        store.Save(
            new Checkpoint(
                _trial,
                State(epoch),
                [.. Enumerable.Range(1, epoch).Select(e => new EpochMetrics(e, 1, 0, 0, 1, 1, []))]
            )
        );
    }

    private static NetworkState State(int epoch) =>
        new(epoch, [new LayerState(1, 2, [epoch, epoch], [1, 1], new Dictionary<string, float[]>())]);
}
