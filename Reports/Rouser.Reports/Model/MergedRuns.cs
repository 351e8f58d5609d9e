using System.Globalization;
using Rouser.Coordination;
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
                    $"one is about {Describe(first.Model.Run.Metric)}, the other about {Describe(other.Model.Run.Metric)}"
                );
        }
        Result<Dictionary<string, Replicate>> trials = Trials(runs);
        if (!trials.IsOk)
            return Result<ReportModel>.Failed(trials.Errors);

        Dictionary<RowName, SortedDictionary<long, Replicate>> rows = [];
        Dictionary<RowName, (NamedRun Run, Replicate Replicate)> origins = [];
        foreach (NamedRun run in runs)
        {
            foreach (ResultRow row in run.Model.Rows)
            {
                RowName key = RowName.Of(row);
                if (!rows.TryGetValue(key, out SortedDictionary<long, Replicate>? seeds))
                    rows[key] = seeds = [];
                foreach (Replicate replicate in row.Replicates)
                {
                    if (origins.TryGetValue(key, out (NamedRun Run, Replicate Replicate) origin))
                    {
                        if (Difference(origin.Replicate, replicate) is { } difference)
                            return Conflict(origin.Run, run, $"{key} {difference}");
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
                        $"trial {replicate.ShortId} is the same in both, but {difference}; one of them is "
                            + "damaged, or not of the engine it names"
                    );
                (NamedRun Run, Replicate Replicate) further =
                    Standing(replicate).CompareTo(Standing(known.Replicate)) > 0 ? (run, replicate) : known;
                found[replicate.TrialId] = further with
                {
                    Replicate = further.Replicate with { Annotation = Both(known.Replicate.Annotation, replicate.Annotation) },
                };
            }
        }
        return found.ToDictionary(f => f.Key, f => f.Value.Replicate, StringComparer.Ordinal);
    }

    // What users wrote in either run.
    private static Annotation Both(Annotation a, Annotation b) =>
        a.With(new AnnotationChange(b.Note.Length == 0 || a.Note == b.Note ? null : $"{a.Note}\n{b.Note}", b.Tags, []));

    private static (bool, int) Standing(Replicate replicate) => (replicate.IsComplete, replicate.History.Epochs);

    // The seeds of a row are repetitions of one thing, or their mean would be of nothing.
    private static string? Difference(Replicate a, Replicate b)
    {
        if (a.Engine != b.Engine)
            return $"was trained by {a.Engine} and by {b.Engine}";
        if (a.DatasetDigest != b.DatasetDigest)
            return $"was trained on other data ({a.DatasetDigest[..8]} and {b.DatasetDigest[..8]})";
        string? name = ParameterSchema.IdentityDifferences(a.Parameters, b.Parameters).FirstOrDefault();
        return name is null ? null : $"has {name} {Value(a)} and {Value(b)}";

        string Value(Replicate replicate) => replicate.Parameters.Find(name)?.ToString() ?? "unused";
    }

    private static ReportModel Assemble(IReadOnlyList<NamedRun> runs, Dictionary<RowName, SortedDictionary<long, Replicate>> rows)
    {
        RunMetadata[] all = [.. runs.SelectMany(r => r.Model.Runs)];
        string[] studies = [.. all.SelectMany(r => r.Studies).Distinct()],
            arms = [.. all.SelectMany(r => r.Arms).Distinct()],
            // Of several runs those of the first: two arms of two runs could have one colour.
            colors = [.. all[0].Report.Colors];
        List<StudyResults> results = ReportModel.StudiesOf(rows.Keys, studies, arms, colors, name => [.. rows[name].Values]);
        Replicate[] cells = [.. results.SelectMany(s => s.Rows).SelectMany(r => r.Replicates)];
        RunMetadata merged = all[0] with
        {
            SweepName = string.Join(" + ", all.Select(r => r.SweepName).Distinct()),
            Fingerprint = string.Join(" + ", all.Select(r => r.Fingerprint).Distinct()),
            Synthetic = all.Any(r => r.Synthetic),
            Report = new ReportSettings(
                all.Select(r => r.Report.CompareTo).FirstOrDefault(c => c is not null),
                [.. all.SelectMany(r => r.Report.Reach).Distinct().Order()]
            )
            {
                Colors = colors,
            },
            Arms = arms,
            Studies = studies,
            PlannedTrials = cells.DistinctBy(c => c.TrialId).Count(),
            PlannedCells = cells.Length,
            Classes = all.SelectMany(r => r.Classes).DistinctBy(c => c.Key).ToDictionary(),
        };
        string[] parameters = [.. runs.SelectMany(r => r.Model.ParameterNames).Distinct().Order(StringComparer.Ordinal)];
        return new ReportModel(merged, results, parameters)
        {
            Runs = all,
            Histograms = ThresholdHistograms.Of(runs.Select(r => r.Model.Histograms)),
            Outcomes = runs.SelectMany(r => r.Model.Outcomes).DistinctBy(c => c.Key).ToDictionary(),
        };
    }

    private static UserError Conflict(NamedRun a, NamedRun b, string what) =>
        new($"{a.Folder} and {b.Folder}", $"{what}; {Apart}");

    private static string Describe(MetricSettings metric) =>
        string.Create(
            CultureInfo.InvariantCulture,
            $"{(metric.Maximize ? "the highest" : "the lowest")} {metric.Name} "
                + $"({metric.Select switch { EpochSelection.Last => "last", EpochSelection.Best => "best", _ => "mean_last_3" }})"
        );
}
