using Rouser.Core.Parameters;
using Rouser.Sweeps.Sequential;

namespace Rouser.Sweeps;

/// <summary>The seeds of a sweep or a study.</summary>
/// <param name="All">Every seed that may be trained.</param>
/// <param name="Budget">When more of them are trained; null if all are.</param>
internal readonly record struct SeedsOf(IReadOnlyList<long> All, SeedBudget? Budget = null);

/// <summary>Reads <c>seeds</c>: a list, or <c>{from: 5, to: 30, until: decided}</c>.</summary>
internal sealed class SeedsReader(UserErrorList mistakes, SpecFields fields)
{
    private static readonly string[] BudgetKeys = ["from", "to", "until", "error_per"];

    /// <summary>Reads them; after a mistake there may be none.</summary>
    public SeedsOf Read(SpecEntry entry) =>
        entry.Value switch
        {
            SpecMapping mapping => Budget(mapping, entry.Location),
            SpecSequence list => new SeedsOf(List(list, entry.Location)),
            _ => Wrong(entry),
        };

    /// <summary>
    /// The budgets of a sweep; null if it has none. A budget that has nothing to compare, or whose trials a pruner ends,
    /// is a mistake.
    /// </summary>
    /// <param name="top">Where the study of a file without studies is said to be wrong.</param>
    public static SeedBudgets? OfSweep(
        IReadOnlyList<PlacedStudy> studies,
        MetricSettings metric,
        ReportSettings report,
        RunSettings run,
        SourceLocation top,
        UserErrorList mistakes
    )
    {
        Dictionary<string, SeedBudget> budgets = new(StringComparer.Ordinal);
        foreach (PlacedStudy study in studies)
        {
            if (study.Study.Budget is not { } budget)
                continue;
            budgets.Add(study.Study.Name, budget);
            string? fault =
                report.CompareTo is null ? "seeds until: decided needs an arm to compare with; set report.compare_to"
                : !study.Study.Arms.Contains(report.CompareTo)
                    ? $"seeds until: decided compares with arm '{report.CompareTo}' (report.compare_to), which study "
                        + $"'{study.Study.Name}' has not; add it to the study's arms, or give the study a list of seeds"
                : study.Study.Arms.Count == 1
                    ? $"seeds until: decided has nothing to compare in study '{study.Study.Name}' with its one arm; give the study "
                        + "a list of seeds"
                : run.Pruner is not null
                    ? "seeds until: decided compares completed trainings, and run.pruner ends some early; leave one of them out"
                : null;
            if (fault is not null)
                mistakes.Add(study.Location ?? top, fault);
        }
        return budgets.Count > 0 && report.CompareTo is { } baseline ? new SeedBudgets(metric, baseline, budgets) : null;
    }

    private SeedsOf Budget(SpecMapping mapping, SourceLocation place)
    {
        int before = mistakes.Count;
        Dictionary<string, SpecEntry> keys = new(StringComparer.Ordinal);
        foreach (SpecEntry entry in mapping.Entries)
        {
            if (!BudgetKeys.Contains(entry.Key))
                mistakes.Add(
                    entry.Location,
                    $"unknown key '{OneLine.Of(entry.Key)}' in seeds{Spelling.Suggestion(entry.Key, BudgetKeys)}"
                );
            else if (!keys.TryAdd(entry.Key, entry))
                mistakes.Add(entry.Location, $"seeds.{entry.Key} stands twice; keep one");
        }
        foreach (string needed in BudgetKeys[..3])
        {
            if (!keys.ContainsKey(needed))
                mistakes.Add(place, $"seeds has no {needed}; write such as {{from: 5, to: 30, until: decided}}");
        }
        int from = fields.Int32(keys, "from", 0, SpecKeys.SeedBudgets),
            to = fields.Int32(keys, "to", 0, SpecKeys.SeedBudgets);
        fields.Read(keys, "until", SpecKeys.SeedEnds);
        bool isForSweep = fields.Choice(keys, "error_per", "comparison", SpecKeys.SeedErrors) == "sweep";
        if (mistakes.Count == before && to <= from)
            mistakes.Add(keys["to"].Location, $"seeds.to ({to}) must be above seeds.from ({from}), or list the seeds");
        return mistakes.Count > before
            ? new SeedsOf([])
            : new SeedsOf([.. Enumerable.Range(0, to).Select(seed => (long)seed)], new SeedBudget(from, to, isForSweep));
    }

    private SeedsOf Wrong(SpecEntry entry)
    {
        mistakes.Add(
            entry.Location,
            "seeds expects a list of whole numbers such as [0, 1, 2], or {from: 5, to: 30, until: decided}, got "
                + entry.Value.Display
        );
        return new SeedsOf([]);
    }

    private List<long> List(SpecSequence list, SourceLocation where)
    {
        if (list.Items.Count == 0)
            mistakes.Add(where, "seeds is empty; give at least one, such as [0]");
        ParameterType.Integer type = new(0, long.MaxValue);
        List<long> seeds = [];
        HashSet<long> seen = [];
        foreach (SpecNode item in list.Items)
        {
            SourceLocation place = item.IsNothing ? where : item.Location;
            (ParameterValue? value, string complaint) = type.Read(item);
            if (value is not ParameterValue.Integer seed)
                mistakes.Add(place, $"seeds {complaint}");
            else if (seen.Add(seed.Value))
                seeds.Add(seed.Value);
            else
                mistakes.Add(place, $"seeds lists {seed.Value} twice; a seed may stand once");
        }
        return seeds;
    }
}
