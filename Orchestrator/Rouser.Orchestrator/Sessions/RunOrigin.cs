using System.Text.Json;
using System.Text.Json.Serialization;
using Rouser.Core;
using Rouser.Results;

namespace Rouser.Orchestrator.Sessions;

/// <summary>Where a run was started; kept in the run folder, so that it can be resumed from anywhere.</summary>
/// <param name="Environment">Machine and program.</param>
/// <param name="WorkingFolder">What relative data-set folders refer to.</param>
/// <param name="DataFolder">The folder given with <c>--data</c>, absolute; null without.</param>
/// <param name="Data">What was seen of the recordings, for the report; null in runs of older versions.</param>
/// <param name="Classes">The names of the classes of each data set, by its digest; null in runs of older
/// versions.</param>
internal sealed record RunOrigin(
    RunEnvironment Environment,
    string WorkingFolder,
    string? DataFolder,
    IReadOnlyList<string>? Data = null,
    IReadOnlyDictionary<string, IReadOnlyList<string>>? Classes = null
)
{
    public string ToJson() => JsonSerializer.Serialize(this, RunOriginJson.Default.RunOrigin);

    public static Result<RunOrigin> FromJson(string place, string json)
    {
        try
        {
            if (
                JsonSerializer.Deserialize(json, RunOriginJson.Default.RunOrigin) is
                { Environment: not null, WorkingFolder: not null } origin
            )
                return origin;
        }
        catch (JsonException)
        {
            // Told below: what is wrong inside the file is of no use to a user.
        }
        return new UserError(place, "is damaged; run the sweep into a new folder with --out");
    }
}

/// <summary>The JSON form of <see cref="RunOrigin"/>.</summary>
[JsonSourceGenerationOptions(
    WriteIndented = true,
    IgnoreReadOnlyProperties = true,
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower
)]
[JsonSerializable(typeof(RunOrigin))]
internal sealed partial class RunOriginJson : JsonSerializerContext;
