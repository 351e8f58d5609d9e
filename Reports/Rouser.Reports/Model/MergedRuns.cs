using System.Globalization;
using Rouser.Core;
using Rouser.Results;
using Rouser.Sweeps;

namespace Rouser.Reports.Model;

/// <summary>A run's results, with the folder that mistakes and notes name it by.</summary>
public sealed record NamedRun(string Folder, ReportModel Model);

/// <summary>
/// Several runs as one: every cell that any of them has. A trial that two runs share (same identity, so same content)
/// is one trial, and its results must be the same in both; of two states the further one counts. What contradicts
/// itself is a mistake that names both folders, never a choice.
/// </summary>
public static class MergedRuns
{
    private const string Apart = "report them apart, or see what differs with rouser compare";

    /// <summary>The model of all runs; of one run, its own.</summary>
    /// <param name="runs">At least one. Order counts where runs differ in what they ask of the report: the first
    /// one's baseline holds, and its order of arms and studies comes first.</param>
    public static Result<ReportModel> Of(IReadOnlyList<NamedRun> runs)
    {
        if (runs.Count == 1)
            return runs[0].Model;
        NamedRun first = runs[0];
        foreach (NamedRun other in runs.Skip(1))
        {
            if (other.Model.Run.Metric != first.Model.Run.Metric)
                return Conflict(
                    first,
                    other,
                    $"one is about {Words(first.Model.Run.Metric)}, the other about {Words(other.Model.Run.Metric)}"
                );
        }
        Result<Dictionary<string, Replicate>> trials = Trials(runs);
        if (!trials.IsOk)
            return Result<ReportModel>.Wrong(trials.Mistakes);

        Dictionary<RowKey, SortedDictionary<long, Replicate>> rows = [];
        Dictionary<RowKey, (NamedRun Run, Replicate Replicate)> origins = [];
        foreach (NamedRun run in runs)
        {
            foreach (ResultRow row in run.Model.Rows)
            {
                RowKey key = new(row.Study, row.Arm, row.Setting);
                if (!rows.TryGetValue(key, out SortedDictionary<long, Replicate>? seeds))
                    rows[key] = seeds = [];
                foreach (Replicate replicate in row.Replicates)
                {
                    if (origins.TryGetValue(key, out (NamedRun Run, Replicate Replicate) origin))
                    {
                        if (Difference(origin.Replicate, replicate) is { } difference)
                            return Conflict(origin.Run, run, $"{key.Words} {difference}");
                    }
                    else
                    {
                        origins[key] = (run, replicate);
                    }
                    seeds[replicate.Seed] = trials.Value[replicate.TrialId];
                }
            }
        }
        return Assemble(runs, rows);
    }

    // Each trial once, in its furthest state.
    private static Result<Dictionary<string, Replicate>> Trials(IReadOnlyList<NamedRun> runs)
    {
        Dictionary<string, (NamedRun Run, Replicate Replicate)> found = new(StringComparer.Ordinal);
        foreach (NamedRun run in runs)
        {
            foreach (Replicate replicate in run.Model.Cells)
            {
                if (!found.TryGetValue(replicate.TrialId, out (NamedRun Run, Replicate Replicate) known))
                {
                    found[replicate.TrialId] = (run, replicate);
                    continue;
                }
                if (ReferenceEquals(known.Run, run))
                    continue;
                if (SharedTrial.FirstDifference(known.Replicate.History, replicate.History) is { } difference)
                    return Conflict(
                        known.Run,
                        run,
                        $"trial {SharedTrial.ShortId(replicate)} is the same in both, but {difference}; one of them is "
                            + "damaged, or not of the engine it names"
                    );
                if (Standing(replicate).CompareTo(Standing(known.Replicate)) > 0)
                    found[replicate.TrialId] = (run, replicate);
            }
        }
        return found.ToDictionary(f => f.Key, f => f.Value.Replicate, StringComparer.Ordinal);
    }

    private static (bool, int) Standing(Replicate replicate) => (replicate.IsComplete, replicate.History.Epochs);

    // The seeds of a row are repetitions of one thing, or their mean would be of nothing.
    private static string? Difference(Replicate a, Replicate b)
    {
        if (a.Engine != b.Engine)
            return $"was trained by {a.Engine} and by {b.Engine}";
        if (a.DatasetDigest != b.DatasetDigest)
            return $"was trained on other data ({a.DatasetDigest[..8]} and {b.DatasetDigest[..8]})";
        string? name = a
            .Parameters.Keys.Union(b.Parameters.Keys)
            .FirstOrDefault(p =>
                ParameterSchema.Find(p) is not { IsIdentity: false }
                && a.Parameters.GetValueOrDefault(p) != b.Parameters.GetValueOrDefault(p)
            );
        return name is null
            ? null
            : $"has {name} {a.Parameters.GetValueOrDefault(name, "unused")} and {b.Parameters.GetValueOrDefault(name, "unused")}";
    }

    private static ReportModel Assemble(IReadOnlyList<NamedRun> runs, Dictionary<RowKey, SortedDictionary<long, Replicate>> rows)
    {
        RunMetadata[] all = [.. runs.SelectMany(r => r.Model.Runs)];
        string[] studies = [.. all.SelectMany(r => r.Studies).Distinct()],
            arms = [.. all.SelectMany(r => r.Arms).Distinct()];
        StudyResults[] results =
        [
            .. rows
                .Keys.GroupBy(k => k.Study)
                .OrderBy(g => Array.IndexOf(studies, g.Key))
                .Select(g => new StudyResults(
                    g.Key,
                    [
                        .. g.GroupBy(k => k.Setting)
                            .SelectMany(s => s.OrderBy(k => Array.IndexOf(arms, k.Arm)))
                            .Select(k => new ResultRow(k.Study, k.Arm, k.Setting, [.. rows[k].Values])),
                    ]
                )),
        ];
        Replicate[] cells = [.. results.SelectMany(s => s.Rows).SelectMany(r => r.Replicates)];
        RunMetadata merged = all[0] with
        {
            SweepName = string.Join(" + ", all.Select(r => r.SweepName).Distinct()),
            Fingerprint = string.Join(" + ", all.Select(r => r.Fingerprint).Distinct()),
            Synthetic = all.Any(r => r.Synthetic),
            Report = new ReportSettings(
                all.Select(r => r.Report.CompareTo).FirstOrDefault(c => c is not null),
                [.. all.SelectMany(r => r.Report.Reach).Distinct().Order()]
            ),
            Arms = arms,
            Studies = studies,
            PlannedTrials = cells.DistinctBy(c => c.TrialId).Count(),
            PlannedCells = cells.Length,
        };
        string[] parameters = [.. runs.SelectMany(r => r.Model.ParameterNames).Distinct().Order(StringComparer.Ordinal)];
        return new ReportModel(merged, results, parameters) { Runs = all };
    }

    private static Mistake Conflict(NamedRun a, NamedRun b, string what) => new($"{a.Folder} and {b.Folder}", $"{what}; {Apart}");

    private static string Words(MetricSettings metric) =>
        string.Create(
            CultureInfo.InvariantCulture,
            $"{(metric.Maximize ? "the highest" : "the lowest")} {metric.Name} "
                + $"({metric.Select switch { EpochSelection.Last => "last", EpochSelection.Best => "best", _ => "mean_last_3" }})"
        );

    private sealed record RowKey(string Study, string Arm, string Setting)
    {
        public string Words => $"{Study}/{Arm}{(Setting.Length == 0 ? "" : $" at {Setting}")}";
    }
}
