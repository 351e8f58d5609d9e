using System.Text.Json.Serialization;

namespace Rouser.Storage.Runs;

/// <summary><c>run.json</c>: the file that makes a folder a run's.</summary>
/// <param name="Schema">The layout of the folder, <see cref="RunDirectory.Schema"/>.</param>
/// <param name="Fingerprint">That of the plan that the run was made for; the run is known by it.</param>
/// <param name="Overrides">What <c>--set</c> put over the spec, as typed: <c>base.epochs=3</c>.</param>
/// <param name="Journal">The address of the database that keeps the journal, without a password; null for the file in
/// the folder.</param>
/// <param name="Plan">The fingerprint of the plan of now; null if it is the first one.</param>
internal sealed record RunText(
    string Schema,
    string Fingerprint,
    IReadOnlyList<string> Overrides,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Journal = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Plan = null
);

/// <summary>
/// <c>growth.json</c>: the files of a run that has grown, in one. Its rename is the moment in which the run grows;
/// copying them to their places can be repeated.
/// </summary>
internal sealed record GrowthText(RunText Run, string Spec, string Plan, string Environment);

/// <summary>The same in JSON, made by the compiler.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    WriteIndented = true,
    RespectNullableAnnotations = true,
    RespectRequiredConstructorParameters = true
)]
[JsonSerializable(typeof(RunText))]
[JsonSerializable(typeof(GrowthText))]
internal sealed partial class RunJsonContext : JsonSerializerContext;
