using System.Net.Http.Headers;
using System.Text;
using Rouser.Cluster.Http;
using Rouser.Cluster.Tests.Http;
using Rouser.Cluster.Wire;
using Rouser.Coordination;
using Rouser.Core;
using Rouser.Reports;
using Rouser.Results;
using Rouser.Snn;
using Rouser.Snn.Thresholds;
using Rouser.Storage.Checkpoints;
using Rouser.Storage.Journals;
using Rouser.Sweeps;
using Rouser.Testing.Worker;
using Rouser.Worker;

namespace Rouser.Cluster.Tests.Trust;

/// <summary>
/// Workers that lie, over real connections: they take a trial, say what is not so, and go. Whatever it is, the sweep
/// ends, its report can be made, and what an honest worker trained is to the byte what it would be without them.
/// </summary>
public sealed class LyingWorkerTests : IAsyncLifetime
{
    private const int Trials = 3;

    private static readonly WorkerId Liar = new("liar");

    private HttpSweep _sweep = null!;
    private OrchestratorClient _client = null!;
    private WorkerCommand.Assign _taken = null!;

    /// <summary>What a liar says of the trial that it holds, and whether that is refused with a reason.</summary>
    private static readonly Dictionary<string, (Func<EpochMetrics, EpochMetrics> Lie, string Reason)> EpochLies = new()
    {
        ["a loss that is no number"] = (e => e with { TrainLoss = double.NaN }, "a training loss that is not finite"),
        ["an infinite loss"] = (e => e with { TrainLoss = double.NegativeInfinity }, "a training loss that is not finite"),
        ["better than all right"] = (e => e with { TestAccuracy = 1.5 }, "a test accuracy of 1.5"),
        ["worse than all wrong"] = (e => e with { TrainAccuracy = -0.1 }, "a training accuracy of -0.1"),
        ["an accuracy that is no number"] = (e => e with { TestAccuracy = double.NaN }, "a test accuracy of NaN"),
        ["no layers"] = (e => e with { Layers = [] }, "0 layers of a network of 2"),
        ["a layer too many"] = (e => e with { Layers = [.. e.Layers, e.Layers[0]] }, "3 layers of a network of 2"),
        ["neurons that are not the trial's"] = (e => First(e, l => l with { Neurons = 9 }), "layer 1 with 9 neurons"),
        ["no neurons"] = (e => Last(e, l => l with { Neurons = 0 }), "layer 2 with 0 neurons"),
        ["a class for everyone"] = (e => Last(e, l => l with { Neurons = int.MaxValue }), "layer 2 with 2147483647 neurons"),
        ["deader than dead"] = (e => First(e, l => l with { DeadFraction = 2 }), "a share of 2 dead neurons"),
        ["less than no activity"] = (e => First(e, l => l with { ActiveFraction = -1 }), "a share of -1 active neurons"),
        ["more than a spike a step"] = (e => First(e, l => l with { SpikeRateTrain = 7 }), "a rate that is none"),
        ["thresholds out of order"] = (e => First(e, l => l with { Threshold = l.Threshold! with { Min = 9 } }), "not in order"),
        ["thresholds that are no numbers"] = (
            e => First(e, l => l with { Threshold = l.Threshold! with { Median = double.NaN } }),
            "not finite"
        ),
        ["a histogram of other neurons"] = (
            e => First(e, l => l with { Threshold = l.Threshold! with { Histogram = [99] } }),
            "a histogram"
        ),
        ["a histogram of seven bins"] = (
            e => First(e, l => l with { Threshold = l.Threshold! with { Histogram = [2, 1, 1, 1, 1, 1, 1] } }),
            "a histogram"
        ),
        ["a negative histogram"] = (
            e => First(e, l => l with { Threshold = l.Threshold! with { Histogram = [-1, 9, .. new int[18]] } }),
            "a histogram"
        ),
        ["a gradient that there is not"] = (
            e => First(e, l => l with { ThresholdGradientNorm = l.ThresholdGradientNorm is null ? 1 : null }),
            "threshold gradient"
        ),
        ["a negative distance"] = (e => First(e, l => l with { WeightDistanceInitial = -1 }), "a distance"),
        ["an infinite gradient"] = (
            e => First(e, l => l with { WeightGradientNorm = double.PositiveInfinity }),
            "a weight gradient"
        ),
        ["epoch 0"] = (e => e with { Epoch = 0 }, "epoch 0 of a trial of 3"),
        ["an epoch too many"] = (e => e with { Epoch = 4 }, "epoch 4 of a trial of 3"),
        ["time that ran backwards"] = (e => e with { Seconds = -1 }, "an epoch of -1 s"),
        ["infinite speed"] = (e => e with { SamplesPerSecond = double.PositiveInfinity }, "samples per second"),
    };

    private static readonly Dictionary<string, (IReadOnlyList<IReadOnlyList<double>> Distances, string Reason)> EndingLies = new()
    {
        ["distances of too few epochs"] = (
            [
                [0, 0],
            ],
            "distances of 1 epochs of a trial of 3"
        ),
        ["distances of too few layers"] = (
            [
                [0],
                [0],
                [0],
            ],
            "distances of 1 layers of a network of 2"
        ),
        ["a distance that is no number"] = (
            [
                [0, double.NaN],
                [0, 0],
                [0, 0],
            ],
            "a distance that is negative or not finite"
        ),
    };

    public static TheoryData<string> LiesAboutEpochs => [.. EpochLies.Keys];

    public static TheoryData<string> LiesAboutEndings => [.. EndingLies.Keys];

    public async Task InitializeAsync()
    {
        _sweep = await HttpSweep.StartAsync(Trials);
        _client = _sweep.Client();
        await Say(new WorkerJoined(1), new WorkRequested(1));
        while (_taken is null)
        {
            IReadOnlyList<WorkerCommand>? orders = await _client
                .AskForCommandsAsync(Liar, CancellationToken.None)
                .WaitAsync(HttpSweep.TooLong);
            _taken = orders!.OfType<WorkerCommand.Assign>().FirstOrDefault()!;
        }
    }

    public async Task DisposeAsync()
    {
        _client.Dispose();
        await _sweep.DisposeAsync();
    }

    [Theory]
    [MemberData(nameof(LiesAboutEpochs))]
    public async Task A_lie_about_an_epoch_fails_the_attempt_with_its_reason(string kind)
    {
        (Func<EpochMetrics, EpochMetrics> lie, string reason) = EpochLies[kind];
        await Say(new EpochReported(_taken.Lease, lie(Plausible(1))));
        await AssertRefused(reason);
    }

    [Theory]
    [MemberData(nameof(LiesAboutEndings))]
    public async Task A_lie_about_an_ending_fails_the_attempt_with_its_reason(string kind)
    {
        await Say([.. Enumerable.Range(1, 3).Select(epoch => new EpochReported(_taken.Lease, Plausible(epoch)))]);
        await Say(new TrialFinished(_taken.Lease, EndingLies[kind].Distances));
        await AssertRefused(EndingLies[kind].Reason);
    }

    [Fact]
    public async Task An_end_without_epochs_is_not_believed()
    {
        await Say(new TrialFinished(_taken.Lease, TinyTrials.Distances(3)));
        await Leave();
        await AssertHonest();
    }

    [Fact]
    public async Task A_reason_that_looks_like_lines_of_the_log_is_one_line_without_colours()
    {
        await Say(
            new TrialErrored(
                _taken.Lease,
                $"\u001b[2J\u001b[31mred\n2026-01-01 00:00:00Z INFO all is well\r\u202e{new string('x', 100_000)}",
                Repeats: false
            )
        );
        await Leave();
        await AssertHonest();
        string reason = Assert.Single(_sweep.Journal.Events.OfType<AttemptFailed>()).Reason;
        Assert.StartsWith("red 2026-01-01 00:00:00Z INFO all is well xxx", reason, StringComparison.Ordinal);
        Assert.InRange(reason.Length, 1, ReportCheck.LongestReason);
        Assert.All(_sweep.Log, line => Assert.DoesNotContain(line, char.IsControl));
    }

    [Fact]
    public async Task Forged_lines_in_a_farewell_and_a_hand_back_are_one_line()
    {
        await Say(
            new TrialHandedBack(_taken.Lease, "stopped\n2026-01-01 ERROR another worker lies"),
            new WorkerLeft("bye\nhonest left: bye")
        );
        await AssertHonest();
        Assert.All(_sweep.Log, line => Assert.DoesNotContain(line, char.IsControl));
        Assert.Contains("liar left: bye honest left: bye", _sweep.Log);
    }

    [Fact]
    public async Task Whoever_does_not_hold_a_lease_changes_nothing_under_it()
    {
        var other = new WorkerId("other");
        await Say(other, new EpochReported(_taken.Lease, Plausible(1)), new TrialErrored(_taken.Lease, "broken", Repeats: false));
        await Say(
            other,
            new TrialHandedBack(_taken.Lease, "I do not want it"),
            new DataMissing(_taken.Lease, _taken.Trial.DataDigest)
        );
        await _sweep.Service.Query(_ => true);
        Assert.DoesNotContain(_sweep.Journal.Events, e => e is EpochRecorded or AttemptFailed or AttemptReturned);
        await Leave();
        await AssertHonest();
    }

    [Fact]
    public async Task Whoever_claims_every_lease_gets_none()
    {
        LeaseKey[] all =
        [
            .. _sweep.Plan.Trials.SelectMany(t => Enumerable.Range(0, 5).Select(attempt => new LeaseKey(t.Id, attempt))),
            new(new TrialId(new string('0', 32)), 1),
        ];
        await Say(new Heartbeat(all));
        await Leave();
        await AssertHonest();
    }

    [Fact]
    public async Task A_lease_that_is_none_is_refused_and_harms_nobody()
    {
        using var http = new HttpClient { BaseAddress = _sweep.Address };
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", HttpSweep.Secret);
        using HttpResponseMessage response = await http.PostAsync(
            "/v1/messages",
            Json("""{"version":3,"worker":"liar","messages":[{"kind":"heartbeat","leases":[{}]}]}""")
        );
        Assert.Equal(System.Net.HttpStatusCode.BadRequest, response.StatusCode);
        await Leave();
        await AssertHonest();
    }

    [Fact]
    public async Task An_epoch_told_again_with_other_numbers_is_an_alarm_and_ends_nothing()
    {
        await Say(new EpochReported(_taken.Lease, Plausible(1)));
        await Say(new EpochReported(_taken.Lease, Plausible(1) with { TrainLoss = 0.77 }));
        await Leave();
        await AssertHonest();
        ResultsDisagreed alarm = _sweep.Journal.Events.OfType<ResultsDisagreed>().First();
        Assert.Equal((_taken.Lease.Trial, 1, Liar, Liar), (alarm.Trial, alarm.Epoch, alarm.First, alarm.Second));
    }

    [Fact]
    public async Task A_plausible_lie_is_an_alarm_that_names_the_liar_when_an_honest_worker_trains_the_trial_again()
    {
        await Say(new EpochReported(_taken.Lease, Plausible(1)));
        await Leave();
        await AssertHonest();
        ResultsDisagreed alarm = Assert.Single(_sweep.Journal.Events.OfType<ResultsDisagreed>());
        Assert.Equal((Liar, new WorkerId("finisher")), (alarm.First, alarm.Second));
    }

    [Theory]
    [InlineData("weights-9999", "anything")]
    [InlineData("weights-0000", "anything")]
    [InlineData("checkpoint", "no tensors at all")]
    public async Task A_checkpoint_that_is_none_is_refused_or_not_used(string file, string content)
    {
        bool taken = await Store(file, Encoding.UTF8.GetBytes(content));
        Assert.Equal(file == "checkpoint", taken);
        await Leave();
        await AssertHonest();
    }

    [Theory]
    [InlineData("another network")]
    [InlineData("weights that are no numbers")]
    [InlineData("a history that is none")]
    public async Task A_whole_checkpoint_that_is_not_the_trials_ends_no_honest_attempt(string kind)
    {
        string folder = Directory.CreateTempSubdirectory("rouser-liar-").FullName;
        try
        {
            using var engine = new FusedEngine(TrialRunner.SettingsFor(_taken.Trial, TinyTrials.Data), threads: 1);
            NetworkState state = engine.Export();
            LayerState first = state.Layers[0];
            state = state with
            {
                Layers = kind switch
                {
                    "another network" =>
                    [
                        first with
                        {
                            Weights = new float[5],
                            Thresholds = new float[2],
                        },
                        .. state.Layers.Skip(1),
                    ],
                    "weights that are no numbers" =>
                    [
                        first with
                        {
                            Weights = [.. first.Weights.Select(_ => float.NaN)],
                        },
                        .. state.Layers.Skip(1),
                    ],
                    _ => state.Layers,
                },
            };
            new FolderCheckpointStore(folder).Save(
                new Checkpoint(_taken.Trial.Id, state, [Plausible(kind == "a history that is none" ? 7 : 1)])
            );
            byte[] content = await File.ReadAllBytesAsync(
                new CheckpointFiles(folder).PathOf(_taken.Trial.Id, CheckpointFiles.Checkpoint)
            );
            Assert.True(await Store(CheckpointFiles.Checkpoint, content));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
        await Leave();
        await AssertHonest();
        Assert.DoesNotContain(_sweep.Journal.Events, e => e is AttemptFailed);
    }

    private async Task AssertRefused(string reason)
    {
        await Leave();
        await AssertHonest();
        AttemptFailed failed = Assert.Single(_sweep.Journal.Events.OfType<AttemptFailed>());
        Assert.Equal((_taken.Lease.Trial, 1, false), (failed.Trial, failed.Attempt, failed.Final));
        Assert.StartsWith("liar reported ", failed.Reason, StringComparison.Ordinal);
        Assert.Contains(reason, failed.Reason, StringComparison.Ordinal);
    }

    // The sweep ends, the report is there, and what the honest worker trained is as it always is.
    private async Task AssertHonest()
    {
        await _sweep.FinishAsync();
        ResultTables tables = ResultTables.Build(
            WirePlan.SpecOf(Trials).Value,
            _sweep.Plan,
            _sweep.Journal.Events,
            new("0", "fused/1", "", "", "", 1, "")
        );
        string folder = Directory.CreateTempSubdirectory("rouser-liar-").FullName;
        try
        {
            Result<ReportFiles> report = ReportWriter.Write(tables, folder);
            Assert.True(report.IsOk, string.Join("; ", report.Errors));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
        Dictionary<(TrialId, int), byte[]> truth = await Truth.Value;
        HashSet<TrialId> touched =
        [
            .. _sweep
                .Journal.Events.OfType<EpochRecorded>()
                .Where(e => e.Trial == _taken.Lease.Trial && e.Attempt == 1)
                .Select(e => e.Trial),
        ];
        EpochRecorded[] honest = [.. _sweep.Journal.Events.OfType<EpochRecorded>().Where(e => !touched.Contains(e.Trial))];
        Assert.True(honest.Length >= (Trials - 1) * WirePlan.Epochs);
        Assert.All(honest, e => Assert.Equal(truth[(e.Trial, e.Metrics.Epoch)], Bytes(e)));
    }

    private static readonly Lazy<Task<Dictionary<(TrialId, int), byte[]>>> Truth = new(async () =>
    {
        await using HttpSweep sweep = await HttpSweep.StartAsync(Trials);
        await sweep.FinishAsync();
        return sweep.Journal.Events.OfType<EpochRecorded>().ToDictionary(e => (e.Trial, e.Metrics.Epoch), Bytes);
    });

    private static byte[] Bytes(EpochRecorded epoch) =>
        EventJson.Write(
            epoch with
            {
                At = default,
                Attempt = 1,
                Metrics = epoch.Metrics with { Seconds = 0, SamplesPerSecond = 0 },
            }
        );

    private EpochMetrics Plausible(int epoch) => TinyTrials.Epoch(epoch, _taken.Trial.Settings.Threshold is TrainedThreshold);

    private static EpochMetrics First(EpochMetrics epoch, Func<LayerMetrics, LayerMetrics> lie) =>
        epoch with
        {
            Layers = [lie(epoch.Layers[0]), .. epoch.Layers.Skip(1)],
        };

    private static EpochMetrics Last(EpochMetrics epoch, Func<LayerMetrics, LayerMetrics> lie) =>
        epoch with
        {
            Layers = [.. epoch.Layers.SkipLast(1), lie(epoch.Layers[^1])],
        };

    private static StringContent Json(string text) => new(text, Encoding.UTF8, "application/json");

    private Task<bool> Store(string file, byte[] content) =>
        _client.StoreAsync(
            $"checkpoints/{_taken.Lease.Trial}/{file}",
            Liar,
            () => new MemoryStream(content),
            CancellationToken.None
        );

    private Task Leave() => Say(new WorkerLeft("it is done"));

    private Task Say(params WorkerMessage[] messages) => Say(Liar, messages);

    private async Task Say(WorkerId who, params WorkerMessage[] messages) =>
        Assert.True(
            await _client.SendAsync(new WorkerMessages(who, messages), CancellationToken.None).WaitAsync(HttpSweep.TooLong)
        );
}
