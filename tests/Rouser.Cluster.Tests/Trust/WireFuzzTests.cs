using System.Diagnostics;
using System.Globalization;
using System.Text;
using Rouser.Cluster.Serving;
using Rouser.Cluster.Wire;
using Rouser.Coordination;
using Rouser.Core;
using Rouser.Data;
using Rouser.Snn.Thresholds;
using Rouser.Storage.Journals;
using Rouser.Sweeps;
using Rouser.Testing.Worker;
using Rouser.Worker;
using Xunit.Abstractions;

namespace Rouser.Cluster.Tests.Trust;

/// <summary>
/// No message of any kind ends a process, in either direction. A share of the mutants runs with the other tests; all
/// of them with <c>ROUSER_WIRE_MUTANTS=100000 dotnet test tests/Rouser.Cluster.Tests -c Release --filter
/// WireFuzz</c>.
/// </summary>
public sealed class WireFuzzTests(ITestOutputHelper output)
{
    private const int MutantsPerSweep = 2_000,
        MutantsPerWorker = 100;

    /// <summary>Guards against a hang, and measures nothing: a mutant takes some microseconds.</summary>
    private static readonly TimeSpan TooLong = TimeSpan.FromMinutes(2);

    private static int Mutants => Setting("ROUSER_WIRE_MUTANTS", 4_000);

    private static int Seed => Setting("ROUSER_WIRE_SEED", 12);

    [Fact]
    public async Task No_message_ends_an_orchestrator_and_its_sweep_ends_with_the_results_of_an_honest_one()
    {
        Plan plan = FuzzedSweep.NoopPlan(40);
        Dictionary<(TrialId, int), byte[]> truth = await HonestResults(plan);
        int understood = 0,
            recorded = 0,
            sweeps = 0;
        TimeSpan longest = TimeSpan.Zero;
        for (int done = 0; done < Mutants; done += MutantsPerSweep, sweeps++)
        {
            var random = new RandomStream(Seed, $"messages/{sweeps.ToString(CultureInfo.InvariantCulture)}");
            var mutator = new JsonMutator(random);
            using FuzzedSweep sweep = new(plan);
            byte[][] corpus = [];
            for (int i = 0; i < Math.Min(MutantsPerSweep, Mutants - done); i++)
            {
                if (i % MutantsPerWorker == 0)
                    corpus = await CorpusOf(sweep, new WorkerId(string.Create(CultureInfo.InvariantCulture, $"liar-{i}")));
                byte[] mutant = mutator.Mutate(corpus[random.NextInt(corpus.Length)]);
                long start = Stopwatch.GetTimestamp();
                try
                {
                    Result<WorkerMessages> read = WireJson.ReadMessages(mutant);
                    if (read.IsOk)
                    {
                        understood++;
                        sweep.Say(read.Value.From, read.Value.Messages);
                        await sweep.SettleAsync().WaitAsync(TooLong);
                    }
                    else
                    {
                        AssertOneLine(Assert.Single(read.Errors).Message);
                    }
                }
                catch (OperationCanceledException)
                {
                    break; // Plausible lies have completed every trial, and the sweep has ended.
                }
                catch (Exception e)
                {
                    Assert.Fail(
                        $"seed {Seed}, sweep {sweeps}, mutant {i}: {e}\n{Encoding.UTF8.GetString(mutant)[..Math.Min(2000, mutant.Length)]}"
                    );
                }
                TimeSpan took = Stopwatch.GetElapsedTime(start);
                if (took > longest)
                    longest = took;
            }
            SweepEnd end = await sweep.FinishAsync().WaitAsync(TooLong);
            Assert.Equal(new SweepEnd(true, null), end);
            Assert.Empty(sweep.Faults);
            Assert.Empty(sweep.ForgedLines);
            recorded += AssertHonest(sweep, truth);
        }
        output.WriteLine(
            $"{Mutants:N0} mutants, {understood:N0} understood, {sweeps} sweeps, {recorded:N0} honest epochs as "
                + $"they should be, longest {longest.TotalMilliseconds:F1} ms"
        );
        Assert.True(
            understood > Mutants / 100,
            "nearly all mutants are refused when they are read: nothing behind that is tried"
        );
    }

    [Fact]
    public void No_order_ends_a_worker_and_it_trains_on()
    {
        Plan plan = FuzzedSweep.NoopPlan(20);
        int understood = 0;
        TimeSpan longest = TimeSpan.Zero;
        for (int done = 0, workers = 0; done < Mutants; done += MutantsPerSweep, workers++)
        {
            var random = new RandomStream(Seed, $"orders/{workers.ToString(CultureInfo.InvariantCulture)}");
            var mutator = new JsonMutator(random);
            using PlayedWorker played = new();
            for (int i = 0; i < Math.Min(MutantsPerSweep, Mutants - done); i++)
            {
                PlannedTrial trial = plan.Trials[random.NextInt(plan.Trials.Count)];
                byte[] mutant = mutator.Mutate(WireJson.Write(CommandsOf(new LeaseKey(trial.Id, 1 + random.NextInt(9)), trial)));
                long start = Stopwatch.GetTimestamp();
                try
                {
                    Result<IReadOnlyList<WorkerCommand>> read = WireJson.ReadCommands(mutant);
                    if (read.IsOk)
                        understood++;
                    else
                        AssertOneLine(Assert.Single(read.Errors).Message);
                    foreach (WorkerCommand command in read.IsOk ? read.Value : [])
                        played.Worker.Handle(command);
                }
                catch (Exception e)
                {
                    Assert.Fail(
                        $"seed {Seed}, worker {workers}, mutant {i}: {e}\n{Encoding.UTF8.GetString(mutant)[..Math.Min(2000, mutant.Length)]}"
                    );
                }
                TimeSpan took = Stopwatch.GetElapsedTime(start);
                if (took > longest)
                    longest = took;
            }
            played.AssertTrains(plan.Trials[0], TooLong);
        }
        output.WriteLine($"{Mutants:N0} mutants, {understood:N0} understood, longest {longest.TotalMilliseconds:F1} ms");
        Assert.True(
            understood > Mutants / 100,
            "nearly all mutants are refused when they are read: nothing behind that is tried"
        );
    }

    [Fact]
    public void No_word_on_how_a_sweep_stands_ends_who_asked_for_it()
    {
        byte[] honest = WireJson.Write(StandingSweep.Status);
        var random = new RandomStream(Seed, "standing");
        var mutator = new JsonMutator(random);
        int understood = 0;
        for (int i = 0; i < Mutants; i++)
        {
            byte[] mutant = mutator.Mutate(honest);
            try
            {
                Result<SweepStatus> read = WireJson.ReadStatus(mutant);
                if (!read.IsOk)
                {
                    AssertOneLine(Assert.Single(read.Errors).Message);
                    continue;
                }
                understood++;
                // What is shown of it is there.
                SweepStatus status = read.Value;
                _ = (status.IsLast, status.LacksResults);
                Assert.All(status.Workers, w => Assert.NotNull(w.Name));
                Assert.All(status.Running, t => Assert.NotNull(t.Arm));
                Assert.All(status.Unfinished ?? [], t => Assert.NotNull(t.Why));
                Assert.All(status.Annotated, t => Assert.DoesNotContain(null, t.Tags));
            }
            catch (Exception e)
            {
                Assert.Fail($"seed {Seed}, mutant {i}: {e}\n{Encoding.UTF8.GetString(mutant)[..Math.Min(2000, mutant.Length)]}");
            }
        }
        Assert.True(understood > Mutants / 100, "nearly all mutants are refused when they are read");
    }

    /// <summary>
    /// Guards against <c>{}</c> for a lease, which a struct's constructor without parameters let pass, and which
    /// ended the orchestrator.
    /// </summary>
    [Theory]
    [InlineData("""{"version":3,"worker":"a","messages":[{"kind":"heartbeat","leases":[{}]}]}""")]
    [InlineData(
        """{"version":3,"worker":"a","messages":[{"kind":"heartbeat","leases":[{"trial":"00000000000000000000000000000000"}]}]}"""
    )]
    [InlineData("""{"version":3,"worker":"a","messages":[{"kind":"heartbeat","leases":[{"attempt":1}]}]}""")]
    [InlineData("""{"version":3,"worker":"a","messages":[{"kind":"trial_errored","lease":{},"reason":"x","repeats":false}]}""")]
    [InlineData("""{"version":3,"worker":"a","worker":"b","messages":[]}""")]
    public void A_lease_without_its_parts_and_a_member_that_is_there_twice_are_refused(string json)
    {
        Result<WorkerMessages> read = WireJson.ReadMessages(Encoding.UTF8.GetBytes(json));
        Assert.False(read.IsOk);
        AssertOneLine(read.Errors[0].Message);
    }

    [Theory]
    [InlineData("""{"version":3,"orders":[{"kind":"revoke","lease":{},"reason":"x"}]}""")]
    [InlineData("""{"version":3,"orders":[{"kind":"acknowledge","lease":{}}]}""")]
    public void An_order_of_a_lease_without_its_parts_is_refused(string json) =>
        Assert.False(WireJson.ReadCommands(Encoding.UTF8.GetBytes(json)).IsOk);

    /// <summary>
    /// Guards against an orchestrator, or whoever gives itself out for one, that has another trial trained under the
    /// identity that was planned.
    /// </summary>
    [Fact]
    public void A_trial_whose_seed_was_changed_on_the_way_is_refused()
    {
        PlannedTrial trial = FuzzedSweep.NoopPlan(2).Trials[1];
        string json = Encoding.UTF8.GetString(WireJson.Write(CommandsOf(new LeaseKey(trial.Id, 1), trial)));
        Assert.True(WireJson.ReadCommands(Encoding.UTF8.GetBytes(json)).IsOk);
        string changed = json.Replace("\"seed\":1", "\"seed\":7", StringComparison.Ordinal);
        Assert.NotEqual(json, changed);
        Result<IReadOnlyList<WorkerCommand>> read = WireJson.ReadCommands(Encoding.UTF8.GetBytes(changed));
        Assert.Contains(
            "does not have the content of its identity",
            Assert.Single(read.Errors).Message,
            StringComparison.Ordinal
        );
    }

    private static void AssertOneLine(string text)
    {
        Assert.DoesNotContain(text, char.IsControl);
        Assert.InRange(text.Length, 1, 1000);
    }

    // What a worker says that holds a trial now, so that what comes of it passes the fence.
    private static async Task<byte[][]> CorpusOf(FuzzedSweep sweep, WorkerId liar)
    {
        sweep.Say(liar, new WorkerJoined(1), new WorkRequested(1));
        await sweep.SettleAsync().WaitAsync(TooLong);
        bool learned = sweep.Plan.Trials[0].Settings.Threshold is TrainedThreshold;
        LeaseKey lease = sweep.Assigned.TryGetValue(liar, out WorkerCommand.Assign? assigned)
            ? assigned.Lease
            : new LeaseKey(sweep.Plan.Trials[0].Id, 1);
        WorkerMessage[] said =
        [
            new Heartbeat([lease]),
            new EpochReported(lease, TinyTrials.Epoch(1, learned)),
            new EpochReported(lease, TinyTrials.Epoch(2, learned)),
            new TrialFinished(lease, TinyTrials.Distances(3)),
            new TrialErrored(lease, "the loss is not finite", Repeats: false),
            new TrialHandedBack(lease, "stopped"),
            new DataMissing(lease, TinyTrials.Data.Digest),
            new WorkRequested(1),
            new WorkerJoined(1),
            new WorkerLeft("done"),
        ];
        return
        [
            .. said.Select(message => WireJson.Write(new WorkerMessages(liar, [message]))),
            WireJson.Write(new WorkerMessages(liar, said)),
        ];
    }

    private static WorkerCommand[] CommandsOf(LeaseKey lease, PlannedTrial trial) =>
        [
            new WorkerCommand.Assign(lease, TimeSpan.FromSeconds(60), 1, trial),
            new WorkerCommand.Resend(lease, 1),
            new WorkerCommand.Revoke(lease, "no more"),
            new WorkerCommand.Acknowledge(lease),
            new WorkerCommand.Drain(),
            new WorkerCommand.Join(),
            new WorkerCommand.End(),
        ];

    private static async Task<Dictionary<(TrialId, int), byte[]>> HonestResults(Plan plan)
    {
        using FuzzedSweep sweep = new(plan);
        await sweep.FinishAsync().WaitAsync(TooLong);
        return sweep.Journal.Events.OfType<EpochRecorded>().ToDictionary(e => (e.Trial, e.Metrics.Epoch), Bytes);
    }

    // What the honest worker told is on record as it told it, and every trial has its end.
    private static int AssertHonest(FuzzedSweep sweep, Dictionary<(TrialId, int), byte[]> truth)
    {
        Dictionary<LeaseKey, WorkerId> holders = [];
        int honest = 0;
        foreach (Event happened in sweep.Journal.Events)
        {
            if (happened is TrialAssigned assigned)
                holders[new LeaseKey(assigned.Trial, assigned.Attempt)] = assigned.Worker;
            if (
                happened is not EpochRecorded epoch
                || !FuzzedSweep.Honest.Contains(holders[new LeaseKey(epoch.Trial, epoch.Attempt)])
            )
                continue;
            Assert.Equal(truth[(epoch.Trial, epoch.Metrics.Epoch)], Bytes(epoch));
            honest++;
        }
        // A liar may say of a trial of its own that it fails for good.
        Assert.Equal(
            sweep.Plan.Trials.Count,
            sweep
                .Journal.Events.Select(e =>
                    e switch
                    {
                        TrialCompleted c => c.Trial,
                        AttemptFailed { Final: true } f => f.Trial,
                        _ => (TrialId?)null,
                    }
                )
                .OfType<TrialId>()
                .Distinct()
                .Count()
        );
        return honest;
    }

    // As the journal has it, but for who and when.
    private static byte[] Bytes(EpochRecorded epoch) =>
        EventJson.Write(
            epoch with
            {
                At = default,
                Attempt = 1,
                Metrics = epoch.Metrics with { Seconds = 0, SamplesPerSecond = 0 },
            }
        );

    private static int Setting(string variable, int silent) =>
        int.TryParse(Environment.GetEnvironmentVariable(variable), CultureInfo.InvariantCulture, out int value) ? value : silent;

    /// <summary>A worker that hears what it is told, and whose answers are kept.</summary>
    private sealed class PlayedWorker : ICoordinatorLink, IDisposable
    {
        private readonly HashSet<LeaseKey> _finished = [];
        private readonly LogLines _log = new();
        private int _attempt = 1000;

        public PlayedWorker()
        {
            Worker = new ServedWorker(
                new WorkerId("w"),
                2,
                new MemoryCheckpoints(),
                _ => throw new InvalidOperationException("nothing is trained"),
                (_, _) => (Dataset?)TinyTrials.Data,
                trial => trial.Engine,
                this,
                TimeProvider.System,
                _log
            );
            Worker.Node.Start();
        }

        public ServedWorker Worker { get; }

        public void Send(WorkerMessage message)
        {
            if (message is not TrialFinished done)
                return;
            lock (_finished)
            {
                _finished.Add(done.Lease);
                Monitor.PulseAll(_finished);
            }
        }

        public void AssertTrains(PlannedTrial trial, TimeSpan patience)
        {
            LeaseKey lease = new(trial.Id, ++_attempt);
            // Whatever it was told before: a coordinator that asks it to join starts afresh.
            Worker.Handle(new WorkerCommand.Join());
            Worker.Handle(new WorkerCommand.Assign(lease, TimeSpan.FromSeconds(60), 1, trial));
            lock (_finished)
            {
                for (
                    long start = Stopwatch.GetTimestamp();
                    !_finished.Contains(lease);
                    Monitor.Wait(_finished, TimeSpan.FromSeconds(1))
                )
                    Assert.True(Stopwatch.GetElapsedTime(start) < patience, "the worker trains nothing any more");
            }
            Assert.Empty(_log.Errors);
            Assert.All(_log.Lines, AssertOneLine);
        }

        public void Dispose() => Worker.Dispose();
    }
}
