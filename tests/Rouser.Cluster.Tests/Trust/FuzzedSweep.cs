using System.Collections.Concurrent;
using Rouser.Cluster.Serving;
using Rouser.Coordination;
using Rouser.Data;
using Rouser.Sweeps;
using Rouser.Testing.Worker;
using Rouser.Worker;

namespace Rouser.Cluster.Tests.Trust;

/// <summary>
/// A sweep of trials that take no time, served in this process to whoever speaks, and two honest workers, who check
/// each other.
/// </summary>
internal sealed class FuzzedSweep : IDisposable
{
    public static readonly IReadOnlyList<WorkerId> Honest = [new("honest"), new("witness")];

    /// <summary>Lies cost retries, and there is no end of lies: the sweep is to go on all the same.</summary>
    private static readonly RunSettings Run = TinyTrials.Run with
    {
        LostRetries = int.MaxValue,
        FailedRetries = int.MaxValue,
        CrossCheck = 0.5,
    };

    private readonly ConcurrentQueue<Exception> _faults = [];
    private readonly LogLines _log = new();
    private readonly Routes _routes;
    private readonly CancellationTokenSource _stop = new();
    private readonly WorkerNode[] _workers;
    private readonly Task<SweepEnd> _running;

    public FuzzedSweep(Plan plan)
    {
        Plan = plan;
        _routes = new Routes(this);
        Service = new SweepService(
            plan,
            Run,
            new SweepResources(Journal, new MemoryCheckpoints()),
            TimeProvider.System,
            _ => { },
            _log
        );
        _workers =
        [
            .. Honest.Select(name => new WorkerNode(
                name,
                2,
                new TrialRunner(
                    _ => throw new InvalidOperationException("nothing is trained"),
                    new MemoryCheckpoints(),
                    TimeProvider.System
                ),
                (_, _) => (Dataset?)TinyTrials.Data,
                new Link(this, name),
                TimeProvider.System,
                _faults.Enqueue
            )),
        ];
        _running = Service.RunAsync(_ => Task.CompletedTask, _stop.Token);
    }

    public Plan Plan { get; }

    public ListJournal Journal { get; } = new();

    public SweepService Service { get; }

    /// <summary>What went wrong that was nobody's lie.</summary>
    public IEnumerable<Exception> Faults => _faults.Concat(_log.Errors);

    /// <summary>Lines of the log that were not one line.</summary>
    public IEnumerable<string> ForgedLines => _log.Lines.Where(line => line.Any(char.IsControl));

    /// <summary>The orders given to a worker, for whoever plays one.</summary>
    public ConcurrentDictionary<WorkerId, WorkerCommand.Assign> Assigned { get; } = [];

    /// <summary>A plan of <c>engine: noop</c>, as a sweep file makes it.</summary>
    public static Plan NoopPlan(int trials)
    {
        string yaml = $$"""
            schema: rouser/sweep/v1
            name: fuzz
            base: {dataset: {name: saccade-digits, steps: 20}, network: {hidden: [8]}, epochs: 3, engine: noop}
            seeds: [{{string.Join(", ", Enumerable.Range(0, trials))}}]
            """;
        return SpecReader
            .Read("fuzz.yaml", yaml, [])
            .Then(spec => Planner.Create(spec, _ => TinyTrials.Data.Digest, _ => "noop/1"))
            .Value;
    }

    /// <summary>Somebody says something.</summary>
    public void Say(WorkerId from, params IReadOnlyList<WorkerMessage> messages) => Service.Receive(from, _routes, messages);

    /// <summary>Waits until all that was said has been taken.</summary>
    public Task SettleAsync() => Service.Query(_ => true);

    /// <summary>Ends those who lied, and has the honest worker train what is left.</summary>
    public async Task<SweepEnd> FinishAsync()
    {
        foreach (WorkerNode worker in _workers)
            worker.Start();
        while (!_running.IsCompleted)
        {
            try
            {
                WorkerId[] liars = await Service.Query(state =>
                    state
                        .Workers.Keys.Concat(state.Trials.Select(t => t.Holder).OfType<WorkerId>())
                        .Where(w => !Honest.Contains(w))
                        .Distinct()
                        .ToArray()
                );
                foreach (WorkerId liar in liars)
                    Service.Send(new WorkerGone(default, liar, "the test is over"));
            }
            catch (OperationCanceledException)
            {
                break; // The loop has ended with the sweep.
            }
            await Task.WhenAny(_running, Task.Delay(5));
        }
        return await _running;
    }

    public void Dispose()
    {
        foreach (WorkerNode worker in _workers)
            worker.Dispose();
        _stop.Cancel();
        _running.Wait(TimeSpan.FromMinutes(1));
        _stop.Dispose();
    }

    private sealed class Routes(FuzzedSweep sweep) : IWorkerRoutes
    {
        public void Deliver(WorkerId worker, WorkerCommand command)
        {
            if (Array.Find(sweep._workers, w => w.Id == worker) is { } honest)
                honest.Handle(command);
            else if (command is WorkerCommand.Assign assign)
                sweep.Assigned[worker] = assign;
        }
    }

    private sealed class Link(FuzzedSweep sweep, WorkerId from) : ICoordinatorLink
    {
        public void Send(WorkerMessage message) => sweep.Say(from, message);
    }
}

/// <summary>A journal as a list; adding to it costs no more the longer it is.</summary>
internal sealed class ListJournal : IJournal
{
    private readonly List<Event> _events = [];

    public IReadOnlyList<Event> Events
    {
        get
        {
            lock (_events)
                return [.. _events];
        }
    }

    public void Append(IReadOnlyList<Event> events, SnapshotDelta? changes = null)
    {
        lock (_events)
            _events.AddRange(events);
    }

    public SweepSnapshot? ReadSnapshot() => null;

    public SweepSummary? ReadSummary() => null;

    public IEnumerable<Event> Read(long after = 0) => Events.Skip((int)after);

    public void Dispose() { }
}
