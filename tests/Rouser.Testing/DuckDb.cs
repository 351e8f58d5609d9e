using System.ComponentModel;
using System.Diagnostics;
using System.Text.Json.Nodes;

namespace Rouser.Testing;

/// <summary>The independent reader: DuckDB from npm, asked through the scripts in tests/duckdb.</summary>
public static class DuckDb
{
    private static readonly string Folder = Repository.Path("tests", "duckdb");

    /// <summary>
    /// The value of the trait <c>Needs</c> of every class that asks it: <c>dotnet test --filter Needs=DuckDB</c>.
    /// </summary>
    public const string Trait = "DuckDB";

    private static readonly string? Missing = WhyMissing();

    /// <summary>Skips the test, with a line that says so, where DuckDB is missing.</summary>
    public static void Require() => Skip.If(Missing is not null, Missing);

    /// <summary>What DuckDB finds in the file; see check.mjs.</summary>
    public static JsonNode Check(string path) => JsonNode.Parse(Node("check.mjs", path))![0]!;

    /// <summary>
    /// What DuckDB answers otherwise from the files, where it skips row groups, than from memory; see where.mjs.
    /// </summary>
    public static JsonNode Where(params string[] paths) => JsonNode.Parse(Node(["where.mjs", .. paths]))!;

    /// <summary>
    /// What DuckDB computes from the three tables in a folder for each row of a report; see report.mjs.
    /// </summary>
    public static JsonNode Report(string folder) => JsonNode.Parse(Node("report.mjs", folder))!;

    /// <summary>Has DuckDB write one table in all its ways; see write.mjs.</summary>
    public static void WriteTo(string folder) => Node("write.mjs", folder);

    private static string Node(params string[] arguments)
    {
        using Process node = Process.Start(
            new ProcessStartInfo("node", arguments)
            {
                WorkingDirectory = Folder,
                RedirectStandardOutput = true,
                RedirectStandardError = true,
            }
        )!;
        Task<string> errors = node.StandardError.ReadToEndAsync();
        string output = node.StandardOutput.ReadToEnd();
        node.WaitForExit();
        return node.ExitCode == 0
            ? output
            : throw new InvalidOperationException($"node {string.Join(' ', arguments)}: {errors.Result}");
    }

    private static string? WhyMissing()
    {
        if (!Directory.Exists(Path.Combine(Folder, "node_modules", "@duckdb", "node-api")))
            return "DuckDB is missing; run `npm ci` in tests/duckdb";
        try
        {
            Node("--version");
            return null;
        }
        catch (Exception e) when (e is Win32Exception or InvalidOperationException)
        {
            return "node is missing; DuckDB, the independent reader, runs in it";
        }
    }
}
