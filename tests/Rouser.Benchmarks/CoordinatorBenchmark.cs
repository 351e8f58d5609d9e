using System.Diagnostics;
using System.Globalization;
using Microsoft.Extensions.Logging.Abstractions;
using Rouser.Cluster;
using Rouser.Cluster.InProcess;
using Rouser.Cluster.Serving;
using Rouser.Coordination;
using Rouser.Data;
using Rouser.Orchestrator.Benchmarks;
using Rouser.Snn;
using Rouser.Storage.Checkpoints;
using Rouser.Storage.Journals;
using Rouser.Sweeps;
using Rouser.Worker.Engines;

namespace Rouser.Benchmarks;

/// <summary>
/// The control plane without training: planning, trials that do nothing, epochs made durable, and a restart, on a
/// journal in the folder for temporary files, whose disk decides what an fsync costs.
/// </summary>
internal sealed class CoordinatorBenchmark : IDisposable
{
    private const int LargePlan = 100_000,
        NoopTrials = 20_000,
        PacedTrials = 10_000,
        Rows = 200_000;

    private readonly string _folder = Directory.CreateTempSubdirectory("rouser-benchmark-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    public IEnumerable<Finding> Run()
    {
        yield return Planning();
        yield return Noop(NoopTrials, epochMs: 0, slots: 32);
        yield return Noop(PacedTrials, epochMs: 50, slots: 8);
        yield return Ingest();
        yield return Restart();
    }

    private static Finding Planning()
    {
        PlanOf(LargePlan / 100); // Compiled by now.
        Plan? plan = null;
        Timing planned = Timing.Of(() => plan = PlanOf(LargePlan));
        string json = "";
        Timing written = Timing.Of(() => json = PlanJson.Write(plan!));
        Timing read = Timing.Of(() => plan = PlanJson.Read("plan.json", json).Value);
        return new Finding(
            "coordinator",
            $"a plan of {LargePlan:N0} trials",
            1,
            [
                planned.ToMeasurement("plan"),
                written.ToMeasurement("write plan.json"),
                read.ToMeasurement("read plan.json"),
                new("plan.json", json.Length / 1e6, "MB"),
            ]
        );
    }

    private Finding Noop(int trials, double epochMs, int slots)
    {
        Plan plan = PlanOf(trials, epochMs);
        using SqliteJournal journal = SqliteJournal.Open(Path.Combine(_folder, $"{trials}.db")).Value;
        Dataset data = new("none", Synthetic: true, "d1", 1, 10, 1, [], []);
        using LocalSweep sweep = new(
            plan,
            Settings,
            new SweepResources(journal, new FolderCheckpointStore(Path.Combine(_folder, "checkpoints"), _ => { })),
            settings => TrainingEngines.Create(settings, 1),
            (_, _) => data,
            slots,
            TimeProvider.System,
            _ => { },
            NullLogger.Instance
        );
        Timing taken = Timing.Of(() => sweep.RunAsync(CancellationToken.None).GetAwaiter().GetResult());
        double ideal = trials * epochMs / 1e3 / slots;
        return new Finding(
            "coordinator",
            $"{trials:N0} trials of {epochMs} ms in {slots} slots of this process, each durable",
            slots,
            [new("trials", trials / taken.Seconds, "trials/s"), taken.ToMeasurement("wall"), new("ideal", ideal, "s")]
        );
    }

    /// <summary>Epochs of 1,000 trials at a time reach the mailbox as they would from a thousand workers.</summary>
    private Finding Ingest()
    {
        const int Running = 1000,
            Epochs = Rows / Running;
        Plan plan = PlanOf(Running, epochs: Epochs + 1);
        string path = Path.Combine(_folder, "ingest.db");
        Timing taken;
        using (SqliteJournal journal = SqliteJournal.Open(path).Value)
        {
            int recorded = 0;
            using CancellationTokenSource stop = new();
            CoordinatorLoop loop = new(
                new Coordinator(plan, Settings, []),
                journal,
                TimeProvider.System,
                _ => { },
                events =>
                {
                    recorded += events.Count;
                    if (recorded == Running + (Running * Epochs))
                        stop.Cancel();
                },
                error => throw error
            );
            DateTimeOffset now = TimeProvider.System.GetUtcNow();
            loop.Send(new MessageReceived(now, new WorkerId("w"), new WorkerJoined(Running)));
            loop.Send(new MessageReceived(now, new WorkerId("w"), new WorkRequested(Running)));
            EpochMetrics[] metrics = [.. Enumerable.Range(1, Epochs).Select(Measured)];
            taken = Timing.Of(() =>
            {
                foreach (EpochMetrics epoch in metrics)
                foreach (PlannedTrial trial in plan.Trials)
                    loop.Send(new MessageReceived(now, new WorkerId("w"), new EpochReported(new LeaseKey(trial.Id, 1), epoch)));
                loop.RunAsync(stop.Token).GetAwaiter().GetResult();
            });
        }
        return new Finding(
            "coordinator",
            $"{Rows:N0} epochs of two layers reported",
            1,
            [
                new("recorded", Rows / taken.Seconds, "rows/s"),
                taken.ToMeasurement("wall"),
                new("journal", new FileInfo(path).Length / (double)Rows, "bytes/row"),
            ]
        );
    }

    /// <summary>A sweep of 100,000 trials, three epochs each, of which all but the last thousand are done.</summary>
    private Finding Restart()
    {
        Plan plan = PlanOf(LargePlan, epochs: 3);
        string path = Path.Combine(_folder, "restart.db"),
            planPath = Path.Combine(_folder, "plan.json");
        File.WriteAllText(planPath, PlanJson.Write(plan));
        using (SqliteJournal journal = SqliteJournal.Open(path).Value)
            RunMost(plan, journal);
        plan = null!;
        PeakMemory.Reset();

        SweepSummary? summary = null;
        Timing status = Timing.Of(() =>
        {
            using SqliteJournal reader = SqliteJournal.OpenReadOnly(path).Value;
            summary = reader.ReadSummary();
        });
        Timing plans = Timing.Of(() => plan = PlanJson.Read(planPath, File.ReadAllText(planPath)).Value);
        using SqliteJournal opened = SqliteJournal.Open(path).Value;
        Coordinator? machine = null;
        Timing restored = Timing.Of(() => machine = Coordinator.Open(plan, Settings, opened));
        Timing first = Timing.Of(() => machine!.Step(new SweepResumed(TimeProvider.System.GetUtcNow())));
        long peak = PeakMemory.Bytes();
        int replayed = 0;
        Timing replay = Timing.Of(() => replayed = opened.Read().Count());
        Debug.Assert(
            machine!.State.Count(TrialState.Completed) == summary!.Trials[TrialState.Completed],
            "Both are read from one journal."
        );
        return new Finding(
            "coordinator",
            $"restart of {LargePlan:N0} trials, {summary!.Trials[TrialState.Completed]:N0} done, {summary.EpochsRecorded:N0} epochs",
            1,
            [
                new Timing(
                    plans.Seconds + restored.Seconds + first.Seconds,
                    plans.Processor + restored.Processor + first.Processor
                ).ToMeasurement("restart"),
                plans.ToMeasurement("of that: read plan.json"),
                restored.ToMeasurement("of that: read the snapshot"),
                new("sums for status", status.Seconds * 1e3, "ms"),
                new("peak memory", peak / 1e6, "MB"),
                replay.ToMeasurement($"read all {replayed:N0} events"),
                new("journal", new FileInfo(path).Length / 1e6, "MB"),
            ]
        );
    }

    private static void RunMost(Plan plan, SqliteJournal journal)
    {
        Coordinator machine = new(plan, Settings, []);
        DateTimeOffset now = TimeProvider.System.GetUtcNow();
        WorkerId worker = new("w");
        List<Event> events = [];
        Take(new MessageReceived(now, worker, new WorkerJoined(1000)));
        while (machine.State.Count(TrialState.Queued) > 1000)
        {
            Ready ready = Take(new MessageReceived(now, worker, new WorkRequested(1000)));
            foreach (
                WorkerCommand.Assign assigned in ready
                    .Effects.OfType<SendCommand>()
                    .Select(e => e.Command)
                    .OfType<WorkerCommand.Assign>()
            )
            {
                for (int epoch = 1; epoch <= 3; epoch++)
                    Take(new MessageReceived(now, worker, new EpochReported(assigned.Lease, Measured(epoch))));
                Take(
                    new MessageReceived(
                        now,
                        worker,
                        new TrialFinished(
                            assigned.Lease,
                            [
                                [2, 1],
                                [1, 0.5],
                                [0, 0],
                            ]
                        )
                    )
                );
            }
            journal.Append(events, machine.CollectChanges());
            events.Clear();
        }

        Ready Take(Input input)
        {
            Ready ready = machine.Step(input);
            events.AddRange(ready.Events);
            return ready;
        }
    }

    private static readonly RunSettings Settings = new(5, 1, TimeSpan.FromMinutes(10), TimeSpan.FromHours(4), 1);

    internal static Plan PlanOf(int trials, double epochMs = 0, int epochs = 1)
    {
        int settings = Math.Max(1, trials / 100),
            seeds = trials / settings;
        string yaml = string.Create(
            CultureInfo.InvariantCulture,
            $$$"""
            schema: rouser/sweep/v1
            name: benchmark
            base: {engine: noop, noop.epoch_ms: {{{epochMs}}}, epochs: {{{epochs}}}, dataset.train_samples: 1, dataset.test_samples: 1}
            seeds: [{{{string.Join(", ", Enumerable.Range(0, seeds))}}}]
            studies:
              s: {over: {surrogate.tau: [{{{string.Join(", ", Enumerable.Range(1, settings))}}}]}}
            """
        );
        return SpecReader
            .Read("benchmark.yaml", yaml, [])
            .Then(spec => Planner.Create(spec, _ => "d1", TrainingEngines.Version))
            .Value;
    }

    // Numbers with as many digits as measured ones have.
    private static EpochMetrics Measured(int epoch)
    {
        double x = Math.Sqrt(epoch + 2);
        LayerMetrics Layer(int neurons) =>
            new(
                neurons,
                1 / x,
                1 / (1 + x),
                0.01 / x,
                0.02 / x,
                new(x / 1.7, x / 2, x / 1.9, x / 1.8, x / 1.7, x / 1.6, x / 1.5, x / 1.4),
                3 * x,
                1 / (x * x),
                null
            );
        return new EpochMetrics(epoch, 10 / x, 1 - (1 / x), 1 - (1.1 / x), 1.5 * x, 700 / x, [Layer(500), Layer(10)]);
    }
}
