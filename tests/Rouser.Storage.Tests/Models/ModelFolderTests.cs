using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Rouser.Snn;
using Rouser.Storage.Checkpoints;
using Rouser.Storage.Models;
using Rouser.Sweeps;
using Rouser.Testing.Worker;

namespace Rouser.Storage.Tests.Models;

/// <summary>Models of earlier versions of the program, which a run's folder or a results store may hold.</summary>
public sealed class ModelFolderTests : IDisposable
{
    private const int Epochs = 2;

    private const string Sweep = """
        schema: rouser/sweep/v1
        name: small
        base: {dataset: {name: saccade-digits, steps: 20}, network.hidden: [8], epochs: 2}
        seeds: [0]
        studies: {a: {}}
        """;

    // Of a trial whose content is not that of its identity no model is read.
    private static readonly PlannedTrial Trial = Planner.Create(Spec(1), _ => "digest", _ => FusedEngine.Version).Value.Trials[0];

    private readonly string _folder = Directory.CreateTempSubdirectory("rouser-test-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void A_model_says_nothing_of_the_test_set()
    {
        (string path, _) = Kept("now");
        Assert.DoesNotContain("test_accuracy", Encoding.UTF8.GetString(File.ReadAllBytes(path)), StringComparison.Ordinal);
    }

    [Fact]
    public void A_model_that_says_its_test_accuracy_still_opens()
    {
        (string path, byte[] now) = Kept("now");
        (string name, byte[] former) = AsFirstVersion(path, now);
        string old = Path.Combine(_folder, name);
        File.WriteAllBytes(old, former);
        TrainedModel read = ModelFile.Read(old).Value;
        Assert.Equal(Trial.Id, read.Trial.Id);
        Assert.Equal(ModelFile.Read(path).Value.State.Layers[0].Weights, read.State.Layers[0].Weights);
        // Of a version to come nothing is known.
        File.WriteAllBytes(old, Rewritten(former, text => text["schema"] = "rouser/model/v9"));
        Assert.Contains("use a newer rouser", Assert.Single(ModelFile.Read(old).Errors).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_model_of_an_earlier_version_that_a_store_has_gets_the_name_and_the_bytes_of_now()
    {
        (string path, byte[] now) = Kept("now");
        (string name, byte[] former) = AsFirstVersion(path, now);
        Assert.NotEqual(Path.GetFileName(path), name);
        ModelFolder taken = new(Path.Combine(_folder, "taken"));
        Assert.True(taken.Import(Trial, name, former, [Epochs]));
        (string imported, byte[] content) = Assert.Single(taken.FilesOf(Trial.Id));
        Assert.Equal(Path.GetFileName(path), imported);
        Assert.Equal(now, content);
    }

    [Fact]
    public void What_is_no_model_is_not_taken()
    {
        (string path, byte[] now) = Kept("now");
        ModelFolder taken = new(Path.Combine(_folder, "taken"));
        Assert.True(taken.Import(Trial, Path.GetFileName(path), now.AsMemory()[..^1], [Epochs]));
        Assert.Empty(taken.FilesOf(Trial.Id));
        Assert.False(taken.Has(Trial.Id));
    }

    [Fact]
    public void Models_of_trials_that_a_grown_run_does_not_ask_for_yield_to_those_that_it_asks_for_and_no_others_do()
    {
        long size = Kept("one").Content.Length;
        PlannedTrial[] trials = [.. Planner.Create(Spec(3), _ => "digest", _ => FusedEngine.Version).Value.Trials];
        ModelFolder before = new(Path.Combine(_folder, "run"));
        Assert.Null(Keep(before, trials[0]));
        Assert.Null(Keep(before, trials[1]));
        // Room for two and a half: before it is written, a model is taken for its tensors and 16,384 bytes of text.
        long limit = (2 * size) + 16_384;
        Assert.Contains("run.models_limit", Keep(Folder([]), trials[2]), StringComparison.Ordinal);
        Assert.Equal([true, true, false], trials.Select(t => before.Has(t.Id)));

        ModelFolder grown = Folder([trials[1].Id]);
        Assert.Null(Keep(grown, trials[2]));
        Assert.Equal([true, false, true], trials.Select(t => grown.Has(t.Id)));
        Assert.Equal(2, grown.Files().Value.Count);
        // There is room enough without deleting.
        ModelFolder large = new(Path.Combine(_folder, "run"))
        {
            Dropped = new HashSet<TrialId> { trials[0].Id, trials[2].Id },
        };
        Assert.Null(Keep(large, trials[1]));
        Assert.Equal([true, true, true], trials.Select(t => large.Has(t.Id)));

        ModelFolder Folder(TrialId[] dropped) =>
            new(Path.Combine(_folder, "run")) { Limit = limit, Dropped = dropped.ToHashSet() };
    }

    private static string? Keep(ModelFolder models, PlannedTrial trial)
    {
        using FusedEngine engine = new(trial.Settings.ForData(12, 3, steps: 20, samples: 7, trial.Seed), threads: 1);
        EpochMetrics[] history = [.. Enumerable.Range(1, Epochs).Select(epoch => TinyTrials.Epoch(epoch))];
        return models.Keep(trial, new Checkpoint(trial.Id, engine.Export(), history), _ => null);
    }

    private static SweepSpec Spec(int seeds) =>
        SpecReader
            .Read(
                "small.yaml",
                Sweep.Replace("[0]", $"[{string.Join(", ", Enumerable.Range(0, seeds))}]", StringComparison.Ordinal),
                []
            )
            .Value;

    private (string Path, byte[] Content) Kept(string folder)
    {
        ModelFolder models = new(Path.Combine(_folder, folder));
        Assert.Null(Keep(models, Trial));
        string path = Assert.Single(models.Files().Value);
        return (path, File.ReadAllBytes(path));
    }

    // As docs/reference/models.md had it: the text has another schema and one member more.
    private static (string Name, byte[] Content) AsFirstVersion(string path, byte[] now)
    {
        byte[] former = Rewritten(
            now,
            text =>
            {
                text["schema"] = "rouser/model/v1";
                text.Insert(2, "test_accuracy", 0.625);
            }
        );
        string digest = Convert.ToHexStringLower(former.AsSpan(former.Length - SHA256.HashSizeInBytes));
        return ($"{Path.GetFileName(path).Split('-')[0]}-{digest}.model", former);
    }

    /// <summary>The same file with another text, and the sum of that.</summary>
    private static byte[] Rewritten(byte[] model, Action<JsonObject> change)
    {
        int length = BinaryPrimitives.ReadInt32LittleEndian(model.AsSpan(12)),
            start = 20 + (4 * BinaryPrimitives.ReadInt32LittleEndian(model.AsSpan(16)));
        JsonObject text = JsonNode.Parse(model.AsSpan(start, length))!.AsObject();
        change(text);
        byte[] other = Encoding.UTF8.GetBytes(text.ToJsonString()),
            content = [.. model[..start], .. other, .. model[(start + length)..^SHA256.HashSizeInBytes]];
        BinaryPrimitives.WriteInt32LittleEndian(content.AsSpan(12), other.Length);
        return [.. content, .. SHA256.HashData(content)];
    }
}
