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
    private static readonly PlannedTrial Trial = Planner
        .Create(SpecReader.Read("small.yaml", Sweep, []).Value, _ => "digest", _ => FusedEngine.Version)
        .Value.Trials[0];

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

    private (string Path, byte[] Content) Kept(string folder)
    {
        using FusedEngine engine = new(Trial.Settings.ForData(12, 3, steps: 20, samples: 7, Trial.Seed), threads: 1);
        ModelFolder models = new(Path.Combine(_folder, folder));
        EpochMetrics[] history = [.. Enumerable.Range(1, Epochs).Select(epoch => TinyTrials.Epoch(epoch))];
        Assert.Null(models.Keep(Trial, new Checkpoint(Trial.Id, engine.Export(), history), _ => null));
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
