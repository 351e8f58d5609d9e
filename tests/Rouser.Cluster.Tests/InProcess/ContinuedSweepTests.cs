using Rouser.Cluster.InProcess;
using Rouser.Cluster.Serving;
using Rouser.Cluster.Tests.Http;
using Rouser.Coordination;
using Rouser.Data;
using Rouser.Snn;
using Rouser.Storage.Journals;
using Rouser.Storage.Models;
using Rouser.Sweeps;
using Rouser.Testing.Worker;

namespace Rouser.Cluster.Tests.InProcess;

/// <summary>
/// A run that asks for more epochs goes on from the models of every epoch: it trains what is new, and comes to the
/// numbers and models of a run that asked for all of them at once.
/// </summary>
public sealed class ContinuedSweepTests : IDisposable
{
    private const int Trials = 3,
        Before = 3,
        After = 5,
        BatchesPerEpoch = 3;

    private static readonly TimeSpan TooLong = TimeSpan.FromMinutes(5);
    private static readonly Plan Shorter = WirePlan.Of(Trials, Before),
        Longer = WirePlan.Of(Trials, After),
        Grown = PlanGrowth.Of(Shorter, Longer)!.Plan;

    private readonly TemporaryFolder _folder = new();
    private readonly MemoryJournal _journal = new();
    private readonly MemoryCheckpoints _checkpoints = new();
    private readonly List<string> _warnings = [];
    private int _batches;

    public void Dispose()
    {
        _journal.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public async Task Only_the_epochs_that_are_new_are_trained_and_all_is_as_in_a_fresh_run()
    {
        await Run(Shorter, KeptModels.All, "run");
        Assert.Equal(Trials * Before * BatchesPerEpoch, _batches);
        _batches = 0;
        await Run(Grown, KeptModels.All, "run");
        Assert.Equal(Trials * (After - Before) * BatchesPerEpoch, _batches);
        Assert.Empty(_warnings);
        Assert.Equal(Trials, _journal.Events.OfType<TrialContinued>().Count());
        Assert.Equal(Shorter.Trials.Select(t => t.Id), _journal.Events.OfType<TrialContinued>().Select(e => e.From));
        await AssertAsFresh(KeptModels.All);
        Assert.Empty(_checkpoints.Trials);

        // The journal alone leads there, and nothing is taken over twice.
        var replayed = new Coordinator(Grown, TinyTrials.Run, _journal.Events);
        Assert.Equal(Trials, replayed.State.Count(TrialState.Completed));
        int events = _journal.Events.Count;
        await Run(Grown, KeptModels.All, "run");
        Assert.Equal(events, _journal.Events.Count);
    }

    [Fact]
    public async Task A_run_that_keeps_only_the_last_from_now_on_goes_on_as_well()
    {
        await Run(Shorter, KeptModels.All, "run");
        await Run(Grown, KeptModels.Last, "run");
        Assert.Equal(Trials, _journal.Events.OfType<TrialContinued>().Count());
        await AssertAsFresh(KeptModels.Last);
    }

    // A kill between the checkpoint and the event leaves the one without the other, and the other way round a disk may
    // have lost the checkpoint.
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_kill_while_trials_are_taken_over_changes_nothing(bool losesCheckpoint)
    {
        await Run(Shorter, KeptModels.All, "run");
        int before = _journal.Events.Count;
        var machine = new Coordinator(Grown, TinyTrials.Run, _journal.Events);
        IReadOnlyList<Event> taken = Continued(KeptModels.All)
            .TakeAll(machine, losesCheckpoint ? _journal : new Discarding(_journal), _checkpoints, default);
        Assert.Equal(Trials * (Before + 2), taken.Count(e => e is not PlanReplaced));
        Assert.Equal(losesCheckpoint ? before + taken.Count : before, _journal.Events.Count);
        if (losesCheckpoint)
            _checkpoints.Delete(Grown.Trials[1].Id);
        _batches = 0;
        await Run(Grown, KeptModels.All, "run");
        int again = losesCheckpoint ? Before : 0;
        Assert.Equal(((Trials * (After - Before)) + again) * BatchesPerEpoch, _batches);
        Assert.Empty(_journal.Events.OfType<ResultsDisagreed>());
        await AssertAsFresh(KeptModels.All);
    }

    [Fact]
    public async Task A_damaged_model_costs_its_trial_a_new_start_and_a_line()
    {
        await Run(Shorter, KeptModels.All, "run");
        string model = Models("run").First(name => name.Contains($"{Shorter.Trials[0].Id}-0002-", StringComparison.Ordinal));
        byte[] bytes = File.ReadAllBytes(_folder["run/" + model]);
        bytes[^40] ^= 1;
        File.WriteAllBytes(_folder["run/" + model], bytes);
        _batches = 0;
        await Run(Grown, KeptModels.All, "run");
        Assert.Contains("its sum is wrong", Assert.Single(_warnings), StringComparison.Ordinal);
        Assert.Equal(((Trials * (After - Before)) + Before) * BatchesPerEpoch, _batches);
        await AssertAsFresh(KeptModels.All);
    }

    [Fact]
    public async Task Where_only_the_last_model_is_kept_a_trial_is_trained_anew_and_it_is_said_why()
    {
        await Run(Shorter, KeptModels.Last, "run");
        var state = new CoordinatorState(Grown, TinyTrials.Run);
        IReadOnlyList<Continuation> found = ContinuedTrials.Find(state, _journal.Events);
        Assert.Equal(Trials, found.Count);
        Assert.All(found, c => Assert.Contains("run.keep: all", Continued(KeptModels.Last).Lacks(c), StringComparison.Ordinal));
        await Run(Grown, KeptModels.Last, "run");
        Assert.Empty(_journal.Events.OfType<TrialContinued>());
        await AssertAsFresh(KeptModels.Last);
    }

    [Fact]
    public async Task Beyond_the_limit_no_model_is_added_and_the_last_ones_of_all_trials_come_first()
    {
        await Run(Shorter, KeptModels.All, "run");
        long one = new FileInfo(_folder["run/" + Models("run")[0]]).Length + 16_384;
        using var other = new ContinuedSweepTests();
        SweepEnd end = await other.Run(Shorter, KeptModels.All, "run", limit: (Trials + 1) * one);
        Assert.True(end.Finished);
        string[] kept = other.Models("run");
        Assert.All(
            Shorter.Trials,
            trial =>
                Assert.Single(
                    kept,
                    name => name.StartsWith($"{trial.Id}-", StringComparison.Ordinal) && name.Split('-').Length == 2
                )
        );
        Assert.InRange(kept.Length, Trials + 1, (Trials * Before) - 1);
        Assert.Contains(other._log.Lines, line => line.Contains("run.models_limit", StringComparison.Ordinal));
        Assert.Equal(Results(_journal, Shorter), Results(other._journal, Shorter));
    }

    private readonly LogLines _log = new();

    private ContinuedTrials Continued(KeptModels keep) => new(new ModelFolder(_folder["run"]), keep, _warnings.Add);

    private async Task<SweepEnd> Run(Plan plan, KeptModels keep, string models, long limit = long.MaxValue)
    {
        using var sweep = new LocalSweep(
            plan,
            TinyTrials.Run with
            {
                Keep = keep,
            },
            new SweepResources(_journal, _checkpoints)
            {
                Models = new ModelFolder(_folder[models])
                {
                    Which = keep,
                    Limit = limit,
                    Trials = plan.Trials.Count,
                },
                Continued = plan.Revision == 0 ? null : Continued(keep),
            },
            settings => new Counted(new FusedEngine(settings, threads: 1), () => Interlocked.Increment(ref _batches)),
            TinyTrials.Load,
            slots: 2,
            TimeProvider.System,
            _ => { },
            _log
        );
        return await sweep.RunAsync(CancellationToken.None).WaitAsync(TooLong, CancellationToken.None);
    }

    private async Task AssertAsFresh(KeptModels keep)
    {
        using var fresh = new ContinuedSweepTests();
        await fresh.Run(Longer, keep, "run");
        Assert.Equal(Results(fresh._journal, Longer), Results(_journal, Longer));
        HashSet<string> trials = [.. Longer.Trials.Select(t => t.Id.Value)];
        Assert.Equal(fresh.Models("run"), Models("run").Where(name => trials.Contains(name[..32])));
    }

    private string[] Models(string folder) =>
        [.. Directory.GetFiles(_folder[folder]).Select(file => Path.GetFileName(file)).Order(StringComparer.Ordinal)];

    /// <summary>All that was measured of a plan's trials, without times and attempts, as the journal writes it.</summary>
    private static string[] Results(MemoryJournal journal, Plan plan) =>
        [
            .. plan.Trials.SelectMany(trial =>
                journal
                    .Events.OfType<IResultEvent>()
                    .Where(e => e.Trial == trial.Id)
                    .Select(e => e.RecordedAgain(default, 1))
                    .Select(e =>
                        e is EpochRecorded epoch
                            ? epoch with
                            {
                                Metrics = epoch.Metrics with { Seconds = 0, SamplesPerSecond = 0 },
                            }
                            : e
                    )
                    .Select(e => System.Text.Encoding.UTF8.GetString(EventJson.Write(e)))
            ),
        ];

    /// <summary>An engine whose batches are counted.</summary>
    private sealed class Counted(ITrainingEngine engine, Action trained) : ITrainingEngine
    {
        public BatchResult Train(ReadOnlySpan<Sample> batch)
        {
            trained();
            return engine.Train(batch);
        }

        public BatchResult Evaluate(ReadOnlySpan<Sample> batch, bool countUpdates = false) =>
            engine.Evaluate(batch, countUpdates);

        public NetworkState Export() => engine.Export();

        public void Import(NetworkState state) => engine.Import(state);

        public void Dispose() => engine.Dispose();
    }

    /// <summary>A journal whose process is killed before anything is appended.</summary>
    private sealed class Discarding(MemoryJournal journal) : IJournal
    {
        public void Append(IReadOnlyList<Event> events, SnapshotDelta? changes = null) { }

        public SweepSnapshot? ReadSnapshot() => null;

        public SweepSummary? ReadSummary() => null;

        public IEnumerable<Event> Read(long after = 0) => journal.Read(after);

        public void Dispose() { }
    }
}
