using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Rouser.Core;
using Rouser.Results;
using Rouser.Storage.Parquet;

namespace Rouser.Orchestrator.Exports;

/// <summary>
/// A folder of files that describes itself as an RO-Crate (version 1.1, https://w3id.org/ro/crate/1.1):
/// <c>ro-crate-metadata.json</c> names each file with its length and SHA-256, the sweep, the program that trained it, and
/// on what.
/// </summary>
internal static class ResearchCrate
{
    /// <summary>The file that describes the others.</summary>
    public const string MetadataName = "ro-crate-metadata.json";

    private const string Specification = "https://w3id.org/ro/crate/1.1";

    private static readonly JsonSerializerOptions Options = new()
    {
        WriteIndented = true,
        NewLine = "\n",
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    /// <summary>Describes a folder that is complete.</summary>
    /// <param name="folder">The folder.</param>
    /// <param name="name">The sweep.</param>
    /// <param name="licence">Under which the files may be used, as the user says it; null if nothing was said.</param>
    /// <param name="ended">When the last result came.</param>
    /// <param name="environment">What trained it.</param>
    /// <exception cref="IOException">The disk refuses.</exception>
    public static void Describe(string folder, string name, string? licence, DateTimeOffset ended, RunEnvironment environment)
    {
        string[] files = [.. FilesIn(folder)];
        string date = ended.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);
        JsonArray graph =
        [
            new JsonObject
            {
                ["@id"] = MetadataName,
                ["@type"] = "CreativeWork",
                ["conformsTo"] = Reference(Specification),
                ["about"] = Reference("./"),
            },
            new JsonObject
            {
                ["@id"] = "./",
                ["@type"] = "Dataset",
                ["name"] = name,
                ["description"] =
                    $"The sweep {name} of spiking neural networks: its plan, every measurement, the report, and the result of each "
                    + "trial as `rouser verify` trains it again.",
                ["datePublished"] = date,
                ["license"] = licence ?? "No licence was stated.",
                ["hasPart"] = new JsonArray([.. files.Select(Reference)]),
                ["mentions"] = Reference("#training"),
            },
            new JsonObject
            {
                ["@id"] = "#training",
                ["@type"] = "CreateAction",
                ["name"] = environment.CommandLine,
                ["endTime"] = date,
                ["instrument"] = Reference("#rouser"),
                ["object"] = Reference("sweep.yaml"),
                ["result"] = new JsonArray([
                    .. files.Where(f => f.StartsWith("metrics/", StringComparison.Ordinal)).Select(Reference),
                ]),
                ["description"] =
                    $"{environment.Engine} on {environment.Processor}, {environment.Cores} cores, {environment.OperatingSystem}, "
                    + environment.Runtime,
            },
            new JsonObject
            {
                ["@id"] = "#rouser",
                ["@type"] = "SoftwareApplication",
                ["name"] = "Rouser",
                ["softwareVersion"] = environment.RouserVersion,
                ["softwareRequirements"] = environment.Packages,
            },
        ];
        foreach (string file in files)
        {
            string path = Path.Combine(folder, file);
            graph.Add(
                new JsonObject
                {
                    ["@id"] = file,
                    ["@type"] = "File",
                    ["name"] = Path.GetFileName(file),
                    ["encodingFormat"] = FormatOf(file),
                    ["contentSize"] = new FileInfo(path).Length.ToString(CultureInfo.InvariantCulture),
                    ["sha256"] = DigestOf(path),
                }
            );
        }
        var metadata = new JsonObject { ["@context"] = $"{Specification}/context", ["@graph"] = graph };
        File.WriteAllText(Path.Combine(folder, MetadataName), metadata.ToJsonString(Options) + "\n");
    }

    /// <summary>Holds each file against what the metadata says of it.</summary>
    /// <returns>How many files there are; or each that is missing, changed or not named.</returns>
    public static Result<int> Check(string folder)
    {
        string metadata = Path.Combine(folder, MetadataName);
        Dictionary<string, string> digests = [];
        try
        {
            foreach (JsonNode? entity in JsonNode.Parse(File.ReadAllText(metadata))!["@graph"]!.AsArray())
            {
                if ((string?)entity!["@type"] == "File")
                    digests.Add((string)entity["@id"]!, (string)entity["sha256"]!);
            }
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            return new UserError(folder, $"is no bundle: it has no {MetadataName}; 'rouser bundle DIR' makes one of a run");
        }
        catch (Exception e)
            when (e
                    is JsonException
                        or InvalidOperationException
                        or NullReferenceException
                        or ArgumentException
                        or FormatException
            )
        {
            return new UserError(metadata, "is damaged, or not of a bundle that rouser made");
        }
        ILookup<bool, string> named = digests.Keys.ToLookup(file =>
            IsInside(folder, file) && File.Exists(Path.Combine(folder, file))
        );
        UserError[] wrong =
        [
            .. named[false].Select(file => new UserError(file, "is missing from the bundle")),
            .. named[true]
                .Where(file => DigestOf(Path.Combine(folder, file)) != digests[file])
                .Select(file => new UserError(file, "has other bytes than the bundle says")),
            .. FilesIn(folder).Except(digests.Keys).Select(file => new UserError(file, "is not named by the bundle")),
        ];
        return wrong.Length == 0 ? digests.Count : Result<int>.Failed(wrong);
    }

    private static IEnumerable<string> FilesIn(string folder) =>
        Directory
            .EnumerateFiles(folder, "*", SearchOption.AllDirectories)
            .Select(file => Path.GetRelativePath(folder, file).Replace('\\', '/'))
            .Where(file => file != MetadataName)
            .Order(StringComparer.Ordinal);

    // A name in somebody else's file may lead anywhere.
    private static bool IsInside(string folder, string file)
    {
        string root = Path.GetFullPath(folder) + Path.DirectorySeparatorChar;
        return Path.GetFullPath(Path.Combine(folder, file)).StartsWith(root, StringComparison.Ordinal);
    }

    private static JsonObject Reference(string id) => new() { ["@id"] = id };

    private static string DigestOf(string path)
    {
        using FileStream file = File.OpenRead(path);
        return TableDigests.Of(file);
    }

    private static string FormatOf(string file) =>
        Path.GetExtension(file) switch
        {
            ".yaml" => "application/yaml",
            ".json" => "application/json",
            ".parquet" => "application/vnd.apache.parquet",
            ".html" => "text/html",
            ".md" => "text/markdown",
            ".csv" => "text/csv",
            ".svg" => "image/svg+xml",
            ".tex" => "application/x-tex",
            _ => "application/octet-stream",
        };
}
