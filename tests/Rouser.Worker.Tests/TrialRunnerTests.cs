using System.Text.Json;
using Microsoft.Extensions.Time.Testing;
using Rouser.Coordination;
using Rouser.Data;
using Rouser.Data.Splits;
using Rouser.Results;
using Rouser.Snn;
using Rouser.Snn.Connections;
using Rouser.Snn.Losses;
using Rouser.Snn.Optimizers;
using Rouser.Snn.Readouts;
using Rouser.Snn.Regularizers;
using Rouser.Sweeps;
using Rouser.Testing.Worker;

namespace Rouser.Worker.Tests;

/// <summary>One trial from its first epoch, or its checkpoint, to its end.</summary>
public class TrialRunnerTests
{
    private const int Epochs = 5;

    private readonly MemoryCheckpoints _checkpoints = new();
    private readonly List<EpochMetrics> _reports = [];

    /// <summary>What happened, in order: writes, progress and reports.</summary>
    private readonly List<string> _log = [];

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void A_trial_interrupted_after_any_epoch_ends_with_the_numbers_of_one_that_was_not(int checkpointEvery)
    {
        PlannedTrial trial = TinyTrials.Trial(seed: 3, Epochs);
        var whole = Assert.IsType<TrialOutcome.Completed>(Run(trial, Real, checkpointEvery: checkpointEvery));
        EpochMetrics[] expected = [.. _reports.Select(WithoutTimes)];
        Assert.Equal(Epochs, expected.Length);

        for (int interrupted = 1; interrupted < Epochs; interrupted++)
        {
            _checkpoints.Delete(trial.Id);
            _reports.Clear();
            Assert.IsType<TrialOutcome.Stopped>(Run(trial, Real, stopAfterEpoch: interrupted, checkpointEvery: checkpointEvery));
            Assert.Equal(interrupted, _reports.Count);
            AssertSame(expected[..interrupted], _reports);

            _reports.Clear();
            var resumed = Assert.IsType<TrialOutcome.Completed>(Run(trial, Real, checkpointEvery: checkpointEvery));
            AssertSame(expected, _reports);
            Assert.Equal(whole.WeightDistancesFinal, resumed.WeightDistancesFinal);
        }
    }

    [Theory]
    [InlineData(false, false)]
    [InlineData(true, false)]
    [InlineData(true, true)]
    public void A_trial_whose_networks_are_averaged_and_whose_neurons_are_dropped_goes_on_after_any_epoch(
        bool isRecurrent,
        bool ofWeights
    )
    {
        PlannedTrial trial = TinyTrials.Trial(seed: 3, Epochs);
        trial = trial with
        {
            Settings = trial.Settings with
            {
                Averaging = new WeightAveraging(2),
                Dropout = new Dropout(0.2),
                IsRecurrent = isRecurrent,
                Delays =
                    ofWeights ? new SynapticDelays(9, 5, 0.3)
                    : isRecurrent ? new AxonalDelays(9, 5, 0.3)
                    : null,
            },
        };
        ITrainingEngine engine(TrainingSettings settings) => AveragedEngine.Around(Real(settings), settings);
        var whole = Assert.IsType<TrialOutcome.Completed>(Run(trial, engine));
        EpochMetrics[] expected = [.. _reports.Select(WithoutTimes)];
        for (int interrupted = 1; interrupted < Epochs; interrupted++)
        {
            _checkpoints.Delete(trial.Id);
            Assert.IsType<TrialOutcome.Stopped>(Run(trial, engine, stopAfterEpoch: interrupted));
            _reports.Clear();
            var resumed = Assert.IsType<TrialOutcome.Completed>(Run(trial, engine));
            AssertSame(expected, _reports);
            Assert.Equal(whole.WeightDistancesFinal, resumed.WeightDistancesFinal);
        }
    }

    [Fact]
    public void Predictions_are_of_the_last_epoch_and_are_there_before_its_report()
    {
        PlannedTrial trial = TinyTrials.Trial(seed: 3, Epochs);
        ScriptedEngine? engine = null;
        Run(trial, settings => engine = new ScriptedEngine(settings));
        TrialPredictions said = _checkpoints.LoadPredictions(trial.Id)!;
        Assert.Equal(TinyTrials.Data.Test.Select(sample => sample.Label), said.Labels);
        // Batches of 3 and 2 samples, 3 classes each.
        BatchResult[] last = [.. engine!.Tested.TakeLast(2)];
        Assert.Equal([.. last[0].OutputSpikes, .. last[1].OutputSpikes[..6]], said.OutputSpikes);
        Assert.True(_log.IndexOf("predictions") < _log.IndexOf($"checkpoint {Epochs}"));
    }

    [Fact]
    public void Predictions_that_were_lost_with_a_process_are_made_again_from_the_last_checkpoint()
    {
        PlannedTrial trial = TinyTrials.Trial(seed: 3, Epochs);
        Run(trial, Real);
        TrialPredictions said = _checkpoints.LoadPredictions(trial.Id)!;
        double accuracy = _reports[^1].TestAccuracy;
        Assert.Equal(accuracy, (double)said.Correct / said.SampleCount);
        _checkpoints.LosePredictions(trial.Id);
        Assert.IsType<TrialOutcome.Completed>(Run(trial, Real));
        Assert.Equal(said.OutputSpikes, _checkpoints.LoadPredictions(trial.Id)!.OutputSpikes);
    }

    [Fact]
    public void An_output_layer_that_does_not_spike_has_logits_and_no_number_of_spikes_or_thresholds()
    {
        PlannedTrial trial = Leaky(TinyTrials.Trial(seed: 3, Epochs));
        var whole = Assert.IsType<TrialOutcome.Completed>(Run(trial, Real));
        Assert.All(
            _reports,
            epoch =>
            {
                Assert.Null(ReportCheck.Refuse(trial, epoch));
                (LayerMetrics hidden, LayerMetrics output) = (epoch.Layers[0], epoch.Layers[1]);
                Assert.NotNull(hidden.DeadFraction);
                Assert.NotNull(hidden.Threshold);
                Assert.Equal(
                    (null, null, null, null, null, null),
                    (
                        output.DeadFraction,
                        output.ActiveFraction,
                        output.SpikeRateTrain,
                        output.SpikeRateTest,
                        output.Threshold,
                        output.ThresholdGradientNorm
                    )
                );
            }
        );
        TrialPredictions said = _checkpoints.LoadPredictions(trial.Id)!;
        Assert.Empty(said.OutputSpikes);
        Assert.Equal(said.SampleCount * TinyTrials.Classes, said.Logits!.Length);
        Assert.True(said.Logits.Distinct().Count() > TinyTrials.Classes);
        Assert.Equal(_reports[^1].TestAccuracy, (double)said.Correct / said.SampleCount);
        // 8 hidden thresholds are parameters, and the weights.
        Assert.Equal(96 + 24 + 8, _reports[^1].Complexity!.ParameterCount);

        EpochMetrics[] expected = [.. _reports.Select(WithoutTimes)];
        _checkpoints.Delete(trial.Id);
        _reports.Clear();
        Assert.IsType<TrialOutcome.Stopped>(Run(trial, Real, stopAfterEpoch: 2));
        _reports.Clear();
        var resumed = Assert.IsType<TrialOutcome.Completed>(Run(trial, Real));
        AssertSame(expected, _reports);
        Assert.Equal(whole.WeightDistancesFinal, resumed.WeightDistancesFinal);
    }

    [Fact]
    public void An_epoch_with_spikes_of_a_layer_that_has_none_is_refused_and_one_without_where_there_are_some()
    {
        PlannedTrial trial = TinyTrials.Trial(seed: 3, Epochs);
        EpochMetrics spiking = TinyTrials.Epoch(1);
        LayerMetrics output = spiking.Layers[1];
        EpochMetrics without = spiking with
        {
            Layers =
            [
                spiking.Layers[0],
                output with
                {
                    DeadFraction = null,
                    ActiveFraction = null,
                    SpikeRateTrain = null,
                    SpikeRateTest = null,
                    Threshold = null,
                    ThresholdGradientNorm = null,
                },
            ],
        };
        Assert.Null(ReportCheck.Refuse(trial, spiking));
        Assert.Null(ReportCheck.Refuse(Leaky(trial), without));
        Assert.Equal("layer 2 with no numbers", ReportCheck.Refuse(trial, without));
        Assert.Equal("layer 2 with spikes or thresholds, which it does not have", ReportCheck.Refuse(Leaky(trial), spiking));
    }

    [Fact]
    public void Blended_samples_are_of_one_class_and_the_same_after_a_resumption()
    {
        PlannedTrial trial = TinyTrials.Trial(seed: 3, Epochs);
        trial = trial with
        {
            Settings = Augmented(trial).Settings with
            {
                Augmentation = new Augmentation
                {
                    Blend = 1,
                    Drop = 0.1,
                    Stretch = 0.2,
                },
            },
        };
        Run(trial, Real);
        EpochMetrics[] expected = [.. _reports.Select(WithoutTimes)];
        _checkpoints.Delete(trial.Id);
        _reports.Clear();
        Assert.IsType<TrialOutcome.Stopped>(Run(trial, Real, stopAfterEpoch: 2));
        _reports.Clear();
        Assert.IsType<TrialOutcome.Completed>(Run(trial, Real));
        AssertSame(expected, _reports);

        // Blended alone, every spike of a sample is one of some sample of its class.
        PlannedTrial blended = trial with
        {
            Settings = trial.Settings with { Augmentation = new Augmentation { Blend = 1 } },
            Id = new TrialId(new string('b', 32)),
        };
        int mixed = 0;
        Run(
            blended,
            settings => new ScriptedEngine(settings)
            {
                BeforeBatch = (batch, training) =>
                {
                    foreach (Sample seen in training ? batch : [])
                    {
                        HashSet<string>[] own =
                        [
                            .. TinyTrials.Data.Train.Where(s => s.Label == seen.Label).Select(s => Cells(s.Raster).ToHashSet()),
                        ];
                        Assert.All(Cells(seen.Raster), cell => Assert.Contains(own, cells => cells.Contains(cell)));
                        mixed += own.Any(cells => Cells(seen.Raster).All(cells.Contains)) ? 0 : 1;
                    }
                },
            }
        );
        Assert.True(mixed > Epochs * TinyTrials.Data.Train.Count / 2, $"only {mixed} samples are of two");

        static IEnumerable<string> Cells(SpikeRaster raster) =>
            Enumerable.Range(0, raster.StepCount).SelectMany(t => raster.At(t).ToArray().Select(n => $"{t} {n}"));
    }

    private static PlannedTrial Leaky(PlannedTrial trial) =>
        trial with
        {
            Settings = trial.Settings with { Loss = new CrossEntropyLoss(), Readout = new LeakyReadout(ReadoutTime.Mean) },
        };

    [Fact]
    public void Augmented_samples_differ_between_epochs_and_are_the_same_after_a_resumption_in_any_order()
    {
        PlannedTrial trial = Augmented(TinyTrials.Trial(seed: 3, Epochs));
        Run(trial, Real);
        EpochMetrics[] expected = [.. _reports.Select(WithoutTimes)];
        Run(TinyTrials.Trial(seed: 3, Epochs) with { Id = new TrialId(new string('a', 32)) }, Real);
        Assert.NotEqual(expected[0].TrainLoss, _reports[Epochs].TrainLoss);

        _checkpoints.Delete(trial.Id);
        _reports.Clear();
        Assert.IsType<TrialOutcome.Stopped>(Run(trial, Real, stopAfterEpoch: 2));
        _reports.Clear();
        Assert.IsType<TrialOutcome.Completed>(Run(trial, Real));
        AssertSame(expected, _reports);
    }

    [Fact]
    public void Where_all_networks_are_kept_each_is_that_of_a_training_that_ends_there()
    {
        PlannedTrial trial = TinyTrials.Trial();
        Assert.IsType<TrialOutcome.Completed>(Run(trial, Real, keep: KeptModels.All));
        Assert.Equal([1, 2, 3], _checkpoints.NetworksOf(trial.Id));
        for (int epoch = 1; epoch < trial.Settings.Epochs; epoch++)
        {
            NetworkState kept = _checkpoints.LoadNetwork(trial.Id, epoch)!;
            MemoryCheckpoints shorter = new();
            new TrialRunner(Real, shorter, TimeProvider.System).Run(
                TinyTrials.Trial(epochs: epoch),
                TinyTrials.Data,
                1,
                KeptModels.Last,
                _ => { },
                _ => { },
                CancellationToken.None
            );
            Assert.Equal(JsonSerializer.Serialize(shorter.Load(trial.Id)!.State), JsonSerializer.Serialize(kept));
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void Networks_that_are_kept_outlive_an_interruption_and_one_that_is_lost_costs_a_new_start(int checkpointEvery)
    {
        PlannedTrial trial = TinyTrials.Trial();
        Run(trial, Real, stopAfterEpoch: 3, checkpointEvery: checkpointEvery, keep: KeptModels.All);
        _log.Clear();
        Run(trial, Real, checkpointEvery: checkpointEvery, keep: KeptModels.All);
        Assert.DoesNotContain("network 1", _log);
        Assert.Equal([1, 2, 3], _checkpoints.NetworksOf(trial.Id));

        _checkpoints.Delete(trial.Id);
        Run(trial, Real, stopAfterEpoch: 3, checkpointEvery: checkpointEvery, keep: KeptModels.All);
        _checkpoints.DeleteNetwork(trial.Id, 2);
        _log.Clear();
        Run(trial, Real, checkpointEvery: checkpointEvery, keep: KeptModels.All);
        Assert.Contains("network 1", _log);
        Assert.Equal([1, 2, 3], _checkpoints.NetworksOf(trial.Id));
    }

    [Theory]
    [InlineData(1, 0)]
    [InlineData(1, 3)]
    [InlineData(3, 0)]
    [InlineData(3, 4)]
    public void Of_the_best_epoch_the_network_is_kept_and_no_other(int checkpointEvery, int stopAfter)
    {
        KeptModels best = KeptModels.Best(ValidationMetric.Loss);
        int earlier = 0;
        for (int seed = 0; seed < 12; seed++)
        {
            PlannedTrial trial = TinyTrials.Trial(seed, epochs: 8);
            trial = trial with
            {
                Settings = trial.Settings with
                {
                    Optimizer = new AdamOptimizer(0.1, 0.9, 0.999, 1e-8),
                    Dataset = trial.Settings.Dataset with
                    {
                        Validation = new SplitRule(SplitBy.Share, SplitUnit.Recording, 0.4, 0, 0, 0, ""),
                    },
                },
            };
            _reports.Clear();
            if (stopAfter > 0)
                Run(trial, Real, stopAfterEpoch: stopAfter, checkpointEvery: checkpointEvery, keep: best);
            _reports.Clear();
            Run(trial, Real, checkpointEvery: checkpointEvery, keep: best);
            double least = _reports.Min(e => e.Validation!.Loss);
            int expected = _reports.First(e => e.Validation!.Loss == least).Epoch;
            Assert.Equal(expected == 8 ? [] : [expected], _checkpoints.NetworksOf(trial.Id));
            if (expected < 8)
            {
                earlier++;
                Assert.Equal(
                    _checkpoints.LoadWeights(trial.Id, expected),
                    _checkpoints.LoadNetwork(trial.Id, expected)!.Layers.Select(l => l.Weights)
                );
            }
        }
        Assert.True(earlier > 0);
    }

    [Fact]
    public void Augmentation_alters_training_samples_only_and_by_seed_epoch_and_sample()
    {
        List<string> first = Seen(Augmented(TinyTrials.Trial(seed: 1, 2)), out bool testUntouched),
            again = Seen(Augmented(TinyTrials.Trial(seed: 1, 2)), out _);
        Assert.True(testUntouched);
        Assert.Equal(first, again);
        int train = TinyTrials.Data.Train.Count;
        Assert.Equal(2 * train, first.Distinct().Count());
        Assert.NotEqual(first.Order(), Seen(Augmented(TinyTrials.Trial(seed: 2, 2)), out _).Order());
        string[] originals = [.. TinyTrials.Data.Train.Select(s => Text(s.Raster))];
        Assert.Empty(first.Intersect(originals));
        // Off, an engine gets the very samples of the set.
        Assert.Equal(originals.Order(), Seen(TinyTrials.Trial(seed: 1, 1), out _).Order());

        static List<string> Seen(PlannedTrial trial, out bool testUntouched)
        {
            List<string> seen = [];
            bool same = true;
            ScriptedEngine Engine(TrainingSettings settings) =>
                new(settings)
                {
                    BeforeBatch = (batch, training) =>
                    {
                        if (training)
                            seen.AddRange(batch.Select(s => Text(s.Raster)));
                        else
                            same &= batch.All(TinyTrials.Data.Test.Contains);
                    },
                };
            new TrialRunner(Engine, new MemoryCheckpoints(), TimeProvider.System).Run(
                trial,
                TinyTrials.Data,
                1,
                KeptModels.Last,
                _ => { },
                _ => { },
                CancellationToken.None
            );
            testUntouched = same;
            return seen;
        }

        static string Text(SpikeRaster raster) =>
            string.Join(' ', raster.StepOffsets.ToArray()) + "|" + string.Join(' ', raster.Neurons.ToArray());
    }

    [Fact]
    public void Validation_samples_are_never_trained_on_and_their_scores_are_reported()
    {
        PlannedTrial trial = TinyTrials.Trial(seed: 3, epochs: 2);
        trial = trial with
        {
            Settings = trial.Settings with
            {
                Dataset = trial.Settings.Dataset with
                {
                    Validation = new SplitRule(SplitBy.Share, SplitUnit.Recording, 0.4, 0, 0, 0, ""),
                },
            },
        };
        Dataset divided = TinyTrials.Data.WithValidation(trial.Settings.Dataset).Value;
        Assert.Equal((4, 3), (divided.Train.Count, divided.Validation.Count));
        List<Sample> trained = [],
            evaluated = [];
        ScriptedEngine Engine(TrainingSettings settings) =>
            new(settings) { BeforeBatch = (batch, training) => (training ? trained : evaluated).AddRange(batch) };
        Run(trial, Engine);
        Assert.Empty(trained.Intersect(divided.Validation));
        Assert.Equal(2 * 4, trained.Count);
        // The test set once an epoch, after the validation samples.
        Assert.Equal([.. divided.Validation, .. divided.Test, .. divided.Validation, .. divided.Test], evaluated);
        Assert.All(_reports, epoch => Assert.InRange(epoch.Validation!.Accuracy, 0, 1));
    }

    /// <summary>The same trial with jitter and shift: the inputs as an ear.</summary>
    private static PlannedTrial Augmented(PlannedTrial trial) =>
        trial with
        {
            Settings = trial.Settings with
            {
                Dataset = new DatasetSettings("events", "folder", TinyTrials.Steps, 1, null, null, 0)
                {
                    Width = TinyTrials.Inputs,
                    Height = 1,
                },
                Augmentation = new Augmentation(JitterSteps: 2, Shift: 1),
            },
        };

    [Fact]
    public void Engine_noop_trains_nothing_keeps_nothing_and_reports_every_epoch()
    {
        PlannedTrial trial = TinyTrials.Trial(epochs: 3);
        trial = trial with { Settings = trial.Settings with { Engine = EngineKind.Noop } };
        MemoryCheckpoints checkpoints = new();
        TrialRunner runner = new(
            _ => throw new InvalidOperationException("an engine was made"),
            checkpoints,
            TimeProvider.System
        );
        List<EpochMetrics> first = [],
            second = [];
        var done = Assert.IsType<TrialOutcome.Completed>(
            runner.Run(trial, TinyTrials.Data, 1, KeptModels.Last, first.Add, _ => { }, CancellationToken.None)
        );
        runner.Run(trial, TinyTrials.Data, 1, KeptModels.Last, second.Add, _ => { }, CancellationToken.None);

        Assert.Equal([1, 2, 3], first.Select(e => e.Epoch));
        Assert.Equal([TinyTrials.Hidden, TinyTrials.Classes], first[0].Layers.Select(l => l.Neurons));
        Assert.Equal(first.Select(e => (e.TrainLoss, e.TestAccuracy)), second.Select(e => (e.TrainLoss, e.TestAccuracy)));
        Assert.Equal(
            [
                [0, 0],
                [0, 0],
                [0, 0],
            ],
            done.WeightDistancesFinal
        );
        Assert.Null(checkpoints.Load(trial.Id));
        Assert.IsType<TrialOutcome.Stopped>(
            runner.Run(trial, TinyTrials.Data, 1, KeptModels.Last, _ => { }, _ => { }, new CancellationToken(canceled: true))
        );
    }

    [Fact]
    public void A_resumed_trial_reports_its_history_before_it_trains()
    {
        PlannedTrial trial = TinyTrials.Trial(epochs: 3);
        Run(trial, Scripted, stopAfterEpoch: 2);
        EpochMetrics[] before = [.. _reports];
        _log.Clear();
        _reports.Clear();
        Run(trial, Scripted);

        Assert.Equal(["report 1", "report 2", "epoch 3: 3 of 7"], _log.Take(3));
        Assert.Equal(before, _reports.Take(2));
    }

    [Fact]
    public void An_epoch_is_reported_only_after_its_checkpoint_is_kept()
    {
        Run(TinyTrials.Trial(epochs: 3), Scripted, checkpointEvery: 2);

        // The last epoch has a checkpoint whatever the interval, so that a trial whose result was lost on the way is
        // not trained again.
        Assert.Equal(
            [
                "weights 1",
                "report 1",
                "weights 2",
                "checkpoint 2",
                "report 2",
                "predictions",
                "weights 3",
                "checkpoint 3",
                "report 3",
            ],
            _log.Where(line => !line.StartsWith("epoch", StringComparison.Ordinal))
        );
    }

    [Fact]
    public void A_trial_that_lost_the_weights_of_an_epoch_starts_again_and_ends_the_same()
    {
        PlannedTrial trial = TinyTrials.Trial(epochs: 3);
        var whole = Assert.IsType<TrialOutcome.Completed>(Run(trial, Real));
        EpochMetrics[] expected = [.. _reports.Select(WithoutTimes)];
        _checkpoints.Delete(trial.Id);
        Run(trial, Real, stopAfterEpoch: 2);
        _checkpoints.LoseWeights(trial.Id, 1);
        _log.Clear();
        _reports.Clear();
        var again = Assert.IsType<TrialOutcome.Completed>(Run(trial, Real));

        Assert.Equal("epoch 1: 3 of 7", _log[0]);
        AssertSame(expected, _reports);
        Assert.Equal(whole.WeightDistancesFinal, again.WeightDistancesFinal);
    }

    [Fact]
    public void Numbers_that_are_not_finite_fail_the_trial_and_the_reason_names_the_place()
    {
        int batches = 0;
        TrialOutcome outcome = Run(
            TinyTrials.Trial(),
            settings => new ScriptedEngine(settings)
            {
                // Three batches of training and two of the test make an epoch; this is the second one trained on in the
                // second epoch.
                BeforeBatch = (_, _) =>
                {
                    if (++batches == 7)
                        throw new NumericalFailureException("layer 2: a weight is not finite after update 5");
                },
            }
        );

        var failed = Assert.IsType<TrialOutcome.Failed>(outcome);
        Assert.Equal("epoch 2, sample 6 of 7: layer 2: a weight is not finite after update 5", failed.Reason);
        Assert.Equal([1], _reports.Select(r => r.Epoch));
    }

    [Fact]
    public void A_trial_that_is_asked_to_stop_ends_after_the_batch_in_work()
    {
        using var stop = new CancellationTokenSource();
        int batches = 0;
        TrialOutcome outcome = Run(
            TinyTrials.Trial(),
            settings => new ScriptedEngine(settings)
            {
                BeforeBatch = (_, _) =>
                {
                    if (++batches == 2)
                        stop.Cancel();
                },
            },
            stop: stop
        );

        Assert.IsType<TrialOutcome.Stopped>(outcome);
        Assert.Equal(["epoch 1: 3 of 7", "epoch 1: 6 of 7"], _log);
    }

    [Fact]
    public void A_trial_that_is_asked_to_stop_during_the_test_reports_no_half_epoch()
    {
        using var stop = new CancellationTokenSource();
        TrialOutcome outcome = Run(
            TinyTrials.Trial(),
            settings => new ScriptedEngine(settings)
            {
                BeforeBatch = (_, train) =>
                {
                    if (!train)
                        stop.Cancel();
                },
            },
            stop: stop
        );

        Assert.IsType<TrialOutcome.Stopped>(outcome);
        Assert.Empty(_reports);
        Assert.Empty(_checkpoints.Trials);
    }

    [Fact]
    public void Distances_to_the_final_weights_are_those_of_the_weights_after_each_epoch()
    {
        var outcome = Assert.IsType<TrialOutcome.Completed>(Run(TinyTrials.Trial(epochs: 4), Scripted));

        // Each of an epoch's three batches adds 1 to every weight: e epochs before the end, each of n weights is 3e
        // away.
        double[] weights = [TinyTrials.Inputs * TinyTrials.Hidden, TinyTrials.Hidden * TinyTrials.Classes];
        for (int epoch = 1; epoch <= 4; epoch++)
            Assert.Equal(
                weights.Select(n => Math.Sqrt(n) * 3 * (4 - epoch)),
                outcome.WeightDistancesFinal[epoch - 1],
                new RelativeComparer(1e-12)
            );
    }

    [Fact]
    public void Each_epoch_takes_every_sample_once_in_an_order_of_its_own_that_the_seed_repeats()
    {
        List<int[]> first = Orders(seed: 5),
            again = Orders(seed: 5),
            other = Orders(seed: 6);

        Assert.All(first, order => Assert.Equal(Enumerable.Range(0, TinyTrials.Data.Train.Count), order.Order()));
        Assert.Equal(first.Count, first.DistinctBy(order => string.Join(' ', order)).Count());
        Assert.Equal(first, again);
        Assert.NotEqual(first, other);
    }

    [Fact]
    public void An_epochs_seconds_are_those_of_training_without_the_test()
    {
        var clock = new FakeTimeProvider();
        Run(
            TinyTrials.Trial(epochs: 1),
            settings => new ScriptedEngine(settings)
            {
                BeforeBatch = (_, train) => clock.Advance(TimeSpan.FromSeconds(train ? 2 : 100)),
            },
            time: clock
        );

        Assert.Equal((6.0, 7 / 6.0), (_reports[0].Seconds, _reports[0].SamplesPerSecond));
    }

    private static ITrainingEngine Real(TrainingSettings settings) => new FusedEngine(settings, threads: 1);

    private static ScriptedEngine Scripted(TrainingSettings settings) => new(settings);

    private TrialOutcome Run(
        PlannedTrial trial,
        Func<TrainingSettings, ITrainingEngine> engines,
        int? stopAfterEpoch = null,
        int checkpointEvery = 1,
        CancellationTokenSource? stop = null,
        TimeProvider? time = null,
        KeptModels? keep = null
    )
    {
        using CancellationTokenSource? own = stop is null ? new CancellationTokenSource() : null;
        CancellationTokenSource asked = stop ?? own!;
        _checkpoints.BeforeWrite = (_, what) => _log.Add(what);
        return new TrialRunner(engines, _checkpoints, time ?? TimeProvider.System).Run(
            trial,
            TinyTrials.Data,
            checkpointEvery,
            keep ?? KeptModels.Last,
            Report,
            p => _log.Add($"epoch {p.Epoch}: {p.SamplesDone} of {p.SamplesTotal}"),
            asked.Token
        );

        void Report(EpochMetrics metrics)
        {
            _reports.Add(metrics);
            _log.Add($"report {metrics.Epoch}");
            if (metrics.Epoch == stopAfterEpoch)
                asked.Cancel();
        }
    }

    /// <summary>
    /// The training samples of each of three epochs, by their place in the data set, in the order they were trained
    /// on.
    /// </summary>
    private static List<int[]> Orders(long seed)
    {
        List<Sample> taken = [];
        Sample[] all = [.. TinyTrials.Data.Train];
        new TrialRunner(
            settings => new ScriptedEngine(settings)
            {
                BeforeBatch = (batch, train) =>
                {
                    if (train)
                        taken.AddRange(batch);
                },
            },
            new MemoryCheckpoints(),
            TimeProvider.System
        ).Run(TinyTrials.Trial(seed, epochs: 3), TinyTrials.Data, 1, KeptModels.Last, _ => { }, _ => { }, CancellationToken.None);
        return [.. taken.Select(sample => Array.IndexOf(all, sample)).Chunk(all.Length)];
    }

    private static void AssertSame(IReadOnlyList<EpochMetrics> expected, IEnumerable<EpochMetrics> actual)
    {
        EpochMetrics[] found = [.. actual.Select(WithoutTimes)];
        Assert.Equal(expected.Select(Scalars), found.Select(Scalars));
        // As text, which holds every bit, because records compare the lists in them by reference.
        Assert.Equal(
            expected.SelectMany(m => m.Layers).Select(l => JsonSerializer.Serialize(l)),
            found.SelectMany(m => m.Layers).Select(l => JsonSerializer.Serialize(l))
        );
    }

    /// <summary>All but the layers; a record compares lists by reference.</summary>
    private static (int, double, double, double, double, double) Scalars(EpochMetrics m) =>
        (m.Epoch, m.TrainLoss, m.TrainAccuracy, m.TestAccuracy, m.Seconds, m.SamplesPerSecond);

    private static EpochMetrics WithoutTimes(EpochMetrics metrics) => metrics with { Seconds = 0, SamplesPerSecond = 0 };
}

/// <summary>Doubles that agree to a relative tolerance.</summary>
internal sealed class RelativeComparer(double relative) : IEqualityComparer<double>
{
    public bool Equals(double x, double y) => Math.Abs(x - y) <= relative * Math.Max(Math.Abs(x), Math.Abs(y));

    public int GetHashCode(double obj) => 0;
}
