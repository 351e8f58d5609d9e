using System.Text.Json;
using System.Text.Json.Serialization;
using Rouser.Core;
using Rouser.Snn;
using Rouser.Snn.Layers;
using Rouser.Storage.Checkpoints;
using Rouser.Storage.Files;
using Rouser.Sweeps;

namespace Rouser.Storage.Models;

/// <summary>
/// A model as a file: tensors and a text, with a sum over both (<see cref="TensorFile"/>). The same model is the same
/// bytes on any machine. docs/reference/models.md describes the format.
/// </summary>
public static class ModelFile
{
    /// <summary>The version of the text.</summary>
    public const string Schema = "rouser/model/v2";

    // It also held the accuracy on the test set, so that its bytes hung on the labels of that.
    private const string FormerSchema = "rouser/model/v1";

    /// <summary>Writes a model.</summary>
    /// <returns>The SHA-256 of what was written, but for the sum itself, which it is.</returns>
    internal static byte[] Write(Stream stream, TrainedModel model)
    {
        ModelText text = new(
            Schema,
            JsonOf(model.Trial),
            model.State.Updates,
            NetworkTensors.TextOf(model.State),
            model.Classes.Count == 0 ? null : model.Classes,
            model.Epoch
        );
        return TensorFile.Write(
            stream,
            JsonSerializer.SerializeToUtf8Bytes(text, ModelJsonContext.Default.ModelText),
            NetworkTensors.Of(model.State)
        );
    }

    /// <summary>Reads a model, and checks that it is whole, of its trial, and finite.</summary>
    public static Result<TrainedModel> Read(string path) => Read(path, () => RegularFile.OpenRead(path));

    /// <summary>The same from wherever it lies.</summary>
    /// <param name="path">What it is called in words for the user.</param>
    internal static Result<TrainedModel> Read(string path, Func<Stream> open)
    {
        try
        {
            using Stream file = open();
            (byte[] json, float[][] tensors) = TensorFile.Read(file);
            // Before all else: of a newer version nothing more is known than that it is newer.
            using (JsonDocument document = JsonDocument.Parse(json))
            {
                if (
                    !document.RootElement.TryGetProperty("schema", out JsonElement schema)
                    || schema.ValueKind != JsonValueKind.String
                )
                    return new UserError(path, "is no model; name a file in the models folder of a run");
                if (!schema.ValueEquals(Schema) && !schema.ValueEquals(FormerSchema))
                    return new UserError(
                        path,
                        $"has the schema '{OneLine.Of(schema.GetString()!)}', this rouser reads '{Schema}'; use a newer rouser"
                    );
            }
            ModelText text =
                JsonSerializer.Deserialize(json, ModelJsonContext.Default.ModelText) ?? throw new JsonException("it is empty");
            PlannedTrial trial = PlanJson.ReadTrial(text.Trial);
            NetworkState state = NetworkTensors.Read(text.Updates, text.Layers, tensors);
            if (Fault(trial, state) is { } fault)
                return Damaged(path, fault);
            return text.Classes is { } names && (names.Count != state.Layers[^1].NeuronCount || names.Contains(null!))
                    ? Damaged(path, "it has other classes than output neurons")
                : text.Epoch is { } epoch && (epoch < 1 || epoch >= trial.Settings.Epochs)
                    ? Damaged(path, "it is of an epoch that its trial does not have")
                : new TrainedModel(trial, state, text.Classes ?? []) { Epoch = text.Epoch };
        }
        catch (PluginMissingException e)
        {
            return new UserError(path, e.Message);
        }
        catch (Exception e) when (e is InvalidDataException or JsonException)
        {
            return Damaged(path, OneLine.Of(e.Message).TrimEnd('.'));
        }
        catch (Exception e) when (DiskProblem.IsOne(e))
        {
            return DiskProblem.ToUserError(path, e);
        }
    }

    /// <summary>What a state has that no network of the trial can have; null if there is nothing.</summary>
    internal static string? Fault(PlannedTrial trial, NetworkState state)
    {
        IReadOnlyList<int> hidden = trial.Settings.Hidden;
        if (state.Updates < 0)
            return "its number of updates is negative";
        if (state.Layers.Count != hidden.Count + 1)
            return $"it has {state.Layers.Count} layers, its trial {hidden.Count + 1}";
        if (state.Layers.Any(layer => layer.InputCount < 1 || layer.NeuronCount < 1))
            return "it has a layer without neurons";
        TrainingSettings settings = trial.Settings.ForData(
            state.Layers[0].InputCount,
            state.Layers[^1].NeuronCount,
            trial.Settings.Dataset.Steps,
            samples: 1,
            trial.Seed
        );
        for (int l = 0; l < state.Layers.Count; l++)
        {
            (LayerState layer, LayerConnection connection) = (state.Layers[l], settings.ConnectionOf(l + 1));
            if (
                layer.InputCount != connection.Inputs
                || (l < hidden.Count && layer.NeuronCount != hidden[l])
                || layer.Weights.LongLength
                    != ((long)connection.Rows + (trial.Settings.HearsItself(l, hidden.Count + 1) ? layer.NeuronCount : 0))
                        * connection.Columns
                || layer.Thresholds.Length != (trial.Settings.HasSpikes(l, hidden.Count + 1) ? layer.NeuronCount : 0)
            )
                return $"layer {l + 1} has another size than its trial says";
            if (
                trial.Settings.Delays is { } delays
                && delays.CountOf(l, hidden.Count + 1, layer.InputCount, layer.NeuronCount) is > 0 and var count
                && delays.StepsOf(layer.Tensors)?.Length != count
            )
                return $"layer {l + 1} lacks its delays";
            if (layer.Tensors.Values.Append(layer.Weights).Append(layer.Thresholds).Any(t => !t.All(float.IsFinite)))
                return $"layer {l + 1} holds a number that is not finite";
        }
        return null;
    }

    private static UserError Damaged(string path, string why) =>
        new(path, $"is no model or damaged ({why}); restore it, or train its trial again");

    private static JsonElement JsonOf(PlannedTrial trial)
    {
        using MemoryStream json = new();
        using (Utf8JsonWriter writer = new(json))
            PlanJson.WriteTrial(writer, trial);
        using JsonDocument document = JsonDocument.Parse(json.ToArray());
        return document.RootElement.Clone();
    }
}

/// <summary>The text of a model's file.</summary>
/// <param name="Trial">The trial as in <c>plan.json</c>, with all of its parameters.</param>
/// <param name="Classes">The names of the classes; left out where they are not known.</param>
/// <param name="Epoch">The epoch after which the network was so; left out for the last one.</param>
/// <param name="TestAccuracy">Read from files of the first version, and never written.</param>
internal sealed record ModelText(
    string Schema,
    JsonElement Trial,
    long Updates,
    IReadOnlyList<LayerText> Layers,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] IReadOnlyList<string>? Classes = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] int? Epoch = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] double? TestAccuracy = null
);

/// <summary>It in JSON, made by the compiler.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
    RespectNullableAnnotations = true,
    RespectRequiredConstructorParameters = true
)]
[JsonSerializable(typeof(ModelText))]
internal sealed partial class ModelJsonContext : JsonSerializerContext;
