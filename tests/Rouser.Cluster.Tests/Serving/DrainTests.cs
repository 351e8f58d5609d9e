using System.Threading.Channels;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using Rouser.Cluster.Serving;
using Rouser.Coordination;
using Rouser.Testing.Worker;

namespace Rouser.Cluster.Tests.Serving;

/// <summary>How long an orchestrator that is asked to stop waits for what is in work.</summary>
public sealed class DrainTests
{
    private static readonly WorkerId Id = new("w");
    private static readonly TimeSpan TooLong = TimeSpan.FromMinutes(2);

    // It was 60 s on Akka.NET, whatever the workers said; a batch may take longer.
    [Fact]
    public async Task A_worker_is_waited_for_as_long_as_it_is_heard_and_a_lease_longer()
    {
        var clock = new FakeTimeProvider();
        using var journal = new MemoryJournal();
        var service = new SweepService(
            TinyTrials.Plan(trials: 1, epochs: 1),
            TinyTrials.Run,
            new SweepResources(journal, new MemoryCheckpoints()),
            clock,
            _ => { },
            NullLogger.Instance
        );
        var orders = new Orders();
        using var drain = new CancellationTokenSource();
        Task<SweepEnd> serving = service.RunAsync(service.SettleAsync, drain.Token);
        service.Receive(Id, orders, [new WorkerJoined(1), new WorkRequested(1)]);
        LeaseKey held = (await orders.Next<WorkerCommand.Assign>()).Lease;
        await drain.CancelAsync();
        await orders.Next<WorkerCommand.Drain>();

        for (int beat = 0; beat < 60; beat++)
        {
            clock.Advance(TinyTrials.Run.Lease / 3);
            service.Receive(Id, orders, [new Heartbeat([held])]);
            Assert.Equal(1, await service.Query(state => state.Count(TrialState.Running)));
        }
        Assert.False(serving.IsCompleted);

        using var patience = new CancellationTokenSource(TooLong);
        while (!serving.IsCompleted && !patience.IsCancellationRequested)
        {
            clock.Advance(TimeSpan.FromSeconds(1));
            await Task.Yield();
        }
        Assert.Equal(new SweepEnd(false, null), await serving.WaitAsync(TooLong));
        Assert.Single(journal.Events.OfType<AttemptLost>());
    }

    private sealed class Orders : IWorkerRoutes
    {
        private readonly Channel<WorkerCommand> _orders = Channel.CreateUnbounded<WorkerCommand>();

        public void Deliver(WorkerId worker, WorkerCommand command) => _orders.Writer.TryWrite(command);

        public async Task<T> Next<T>()
            where T : WorkerCommand => Assert.IsType<T>(await _orders.Reader.ReadAsync().AsTask().WaitAsync(TooLong));
    }
}
