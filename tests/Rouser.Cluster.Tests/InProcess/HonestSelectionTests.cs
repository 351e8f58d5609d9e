using System.Text.Json.Nodes;
using Microsoft.Extensions.Time.Testing;
using Rouser.Cluster.InProcess;
using Rouser.Cluster.Serving;
using Rouser.Cluster.Tests.Http;
using Rouser.Coordination;
using Rouser.Data;
using Rouser.Data.Splits;
using Rouser.Snn;
using Rouser.Storage.Journals;
using Rouser.Storage.Models;
using Rouser.Sweeps;
using Rouser.Sweeps.Pruners;
using Rouser.Sweeps.Samplers;
using Rouser.Testing.Worker;

namespace Rouser.Cluster.Tests.InProcess;

/// <summary>Nothing that a sweep decides may hang on the labels of the test set.</summary>
public sealed class HonestSelectionTests
{
    private const int Trials = 12,
        Proposed = 6,
        Epochs = 6;

    private static readonly Plan Planned = WithValidation(TinyTrials.Plan(Trials, Epochs));

    // Of all that a journal and the folder of models hold, this alone says how a network does on the test set.
    private static readonly string[] OfTheTestSet = ["epoch_recorded /event/metrics/test_accuracy"];

    [Theory]
    [InlineData("median")]
    [InlineData("successive_halving")]
    [InlineData("tpe")]
    [InlineData("best by validation_accuracy")]
    [InlineData("best by validation_loss")]
    public async Task With_the_test_labels_shuffled_the_journal_and_the_models_are_the_same_bytes_but_for_the_test_accuracy(
        string choice
    )
    {
        using TemporaryFolder folder = new();
        RunSettings run = Choosing(choice);
        (Event[] honest, Event[] shuffled) = (
            await Journal(TinyTrials.Data, run, folder["honest"]),
            await Journal(Shuffled, run, folder["shuffled"])
        );
        Assert.Equal(choice is "median" or "successive_halving", honest.OfType<TrialPruned>().Any());
        Assert.Equal(choice == "tpe" ? Proposed : 0, honest.OfType<SettingProposed>().Count());

        Assert.Equal(honest.Length, shuffled.Length);
        Assert.Equal(OfTheTestSet, honest.Zip(shuffled).SelectMany(pair => Differences(pair.First, pair.Second)).Distinct());

        (string Name, byte[] Bytes)[] kept = Models(folder["honest"]);
        Assert.Equal(honest.OfType<TrialCompleted>().Count(), kept.Length);
        Assert.Contains(kept, model => model.Name.Split('-') is [_, _, _]);
        (string Name, byte[] Bytes)[] other = Models(folder["shuffled"]);
        Assert.Equal(kept.Select(model => model.Name), other.Select(model => model.Name));
        Assert.Equal(kept.Select(model => model.Bytes), other.Select(model => model.Bytes));
    }

    private static RunSettings Choosing(string choice) =>
        choice switch
        {
            "median" => Pruned(new MedianPruner(1, 3)),
            "successive_halving" => Pruned(new SuccessiveHalvingPruner(1, 2)),
            "tpe" => Keeping(ValidationMetric.Accuracy) with
            {
                Searches = new SettingSearches(
                    ValidationMetric.Accuracy,
                    EpochSelection.Last,
                    new Dictionary<string, SettingSearch> { ["study"] = Search }
                ),
            },
            "best by validation_loss" => Keeping(ValidationMetric.Find("validation_loss")!),
            _ => Keeping(ValidationMetric.Accuracy),
        };

    private static SettingSearch Search =>
        new(
            Proposed,
            Startup: 2,
            Parallel: 1,
            [new SearchDimension(0)],
            [.. Planned.Cells.Select((cell, i) => new SearchCandidate(cell.Setting, [(double)i / Trials]))]
        );

    private static RunSettings Pruned(Pruner pruner) =>
        Keeping(ValidationMetric.Accuracy) with
        {
            Pruner = new PrunerSettings(pruner, ValidationMetric.Accuracy),
        };

    private static RunSettings Keeping(ValidationMetric metric) => TinyTrials.Run with { Keep = KeptModels.Best(metric) };

    private static (string, byte[])[] Models(string place) =>
        [
            .. Directory
                .GetFiles(place)
                .Order(StringComparer.Ordinal)
                .Select(file => (Path.GetFileName(file), File.ReadAllBytes(file))),
        ];

    /// <summary>The kind of an event and the place of each value in which it differs from another one.</summary>
    private static IEnumerable<string> Differences(Event one, Event other)
    {
        (JsonNode first, JsonNode second) = (JsonNode.Parse(EventJson.Write(one))!, JsonNode.Parse(EventJson.Write(other))!);
        return Values(first, "")
            .Except(Values(second, ""))
            .Concat(Values(second, "").Except(Values(first, "")))
            .Select(value => $"{EventJson.KindOf(one)} {value.Place}");

        static IEnumerable<(string Place, string Value)> Values(JsonNode? node, string place) =>
            node switch
            {
                JsonObject members => members.SelectMany(m => Values(m.Value, $"{place}/{m.Key}")),
                JsonArray items => items.SelectMany((item, i) => Values(item, $"{place}/{i}")),
                _ => [(place, node?.ToJsonString() ?? "null")],
            };
    }

    private static Dataset Shuffled =>
        TinyTrials.Data with
        {
            Test = [.. TinyTrials.Data.Test.Select(s => s with { Label = (s.Label + 1) % TinyTrials.Classes })],
        };

    private static async Task<Event[]> Journal(Dataset data, RunSettings run, string models)
    {
        using MemoryJournal journal = new();
        using LocalSweep sweep = new(
            Planned,
            run,
            new SweepResources(journal, new MemoryCheckpoints()) { Models = new ModelFolder(models) { Which = run.Keep } },
            settings => new FusedEngine(settings, threads: 1),
            (_, _) => data,
            slots: 1,
            new FakeTimeProvider(new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero)),
            _ => { },
            new LogLines()
        );
        await sweep.RunAsync(CancellationToken.None).WaitAsync(TimeSpan.FromMinutes(5), CancellationToken.None);
        return [.. journal.Events];
    }

    private static Plan WithValidation(Plan plan) =>
        plan with
        {
            Cells = [.. plan.Cells.Select((cell, i) => cell with { Setting = $"setting {i}" })],
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
