using System.Text.Json.Serialization;
using Rouser.Snn;

namespace Rouser.Storage.Checkpoints;

/// <summary>The text in a checkpoint's file.</summary>
/// <param name="Trial">Whose it is; a file copied to another trial's folder is told by it.</param>
/// <param name="Updates">Updates so far.</param>
/// <param name="Layers">What the tensors are, in the file's order: of each layer its weights, its thresholds, then
/// the others by name.</param>
/// <param name="History">Every epoch so far.</param>
internal sealed record CheckpointText(
    string Trial,
    long Updates,
    IReadOnlyList<LayerText> Layers,
    IReadOnlyList<EpochMetrics> History
);

/// <summary>One layer in it.</summary>
/// <param name="InputCount">Neurons below.</param>
/// <param name="NeuronCount">Neurons in the layer.</param>
/// <param name="Tensors">Names of the tensors besides weights and thresholds, in ordinal order.</param>
internal sealed record LayerText(int InputCount, int NeuronCount, IReadOnlyList<string> Tensors);

/// <summary>The text in a file of one epoch's weights.</summary>
internal sealed record WeightsText(string Trial, int Epoch);

/// <summary>The text in a file of the network after an epoch.</summary>
internal sealed record NetworkText(string Trial, int Epoch, long Updates, IReadOnlyList<LayerText> Layers);

/// <summary>All of them in JSON, made by the compiler.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals,
    UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
    RespectNullableAnnotations = true,
    RespectRequiredConstructorParameters = true
)]
[JsonSerializable(typeof(CheckpointText))]
[JsonSerializable(typeof(WeightsText))]
[JsonSerializable(typeof(NetworkText))]
internal sealed partial class CheckpointJsonContext : JsonSerializerContext;
