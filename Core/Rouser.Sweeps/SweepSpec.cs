using System.Collections.Frozen;
using Rouser.Core.Parameters;
using Rouser.Snn;
using Rouser.Sweeps.Pruners;
using Rouser.Sweeps.Samplers;
using Rouser.Sweeps.Sequential;

namespace Rouser.Sweeps;

/// <summary>A sweep file, read and checked; docs/reference/sweep-file.md describes one.</summary>
/// <param name="Name">Names the run folder.</param>
/// <param name="Metric">What the sweep is about.</param>
/// <param name="Base">Every parameter, with its default where the file is silent.</param>
/// <param name="Arms">Named overrides, in the file's order; one arm named <c>base</c> without overrides if the file
/// has none.</param>
/// <param name="Seeds">Replicates.</param>
/// <param name="Studies">In the file's order; a single study named after the sweep if the file has none.</param>
/// <param name="Report">What the report shows.</param>
public sealed record SweepSpec(
    string Name,
    MetricSettings Metric,
    ParameterSet Base,
    IReadOnlyList<Arm> Arms,
    IReadOnlyList<long> Seeds,
    IReadOnlyList<Study> Studies,
    RunSettings Run,
    ReportSettings Report
)
{
    /// <summary>
    /// What its author should know, though nothing is wrong: a line for each former name in the file,
    /// and for settings that probably fail.
    /// </summary>
    public IReadOnlyList<UserError> Notes { get; init; } = [];
}

/// <summary>A named set of overrides.</summary>
public sealed record Arm(string Name, ParameterSet Overrides);

/// <summary>How a study combines its values.</summary>
public enum StudyMode
{
    /// <summary>Every point with every combination of <c>over</c>.</summary>
    Grid,

    /// <summary>Every point as it is, and with each value of each key of <c>over</c> alone.</summary>
    OneAtATime,

    /// <summary>The points, nothing else.</summary>
    List,
}

/// <summary>A set of cells to compare.</summary>
/// <param name="Name">Distinct within the sweep.</param>
/// <param name="Arms">Names of arms.</param>
/// <param name="Mode">How values combine.</param>
/// <param name="Points">Values that go together; a single empty point if the file has none.</param>
/// <param name="Over">Values to vary, by parameter, in the file's order.</param>
/// <param name="Seeds">Replicates; the sweep's unless the study has its own. Of a <see cref="Budget"/>, all that it
/// may come to.</param>
public sealed record Study(
    string Name,
    IReadOnlyList<string> Arms,
    StudyMode Mode,
    IReadOnlyList<ParameterSet> Points,
    IReadOnlyList<KeyValuePair<string, IReadOnlyList<ParameterValue>>> Over,
    IReadOnlyList<long> Seeds
)
{
    /// <summary>
    /// What holds for all its arms, over the sweep's base: another data set, another network. The arms, points and
    /// <see cref="Over"/> go before it.
    /// </summary>
    public ParameterSet Base { get; init; } = ParameterSet.Empty;

    /// <summary>When more of its seeds are trained; null if all are.</summary>
    public SeedBudget? Budget { get; init; }

    /// <summary>Which of its <see cref="Points"/> are trained, if results decide that; null if all are.</summary>
    public SettingSearch? Search { get; init; }

    /// <summary>Its trials are started before those of studies with a lower one.</summary>
    public int Priority { get; init; }

    /// <summary>
    /// The parameters that <see cref="Points"/> and <see cref="Over"/> name, in the file's order: the order in a
    /// setting's text.
    /// </summary>
    public IReadOnlyList<string> Varied { get; init; } =
    [.. Points.SelectMany(point => point.Values).Select(pair => pair.Key).Concat(Over.Select(varied => varied.Key)).Distinct()];
}

/// <summary>How the epoch that stands for a trial is chosen.</summary>
public enum EpochSelection
{
    /// <summary>The last epoch.</summary>
    Last,

    /// <summary>
    /// The best epoch by the metric, which is then a <see cref="ValidationMetric"/>; in tables of before there was one
    /// it was chosen by the test set.
    /// </summary>
    Best,

    /// <summary>The mean of the last three epochs.</summary>
    MeanLast3,
}

/// <summary>What the sweep is about.</summary>
/// <param name="Name"><c>test_accuracy</c>, <c>train_accuracy</c>, <c>train_loss</c>, <c>validation_accuracy</c> or
/// <c>validation_loss</c>.</param>
/// <param name="Maximize">Whether more is better.</param>
/// <param name="Select">Which epoch stands for a trial.</param>
public sealed record MetricSettings(string Name, bool Maximize, EpochSelection Select)
{
    /// <summary>The metric as one to choose by; null where it is none of the validation samples.</summary>
    public ValidationMetric? Choice => ValidationMetric.Find(Name);

    /// <summary>Whether it is a share from 0 to 1, whose differences are told in percentage points.</summary>
    public bool IsShare => Name.EndsWith("accuracy", StringComparison.Ordinal);

    /// <summary>The value that stands for a trial; null where no epoch measured a number.</summary>
    /// <param name="epochs">Of each epoch, from the first one.</param>
    public double? Of(IReadOnlyList<EpochMetrics> epochs) => Select.Of(epochs.Select(e => e.ValueOf(Name)), Maximize);
}

/// <summary>What an <see cref="EpochSelection"/> does.</summary>
public static class EpochSelections
{
    /// <summary>The value that stands for a trial; null where the best of no number is asked for.</summary>
    /// <param name="values">Of each epoch, from the first one.</param>
    /// <param name="maximize">Whether more is better.</param>
    public static double? Of(this EpochSelection select, IEnumerable<double> values, bool maximize)
    {
        switch (select)
        {
            case EpochSelection.Last:
                return values.Last();
            case EpochSelection.MeanLast3:
                return values.TakeLast(3).Average();
            default:
                double[] numbers = [.. values.Where(v => !double.IsNaN(v))];
                return numbers.Length == 0 ? null
                    : maximize ? numbers.Max()
                    : numbers.Min();
        }
    }
}

/// <summary>Which trials are ended early.</summary>
/// <param name="Pruner">The rule.</param>
/// <param name="Metric">What trials are compared by.</param>
public sealed record PrunerSettings(Pruner Pruner, ValidationMetric Metric);

/// <summary>
/// How the sweep is run. But for a pruner, seeds that are a budget and searches, nothing here changes a result.
/// </summary>
/// <param name="LostRetries">How often a trial may be lost and tried again.</param>
/// <param name="FailedRetries">How often a trial may fail and be tried again.</param>
/// <param name="Lease">How long a worker may be silent before its trials return to the queue.</param>
/// <param name="Timeout">How long an attempt may take.</param>
/// <param name="CheckpointEvery">Epochs between checkpoints.</param>
/// <param name="Pruner">What ends trials early; null for nothing.</param>
/// <param name="CrossCheck">The share of completed trials, from 0 to 1, that another worker trains a second
/// time.</param>
/// <param name="Budgets">Which seeds are trained only if they are needed; null for none.</param>
/// <param name="Searches">Which settings are trained only if results propose them; null for none.</param>
public sealed record RunSettings(
    int LostRetries,
    int FailedRetries,
    TimeSpan Lease,
    TimeSpan Timeout,
    int CheckpointEvery,
    PrunerSettings? Pruner = null,
    double CrossCheck = 0,
    SeedBudgets? Budgets = null,
    SettingSearches? Searches = null
)
{
    /// <summary>How many bytes the models of a run may take, if the file is silent.</summary>
    public const long DefaultModelsLimit = 50_000_000_000;

    /// <summary>Which networks are kept.</summary>
    public KeptModels Keep { get; init; } = KeptModels.Last;

    /// <summary>How many bytes the models of the run may take; beyond it none is added.</summary>
    public long ModelsLimit { get; init; } = DefaultModelsLimit;

    /// <summary>
    /// The priorities of all studies, in the file's order; empty if all are 0. A plan is in their order; who changes one
    /// while the sweep runs needs to know the others.
    /// </summary>
    public IReadOnlyList<StudyPriority> Priorities { get; init; } = [];

    /// <summary>Whether results decide which trials of a plan are trained.</summary>
    public bool DefersTrials => Budgets is not null || Searches is not null;

    /// <summary>The trials that no cell asks for before results do.</summary>
    public IReadOnlySet<TrialId> DeferredIn(Plan plan)
    {
        if (!DefersTrials)
            return FrozenSet<TrialId>.Empty;
        HashSet<TrialId> deferred = [.. plan.Cells.Where(IsDeferred).Select(c => c.Trial)];
        deferred.ExceptWith(plan.Cells.Where(c => !IsDeferred(c)).Select(c => c.Trial));
        return deferred;

        bool IsDeferred(Cell cell) => Budgets?.Defers(cell) == true || Searches?.OfStudy.ContainsKey(cell.Study) == true;
    }

    /// <summary>The number of trials that the plan comes to at most, whatever the results.</summary>
    public int MostTrials(Plan plan)
    {
        if (Searches is null)
            return plan.Trials.Count;
        // Of each study and arm, so many settings, each with all of its seeds.
        HashSet<TrialId> listed = [.. plan.Cells.Where(c => !Searches.OfStudy.ContainsKey(c.Study)).Select(c => c.Trial)];
        int proposed = plan
            .Cells.Where(c => Searches.OfStudy.ContainsKey(c.Study) && !listed.Contains(c.Trial))
            .GroupBy(c => (c.Study, c.Arm))
            .Sum(arm =>
                arm.GroupBy(c => c.Setting)
                    .Select(setting => setting.Count())
                    .OrderDescending()
                    .Take(Searches.OfStudy[arm.Key.Study].Count)
                    .Sum()
            );
        return Math.Min(plan.Trials.Count, listed.Count + proposed);
    }
}

/// <summary>A study and its priority: trials of studies with a higher one come first.</summary>
public sealed record StudyPriority(string Study, int Priority)
{
    /// <summary>The lowest priority that a study may have.</summary>
    public const int Lowest = -1_000;

    /// <summary>The highest.</summary>
    public const int Highest = 1_000;
}

/// <summary>What the report shows.</summary>
/// <param name="CompareTo">The arm that speed-ups refer to; null for none.</param>
/// <param name="Reach">Accuracies, ascending, for which the report gives the epochs to reach them.</param>
public sealed record ReportSettings(string? CompareTo, IReadOnlyList<double> Reach)
{
    /// <summary>The words for colours, in the order in which arms get them.</summary>
    public static IReadOnlyList<string> ColorNames { get; } = ["blue", "orange", "green", "purple", "olive", "grey"];

    /// <summary>
    /// The colours of the arms in the file's order; arms beyond it get those that are left. Empty: all of them do.
    /// </summary>
    public IReadOnlyList<string> Colors { get; init; } = [];
}
