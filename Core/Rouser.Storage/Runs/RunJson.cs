using System.Text.Json.Serialization;

namespace Rouser.Storage.Runs;

/// <summary><c>run.json</c>: the file that makes a folder a run's.</summary>
/// <param name="Schema">The layout of the folder, <see cref="RunDirectory.Schema"/>.</param>
/// <param name="Fingerprint">The plan's; the folder belongs to the sweep that has the same.</param>
/// <param name="Overrides">What <c>--set</c> put over the spec, as typed: <c>base.epochs=3</c>.</param>
/// <param name="Journal">The address of the database that keeps the journal, without a password; null for the file in
/// the folder.</param>
internal sealed record RunText(
    string Schema,
    string Fingerprint,
    IReadOnlyList<string> Overrides,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Journal = null
);

/// <summary>The same in JSON, made by the compiler.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    WriteIndented = true,
    RespectNullableAnnotations = true,
    RespectRequiredConstructorParameters = true
)]
[JsonSerializable(typeof(RunText))]
internal sealed partial class RunJsonContext : JsonSerializerContext;
