using Rouser.Reports.Model;
using Rouser.Reports.Tables;
using Rouser.Sweeps;

namespace Rouser.Reports.Comparison;

/// <summary>What changed between two runs: what they were asked for, where they were made, and what came out.</summary>
/// <param name="Before">The run that the other one is held against.</param>
/// <param name="After">The other one. Differences are after minus before.</param>
/// <param name="Conditions">What differs between the runs as a whole.</param>
/// <param name="Parameters">Parameters that differ in rows that both have.</param>
/// <param name="Rows">The rows (study, arm and setting) that both have.</param>
/// <param name="OnlyBefore">Rows that only the first run has.</param>
/// <param name="OnlyAfter">Rows that only the second run has.</param>
/// <param name="Contradictions">Trials of the same content with other results, which no two runs should have.</param>
public sealed record RunComparison(
    NamedRun Before,
    NamedRun After,
    IReadOnlyList<Change> Conditions,
    IReadOnlyList<ParameterChange> Parameters,
    IReadOnlyList<RowPair> Rows,
    IReadOnlyList<ResultRow> OnlyBefore,
    IReadOnlyList<ResultRow> OnlyAfter,
    IReadOnlyList<string> Contradictions
)
{
    /// <summary>Which epoch's test accuracy is compared: the sweeps' choice if they agree, else the last.</summary>
    internal EpochChoice Choice =>
        EpochChoice.Of(Before.Model.Run) == EpochChoice.Of(After.Model.Run) ? EpochChoice.Of(Before.Model.Run) : EpochChoice.Last;

    /// <summary>The rows whose results differ somewhere, or that cannot be compared.</summary>
    public IEnumerable<RowPair> Changed => Rows.Where(r => !r.IsSame);

    /// <summary>Compares two runs.</summary>
    public static RunComparison Of(NamedRun before, NamedRun after)
    {
        ILookup<RowName, ResultRow> theirs = after.Model.Rows.ToLookup(RowName.Of),
            ours = before.Model.Rows.ToLookup(RowName.Of);
        RowPair[] pairs = [.. before.Model.Rows.SelectMany(b => theirs[RowName.Of(b)].Take(1).Select(a => new RowPair(b, a)))];
        return new(
            before,
            after,
            RunConditions.Changes(before.Model, after.Model),
            [
                .. pairs
                    .SelectMany(ParameterChanges)
                    .GroupBy(p => p)
                    .Select(g => new ParameterChange(g.Key.Name, g.Key.Before, g.Key.After, g.Count())),
            ],
            pairs,
            [.. before.Model.Rows.Where(r => !theirs.Contains(RowName.Of(r)))],
            [.. after.Model.Rows.Where(r => !ours.Contains(RowName.Of(r)))],
            [.. Contradicting(before.Model, after.Model)]
        );
    }

    private static IEnumerable<(string Name, string Before, string After)> ParameterChanges(RowPair pair) =>
        ParameterSchema
            .IdentityDifferences(pair.Before.Parameters, pair.After.Parameters)
            .Select(name => (name, pair.Before.TextOf(name), pair.After.TextOf(name)));

    private static IEnumerable<string> Contradicting(ReportModel before, ReportModel after)
    {
        Dictionary<string, Replicate> known = before
            .Cells.DistinctBy(c => c.TrialId)
            .ToDictionary(c => c.TrialId, StringComparer.Ordinal);
        foreach (Replicate replicate in after.Cells.DistinctBy(c => c.TrialId))
        {
            if (
                known.TryGetValue(replicate.TrialId, out Replicate? other)
                && SharedTrial.FirstDifference(other.History, replicate.History) is { } difference
            )
                yield return $"trial {replicate.ShortId}: {difference}";
        }
    }
}

/// <summary>Something that two runs differ in.</summary>
public sealed record Change(string What, string Before, string After);

/// <summary>A parameter that differs.</summary>
/// <param name="Name">The parameter.</param>
/// <param name="Before">Its value in the first run, or that it is not used there.</param>
/// <param name="After">In the second.</param>
/// <param name="Rows">In how many rows that both have.</param>
public sealed record ParameterChange(string Name, string Before, string After, int Rows);
