using Rouser.Reports.Model;
using Rouser.Reports.Tables;
using Rouser.Results;

namespace Rouser.Reports.Comparison;

/// <summary>What two runs were asked for and where they were made, as far as it differs.</summary>
internal static class RunConditions
{
    /// <summary>The differences, in the order of the report's table of the environment.</summary>
    public static IReadOnlyList<Change> Changes(ReportModel before, ReportModel after) =>
        [
            .. Of(before)
                .Zip(Of(after))
                .Where(p => p.First.Value != p.Second.Value)
                .Select(p => new Change(p.First.What, p.First.Value, p.Second.Value)),
            .. Packages(before.Run.Environment.Packages, after.Run.Environment.Packages),
        ];

    private static IEnumerable<(string What, string Value)> Of(ReportModel model)
    {
        RunMetadata run = model.Run;
        yield return ("sweep", run.SweepName);
        yield return ("sweep file", run.Source is { } source ? $"sha256 {source.Sha256[..16]}…" : EnvironmentTable.Unknown);
        yield return (
            "overrides",
            run.Source is not { } file ? EnvironmentTable.Unknown
            : file.Overrides.Count == 0 ? "none"
            : string.Join(' ', file.Overrides)
        );
        yield return (
            "metric",
            $"{(run.Metric.Maximize ? "highest" : "lowest")} {run.Metric.Name} {EpochChoice.Of(run.Metric).Describe()}"
        );
        yield return ("studies", string.Join(", ", run.Studies));
        yield return ("arms", string.Join(", ", run.Arms));
        yield return ("seeds", string.Join(", ", model.Cells.Select(c => c.Seed).Distinct().Order()));
        yield return ("data", string.Join("; ", model.Rows.Select(EnvironmentTable.Data).Distinct()));
        yield return ("training engine", string.Join(", ", model.Cells.Select(c => c.Engine).Distinct()));
        yield return ("rouser", run.Environment.RouserVersion);
        yield return ("runtime", run.Environment.Runtime);
        yield return ("operating system", run.Environment.OperatingSystem);
        yield return ("processor", $"{run.Environment.Processor}, {Format.Integer(run.Environment.Cores)} logical cores");
    }

    private static IEnumerable<Change> Packages(string? before, string? after)
    {
        if (before is null || after is null)
            yield break;
        Dictionary<string, string> old = Versions(before),
            now = Versions(after);
        foreach (string name in old.Keys.Union(now.Keys).Order(StringComparer.Ordinal))
        {
            string was = old.GetValueOrDefault(name, "not in it"),
                isNow = now.GetValueOrDefault(name, "not in it");
            if (was != isNow)
                yield return new Change($"package {name}", was, isNow);
        }
    }

    // "NLog 6.2.0, Npgsql 10.0.0".
    private static Dictionary<string, string> Versions(string packages) =>
        packages
            .Split(", ", StringSplitOptions.RemoveEmptyEntries)
            .Select(p => p.Split(' ', 2))
            .Where(p => p.Length == 2)
            .DistinctBy(p => p[0])
            .ToDictionary(p => p[0], p => p[1], StringComparer.Ordinal);
}
