using Microsoft.Extensions.Time.Testing;
using Rouser.Cluster.InProcess;
using Rouser.Coordination;
using Rouser.Data;
using Rouser.Data.Splits;
using Rouser.Snn;
using Rouser.Storage.Journals;
using Rouser.Sweeps;
using Rouser.Sweeps.Pruners;
using Rouser.Testing.Worker;

namespace Rouser.Cluster.Tests.InProcess;

/// <summary>Nothing that a sweep decides may hang on the labels of the test set.</summary>
public sealed class HonestSelectionTests
{
    private const int Trials = 12,
        Epochs = 6;

    private static readonly Plan Planned = WithValidation(TinyTrials.Plan(Trials, Epochs));

    [Theory]
    [InlineData("median")]
    [InlineData("successive_halving")]
    public async Task With_the_test_labels_shuffled_the_journal_is_the_same_to_the_byte_but_for_the_test_metrics(string pruner)
    {
        PrunerSettings settings = new(
            pruner == "median" ? new MedianPruner(1, 3) : new SuccessiveHalvingPruner(1, 2),
            ValidationMetric.Accuracy
        );
        IReadOnlyList<Event> honest = await Journal(TinyTrials.Data, settings),
            shuffled =
                await Journal(
                    TinyTrials.Data with
                    {
                        Test = [.. TinyTrials.Data.Test.Select(s => s with { Label = (s.Label + 1) % TinyTrials.Classes })],
                    },
                    settings
                );

        Assert.NotEmpty(honest.OfType<TrialPruned>());
        Assert.NotEqual(
            honest.OfType<EpochRecorded>().Select(e => e.Metrics.TestAccuracy),
            shuffled.OfType<EpochRecorded>().Select(e => e.Metrics.TestAccuracy)
        );
        Assert.Equal(honest.Select(WithoutTest), shuffled.Select(WithoutTest));
    }

    private static async Task<IReadOnlyList<Event>> Journal(Dataset data, PrunerSettings pruner)
    {
        using MemoryJournal journal = new();
        using LocalSweep sweep = new(
            Planned,
            TinyTrials.Run with
            {
                Pruner = pruner,
            },
            journal,
            new MemoryCheckpoints(),
            settings => new FusedEngine(settings, threads: 1),
            (_, _) => data,
            slots: 1,
            new FakeTimeProvider(new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero)),
            _ => { },
            new LogLines()
        );
        await sweep.RunAsync(CancellationToken.None).WaitAsync(TimeSpan.FromMinutes(5), CancellationToken.None);
        return journal.Events;
    }

    private static string WithoutTest(Event e) =>
        System.Text.Encoding.UTF8.GetString(
            EventJson.Write(e is EpochRecorded epoch ? epoch with { Metrics = epoch.Metrics with { TestAccuracy = 0 } } : e)
        );

    private static Plan WithValidation(Plan plan) =>
        plan with
        {
            Trials =
            [
                .. plan.Trials.Select(trial =>
                    trial with
                    {
                        Settings = trial.Settings with
                        {
                            Dataset = trial.Settings.Dataset with
                            {
                                Validation = new SplitRule(SplitBy.Share, SplitUnit.Recording, 0.4, 0, 0, Seed: 0, ""),
                            },
                        },
                    }
                ),
            ],
        };
}
