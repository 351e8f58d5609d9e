using System.Threading.Channels;
using Microsoft.Extensions.Logging.Abstractions;
using Rouser.Cluster.Serving;
using Rouser.Coordination;
using Rouser.Snn;
using Rouser.Storage.Checkpoints;
using Rouser.Storage.Models;
using Rouser.Sweeps;
using Rouser.Testing.Worker;
using Rouser.Worker;

namespace Rouser.Cluster.Tests.Serving;

/// <summary>A model takes its time to be written, and nobody but those who need it waits for that.</summary>
public sealed class WritesBehindTheLoopTests : IDisposable
{
    private const int Epochs = 2;

    private static readonly TimeSpan TooLong = TimeSpan.FromMinutes(2);
    private static readonly WorkerId One = new("one"),
        Two = new("two");

    private readonly string _folder = Directory.CreateTempSubdirectory("rouser-test-").FullName;
    private readonly MemoryCheckpoints _checkpoints = new();
    private readonly MemoryJournal _journal = new();
    private readonly ManualResetEventSlim _disk = new();
    private readonly CancellationTokenSource _stop = new();

    public void Dispose()
    {
        _disk.Set();
        _stop.Dispose();
        _disk.Dispose();
        _journal.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public async Task A_model_that_is_being_written_holds_up_no_message_and_its_checkpoint_stays_until_it_is_there()
    {
        Plan plan = TinyTrials.Plan(trials: 2, Epochs);
        (SweepService service, Task<SweepEnd> serving) = Serve(plan, TinyTrials.Run);
        Orders orders = new();
        service.Receive(One, orders, [new WorkerJoined(1), new WorkRequested(1)]);
        await Complete(service, orders, One, plan.Trials[0]);
        // The disk stands still, and the next trial is given out, reported and counted.
        LeaseKey second = (await orders.NextAssignment()).Lease;
        service.Receive(One, orders, [new EpochReported(second, TinyTrials.Epoch(1))]);
        Assert.Equal(1, await service.Query(state => state.Find(second.Trial)!.EpochsRecorded).WaitAsync(TooLong));
        Assert.Empty(Models());
        Assert.Contains(plan.Trials[0].Id, _checkpoints.Trials);

        // Nor does the sweep end before all is written.
        await _stop.CancelAsync();
        service.Receive(One, orders, [new TrialHandedBack(second, "drains")]);
        await Task.WhenAny(serving, Task.Delay(200));
        Assert.False(serving.IsCompleted);
        _disk.Set();
        await serving.WaitAsync(TooLong);
        Assert.StartsWith(plan.Trials[0].Id.Value, Assert.Single(Models()), StringComparison.Ordinal);
        Assert.DoesNotContain(plan.Trials[0].Id, _checkpoints.Trials);
    }

    [Fact]
    public async Task A_second_training_is_handed_out_when_the_checkpoint_of_the_first_is_gone()
    {
        Plan plan = TinyTrials.Plan(trials: 1, Epochs);
        (SweepService service, Task<SweepEnd> serving) = Serve(plan, TinyTrials.Run with { CrossCheck = 1 });
        (Orders first, Orders second) = (new(), new());
        service.Receive(One, first, [new WorkerJoined(1), new WorkRequested(1)]);
        await Complete(service, first, One, plan.Trials[0]);
        service.Receive(Two, second, [new WorkerJoined(1), new WorkRequested(1)]);
        while (!_journal.Events.OfType<CheckAssigned>().Any())
            await Task.Delay(5);
        Task<WorkerCommand.Assign> assignment = second.NextAssignment();
        await Task.WhenAny(assignment, Task.Delay(200));
        Assert.False(assignment.IsCompleted);
        Assert.NotNull(_checkpoints.Load(plan.Trials[0].Id));

        _disk.Set();
        Assert.Equal(plan.Trials[0].Id, (await assignment).Lease.Trial);
        Assert.Null(_checkpoints.Load(plan.Trials[0].Id));
        await _stop.CancelAsync();
        service.Receive(Two, second, [new TrialHandedBack((await assignment).Lease, "drains")]);
        await serving.WaitAsync(TooLong);
    }

    private (SweepService, Task<SweepEnd>) Serve(Plan plan, RunSettings run)
    {
        SweepService service = new(
            plan,
            run,
            new SweepResources(_journal, _checkpoints)
            {
                // Names of classes are asked for as a model is made.
                Models = new ModelFolder(
                    _folder,
                    _ =>
                    {
                        _disk.Wait();
                        return [];
                    }
                ),
            },
            TimeProvider.System,
            _ => { },
            NullLogger.Instance
        );
        return (service, service.RunAsync(service.SettleAsync, _stop.Token));
    }

    /// <summary>Trains what was assigned, as a worker would tell of it.</summary>
    private async Task Complete(SweepService service, Orders orders, WorkerId worker, PlannedTrial trial)
    {
        LeaseKey lease = (await orders.NextAssignment()).Lease;
        Assert.Equal(trial.Id, lease.Trial);
        using FusedEngine engine = new(TrialRunner.SettingsFor(trial, TinyTrials.Data), threads: 1);
        EpochMetrics[] history = [.. Enumerable.Range(1, Epochs).Select(epoch => TinyTrials.Epoch(epoch))];
        _checkpoints.Save(new Checkpoint(trial.Id, engine.Export(), history));
        service.Receive(
            worker,
            orders,
            [
                .. history.Select(epoch => new EpochReported(lease, epoch)),
                new TrialFinished(lease, TinyTrials.Distances(Epochs)),
                new WorkRequested(1),
            ]
        );
    }

    private string[] Models() => [.. Directory.GetFiles(_folder).Select(file => Path.GetFileName(file))];

    private sealed class Orders : IWorkerRoutes
    {
        private readonly Channel<WorkerCommand.Assign> _orders = Channel.CreateUnbounded<WorkerCommand.Assign>();

        public void Deliver(WorkerId worker, WorkerCommand command)
        {
            if (command is WorkerCommand.Assign assign)
                _orders.Writer.TryWrite(assign);
        }

        public async Task<WorkerCommand.Assign> NextAssignment() => await _orders.Reader.ReadAsync().AsTask().WaitAsync(TooLong);
    }
}
