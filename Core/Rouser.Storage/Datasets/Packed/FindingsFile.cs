using System.Text.Json;
using System.Text.Json.Serialization;
using Rouser.Data;
using Rouser.Storage.Files;

namespace Rouser.Storage.Datasets.Packed;

/// <summary>
/// What was seen of a packed set's recordings, in a small file beside it; one that is missing, damaged or of another
/// version is as if it were not there.
/// </summary>
internal static class FindingsFile
{
    /// <summary>
    /// Raised when a reader takes files otherwise than before, so that sets of recordings are read and packed anew: 2
    /// reads columns that a comment names; 3 checks what a file is, its checksums and its clock, and finds repeated
    /// recordings in any order.
    /// </summary>
    private const int Version = 3;

    private const int MaxBytes = 64 << 20;

    public static DatasetFindings? Read(string path)
    {
        try
        {
            if (!File.Exists(path) || new FileInfo(path).Length > MaxBytes)
                return null;
            using FileStream stream = File.OpenRead(path);
            return
                JsonSerializer.Deserialize(stream, FindingsJson.Default.StoredFindings)
                    is {
                        Version: Version,
                        Findings: { ClassNames: not null, Train: not null, Test: not null, Remarks: not null } findings
                    }
                && findings.Train.PerClass?.Count == findings.ClassNames.Count
                && findings.Test.PerClass?.Count == findings.ClassNames.Count
                ? findings
                : null;
        }
        catch (Exception e) when (DiskProblem.IsOne(e) || e is JsonException)
        {
            return null;
        }
    }

    /// <exception cref="IOException">It cannot be written.</exception>
    public static void Write(string path, DatasetFindings findings) =>
        DurableFile.Write(
            path,
            $"{path}.{Path.GetRandomFileName()}{DurableFile.TemporarySuffix}",
            stream => JsonSerializer.Serialize(stream, new StoredFindings(Version, findings), FindingsJson.Default.StoredFindings)
        );
}

/// <summary>Findings with the version of their form.</summary>
internal sealed record StoredFindings(int Version, DatasetFindings Findings);

/// <summary>The JSON form of <see cref="StoredFindings"/>.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, IgnoreReadOnlyProperties = true)]
[JsonSerializable(typeof(StoredFindings))]
internal sealed partial class FindingsJson : JsonSerializerContext;
