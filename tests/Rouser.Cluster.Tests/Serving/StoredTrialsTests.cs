using System.Threading.Channels;
using Microsoft.Extensions.Logging.Abstractions;
using Rouser.Cluster.Serving;
using Rouser.Coordination;
using Rouser.Core;
using Rouser.Snn;
using Rouser.Storage.Store;
using Rouser.Sweeps;
using Rouser.Testing.Worker;

namespace Rouser.Cluster.Tests.Serving;

/// <summary>When a result goes into a results store, and when one is taken from it.</summary>
public sealed class StoredTrialsTests : IDisposable
{
    private const int Epochs = 2;

    private static readonly DateTimeOffset Now = new(2026, 1, 2, 12, 0, 0, TimeSpan.Zero);
    private static readonly TimeSpan TooLong = TimeSpan.FromMinutes(2);
    private static readonly Plan Planned = TinyTrials.Plan(trials: 3, Epochs);
    private static readonly WorkerId One = new("one"),
        Two = new("two");

    private readonly string _folder = Directory.CreateTempSubdirectory("rouser-test-").FullName;
    private readonly List<Event> _journal = [];

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task A_trial_that_another_run_completes_meanwhile_is_not_handed_out()
    {
        using var journal = new MemoryJournal();
        var service = new SweepService(
            Planned,
            TinyTrials.Run,
            new SweepResources(journal, new MemoryCheckpoints()) { Stored = Stored() },
            TimeProvider.System,
            _ => { },
            NullLogger.Instance
        );
        using var stop = new CancellationTokenSource();
        Task<SweepEnd> serving = service.RunAsync(_ => Task.CompletedTask, stop.Token);
        var orders = new Orders();
        service.Receive(One, orders, [new WorkerJoined(1), new WorkRequested(1)]);
        LeaseKey first = (await orders.NextAssignment()).Lease;
        Assert.Equal(Planned.Trials[0].Id, first.Trial);

        Complete(Stored(), Planned.Trials[1]);
        service.Receive(One, orders, [.. Told(Planned.Trials[0]), new WorkRequested(1)]);
        Assert.Equal(Planned.Trials[2].Id, (await orders.NextAssignment()).Lease.Trial);
        Assert.True(await service.Query(state => state.Find(Planned.Trials[1].Id)!.IsReused));
        Assert.Equal(1, await service.Query(state => state.Summary.Reused));
        await stop.CancelAsync();
        await serving.WaitAsync(TooLong);
        // What its own worker has completed is there for the next one.
        Assert.NotNull(Stored().Find(Planned.Trials[0], Now));
    }

    [Fact]
    public async Task A_sweep_of_which_everything_is_in_the_store_ends_without_a_worker()
    {
        foreach (PlannedTrial trial in Planned.Trials)
            Complete(Stored(), trial);
        using var journal = new MemoryJournal();
        var service = new SweepService(
            Planned,
            TinyTrials.Run,
            new SweepResources(journal, new MemoryCheckpoints()) { Stored = Stored() },
            TimeProvider.System,
            _ => { },
            NullLogger.Instance
        );
        Assert.Equal(
            new SweepEnd(true, null),
            await service.RunAsync(_ => Task.CompletedTask, CancellationToken.None).WaitAsync(TooLong)
        );
        Assert.Equal(3, journal.Events.OfType<TrialReused>().Count());
        // The same journal leads to the same state.
        var again = new Coordinator(Planned, TinyTrials.Run, journal.Events);
        Assert.All(again.State.Trials, trial => Assert.True(trial.IsReused));
        // What was taken from elsewhere is not shared again, but is part of a store that is complete by itself.
        foreach (bool isComplete in (bool[])[false, true])
        {
            var other = new ResultStore(Path.Combine(_folder, isComplete ? "complete" : "shared"));
            StoredTrials stored = Stored(other, isComplete);
            stored.Record(again.State, journal.Events, put => put());
            Assert.Equal(isComplete ? 3 : 0, other.Files().Count);
        }
    }

    [Fact]
    public void A_trial_that_is_to_be_trained_twice_is_not_shared_before()
    {
        (Coordinator machine, StoredTrials stored) = Checked();
        PlannedTrial trial = Complete(machine, stored, One);
        Assert.Null(Stored().Find(trial, Now));
    }

    [Fact]
    public void A_trial_that_is_trained_twice_is_shared_when_both_agree()
    {
        (Coordinator machine, StoredTrials stored) = Checked();
        PlannedTrial trial = Complete(machine, stored, One);
        Step(machine, stored, new MessageReceived(Now, Two, new WorkerJoined(1)));
        Step(machine, stored, new MessageReceived(Now, Two, new WorkRequested(1)));
        foreach (WorkerMessage message in Told(trial, attempt: 2))
            Step(machine, stored, new MessageReceived(Now, Two, message));
        Assert.Single(_journal.OfType<CheckPassed>());
        Assert.NotNull(Stored().Find(trial, Now));
    }

    [Fact]
    public void A_trial_on_which_two_workers_disagree_is_not_shared()
    {
        (Coordinator machine, StoredTrials stored) = Checked();
        PlannedTrial trial = Complete(machine, stored, One);
        Step(machine, stored, new MessageReceived(Now, Two, new WorkerJoined(1)));
        Step(machine, stored, new MessageReceived(Now, Two, new WorkRequested(1)));
        EpochReported lie = new(new LeaseKey(trial.Id, 2), TinyTrials.Epoch(1) with { TrainLoss = 0.123 });
        Step(machine, stored, new MessageReceived(Now, Two, lie));
        Assert.Single(_journal.OfType<ResultsDisagreed>());
        Assert.Null(Stored().Find(trial, Now));
    }

    [Theory]
    [InlineData("linux, 512 bit", "linux, 512 bit", true)]
    [InlineData("linux, 512 bit", "linux, 256 bit", false)]
    [InlineData("linux, 512 bit", null, false)]
    [InlineData(null, "linux, 512 bit", false)]
    public void A_result_of_torch_is_of_one_kind_of_machine(string? trainedOn, string? wantedOn, bool isFound)
    {
        PlannedTrial fused = Planned.Trials[0];
        PlannedTrial torch = fused with { Settings = fused.Settings with { Engine = EngineKind.Torch }, Engine = "torch/1 cpu" };
        Complete(Stored(trainedOn), torch);
        Assert.Equal(isFound, Stored(wantedOn).Find(torch, Now) is not null);
    }

    [Fact]
    public void An_engine_that_trains_nothing_has_no_result()
    {
        PlannedTrial fused = Planned.Trials[0];
        PlannedTrial noop = fused with { Settings = fused.Settings with { Engine = EngineKind.Noop }, Engine = "noop/1" };
        Complete(Stored(), noop);
        Assert.Empty(Directory.GetFiles(_folder));
    }

    private (Coordinator Machine, StoredTrials Stored) Checked() =>
        (
            new Coordinator(
                Planned with
                {
                    Trials = [Planned.Trials[0]],
                    Cells = [Planned.Cells[0]],
                },
                TinyTrials.Run with
                {
                    CrossCheck = 1,
                },
                []
            ),
            Stored()
        );

    private static void Complete(StoredTrials stored, PlannedTrial trial)
    {
        var machine = new Coordinator(
            Planned with
            {
                Trials = [trial],
                Cells = [Planned.Cells[0] with { Trial = trial.Id }],
            },
            TinyTrials.Run,
            []
        );
        using var test = new StoredTrialsTests();
        test.Complete(machine, stored, One);
    }

    private PlannedTrial Complete(Coordinator machine, StoredTrials stored, WorkerId by)
    {
        PlannedTrial trial = machine.State.Trials[0].Planned;
        foreach (WorkerMessage message in (WorkerMessage[])[new WorkerJoined(1), new WorkRequested(1), .. Told(trial)])
            Step(machine, stored, new MessageReceived(Now, by, message));
        Assert.Equal(TrialState.Completed, machine.State.Trials[0].State);
        return trial;
    }

    private void Step(Coordinator machine, StoredTrials stored, Input input)
    {
        Ready ready = machine.Step(input);
        _journal.AddRange(ready.Events);
        stored.Record(machine.State, ready.Events, write => write());
    }

    private static WorkerMessage[] Told(PlannedTrial trial, int attempt = 1) =>
        [
            .. Enumerable
                .Range(1, Epochs)
                .Select(epoch => new EpochReported(new LeaseKey(trial.Id, attempt), TinyTrials.Epoch(epoch))),
            new TrialFinished(new LeaseKey(trial.Id, attempt), TinyTrials.Distances(Epochs)),
        ];

    private StoredTrials Stored(string? machine = null) => Stored(new ResultStore(_folder), includesReused: false, machine);

    private static StoredTrials Stored(ResultStore store, bool includesReused, string? machine = null) =>
        new(
            store,
            KeptModels.None,
            models: null,
            predictions: null,
            new ResultOrigin("host", "/runs/first", "0.2", "", "/runs", null),
            machine,
            () => new UserError("journal", "is not read in this test")
        )
        {
            IncludesReused = includesReused,
        };

    private sealed class Orders : IWorkerRoutes
    {
        private readonly Channel<WorkerCommand> _orders = Channel.CreateUnbounded<WorkerCommand>();

        public void Deliver(WorkerId worker, WorkerCommand command) => _orders.Writer.TryWrite(command);

        public async Task<WorkerCommand.Assign> NextAssignment()
        {
            using var patience = new CancellationTokenSource(TooLong);
            await foreach (WorkerCommand command in _orders.Reader.ReadAllAsync(patience.Token))
            {
                if (command is WorkerCommand.Assign assignment)
                    return assignment;
            }
            throw new InvalidOperationException("No orders come any more.");
        }
    }
}
