using Microsoft.Extensions.Time.Testing;
using Rouser.Cluster.InProcess;
using Rouser.Cluster.Tests.Http;
using Rouser.Coordination;
using Rouser.Data;
using Rouser.Data.Splits;
using Rouser.Snn;
using Rouser.Storage.Journals;
using Rouser.Storage.Models;
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
            shuffled = await Journal(Shuffled, settings);

        Assert.NotEmpty(honest.OfType<TrialPruned>());
        Assert.NotEqual(
            honest.OfType<EpochRecorded>().Select(e => e.Metrics.TestAccuracy),
            shuffled.OfType<EpochRecorded>().Select(e => e.Metrics.TestAccuracy)
        );
        Assert.Equal(honest.Select(WithoutTest), shuffled.Select(WithoutTest));
    }

    [Theory]
    [InlineData("validation_accuracy")]
    [InlineData("validation_loss")]
    public async Task With_the_test_labels_shuffled_the_best_networks_are_the_same_to_the_byte(string metric)
    {
        using TemporaryFolder folder = new();
        KeptModels keep = KeptModels.Best(ValidationMetric.Find(metric)!);
        await Journal(TinyTrials.Data, null, keep, folder["honest"]);
        await Journal(Shuffled, null, keep, folder["shuffled"]);
        (string Name, byte[] Bytes)[] honest = Models(folder["honest"]),
            shuffled = Models(folder["shuffled"]);
        Assert.Equal(Trials, honest.Length);
        Assert.Contains(honest, model => EpochOf(model.Name) is not null);
        Assert.Equal(honest.Select(m => (m.Name[..32], EpochOf(m.Name))), shuffled.Select(m => (m.Name[..32], EpochOf(m.Name))));
        // The text of a model says its test accuracy; the network does not hang on it.
        Assert.NotEqual(honest.Select(m => m.Bytes), shuffled.Select(m => m.Bytes));
        Assert.Equal(honest.Select(m => Tensors(m.Bytes)), shuffled.Select(m => Tensors(m.Bytes)));

        static (string, byte[])[] Models(string place) =>
            [
                .. Directory
                    .GetFiles(place)
                    .Order(StringComparer.Ordinal)
                    .OrderBy(file => Path.GetFileName(file)[..32], StringComparer.Ordinal)
                    .Select(file => (Path.GetFileName(file), File.ReadAllBytes(file))),
            ];

        static string? EpochOf(string name) => name.Split('-') is [_, var epoch, _] ? epoch : null;

        // docs/reference/models.md: the head, the lengths, the text, the tensors, and the sum.
        static byte[] Tensors(byte[] model) =>
            model[(20 + (4 * BitConverter.ToInt32(model, 16)) + BitConverter.ToInt32(model, 12))..^32];
    }

    private static Dataset Shuffled =>
        TinyTrials.Data with
        {
            Test = [.. TinyTrials.Data.Test.Select(s => s with { Label = (s.Label + 1) % TinyTrials.Classes })],
        };

    private static async Task<IReadOnlyList<Event>> Journal(
        Dataset data,
        PrunerSettings? pruner,
        KeptModels? keep = null,
        string? models = null
    )
    {
        using MemoryJournal journal = new();
        using LocalSweep sweep = new(
            Planned,
            TinyTrials.Run with
            {
                Pruner = pruner,
                Keep = keep ?? KeptModels.None,
            },
            journal,
            new MemoryCheckpoints(),
            settings => new FusedEngine(settings, threads: 1),
            (_, _) => data,
            slots: 1,
            new FakeTimeProvider(new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero)),
            _ => { },
            new LogLines(),
            models is null ? null : new ModelFolder(models) { Which = keep! }
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
