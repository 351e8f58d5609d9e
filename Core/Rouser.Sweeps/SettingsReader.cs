using System.Globalization;
using Rouser.Core.Parameters;

namespace Rouser.Sweeps;

/// <summary>Reads the sections <c>metric</c>, <c>run</c> and <c>report</c>.</summary>
internal sealed class SettingsReader(SpecFields fields, UserErrorList mistakes)
{
    public MetricSettings Metric(Dictionary<string, SpecEntry> sections)
    {
        Dictionary<string, SpecEntry> leaves = fields.Leaves(sections, "metric");
        string name = Word("metric.name", "test_accuracy");
        string goal = Word("metric.goal", name.EndsWith("loss", StringComparison.Ordinal) ? "minimize" : "maximize");
        EpochSelection select = Word("metric.select", "last") switch
        {
            "best" => EpochSelection.Best,
            "mean_last_3" => EpochSelection.MeanLast3,
            _ => EpochSelection.Last,
        };
        MetricSettings metric = new(name, goal == "maximize", select);
        if (select == EpochSelection.Best && metric.Choice is null)
            mistakes.Add(
                leaves["metric.select"].Location,
                $"metric.select: best would choose an epoch by {name}; {ValidationRemedy}"
            );
        if (metric.Choice is { } choice && choice.Maximize != metric.Maximize)
            mistakes.Add(leaves["metric.goal"].Location, $"metric.goal: {goal} makes the worst {name} the best; leave it out");
        return metric;

        string Word(string key, string silent) => fields.Choice(leaves, key, silent, SpecKeys.TypeOf(key));
    }

    /// <summary>What to do so that something can be chosen.</summary>
    internal const string ValidationRemedy =
        "only validation samples may choose: set metric.name: validation_accuracy and base.dataset.validation.by: share";

    public RunSettings Run(Dictionary<string, SpecEntry> sections, MetricSettings metric)
    {
        Dictionary<string, SpecEntry> leaves = fields.Leaves(sections, "run");
        return new RunSettings(
            Int32(leaves, "run.retries.lost", 5),
            Int32(leaves, "run.retries.failed", 1),
            fields.Duration(leaves, "run.lease", TimeSpan.FromSeconds(60)),
            fields.Duration(leaves, "run.timeout", TimeSpan.FromHours(4)),
            Int32(leaves, "run.checkpoint_every", 1),
            Pruner(leaves, metric),
            fields.Real(leaves, "run.cross_check", 0, SpecKeys.TypeOf("run.cross_check"))
        )
        {
            Keep = Keep(leaves, metric),
            ModelsLimit = fields.Size(leaves, "run.models_limit", RunSettings.DefaultModelsLimit),
        };
    }

    private KeptModels Keep(Dictionary<string, SpecEntry> leaves, MetricSettings metric)
    {
        string word = fields.Choice(leaves, "run.keep", KeptModels.Last.Word, SpecKeys.TypeOf("run.keep"));
        if (KeptModels.Find(word) is { } kept)
            return kept;
        if (metric.Choice is { } by)
            return KeptModels.Best(by);
        mistakes.Add(
            leaves["run.keep"].Location,
            $"run.keep: best would choose an epoch's network by {metric.Name}; {ValidationRemedy}"
        );
        return KeptModels.Last;
    }

    private PrunerSettings? Pruner(Dictionary<string, SpecEntry> leaves, MetricSettings metric)
    {
        ParameterSet given = new(
            Pruners
                .Pruner.Family.Parameters.Select(parameter =>
                    (parameter.Name, Value: fields.Read(leaves, parameter.Name, parameter.Type))
                )
                .Where(read => read.Value is not null)
                .Select(read => KeyValuePair.Create(read.Name, read.Value!))
        );
        if (Pruners.Pruner.Family.Build(given) is not { } pruner)
            return null;
        if (metric.Choice is { } choice)
            return new PrunerSettings(pruner, choice);
        mistakes.Add(
            leaves[Pruners.Pruner.Family.Name].Location,
            $"{Pruners.Pruner.Family.Name} would end trials by their {metric.Name}; {ValidationRemedy}"
        );
        return null;
    }

    private int Int32(Dictionary<string, SpecEntry> leaves, string key, int silent) =>
        fields.Int32(leaves, key, silent, SpecKeys.TypeOf(key));

    public ReportSettings Report(Dictionary<string, SpecEntry> sections, IReadOnlyList<string> arms)
    {
        Dictionary<string, SpecEntry> leaves = fields.Leaves(sections, "report");
        string? compareTo = null;
        if (leaves.TryGetValue("report.compare_to", out SpecEntry entry))
        {
            if (entry.Value is SpecScalar scalar && arms.Contains(scalar.Text))
                compareTo = scalar.Text;
            else if (!entry.Value.IsNothing)
                mistakes.Add(
                    entry.Location,
                    $"report.compare_to expects an arm, got {entry.Value.Display}{ArmSuggestion(entry.Value, arms)}"
                );
        }
        return new ReportSettings(compareTo, Reach(leaves)) { Colors = Colors(leaves, arms.Count) };
    }

    private string[] Colors(Dictionary<string, SpecEntry> leaves, int arms)
    {
        const string key = "report.colors";
        if (!leaves.TryGetValue(key, out SpecEntry entry))
            return [];
        string[] words = [.. (entry.Value as SpecSequence)?.Items.OfType<SpecScalar>().Select(item => item.Text) ?? []];
        string known = $"the colours are {string.Join(", ", ReportSettings.ColorNames)}";
        if (entry.Value is not SpecSequence list || words.Length < list.Items.Count)
            mistakes.Add(entry.Location, $"{key} expects a list of colours, got {entry.Value.Display}; {known}");
        else if (Array.Find(words, word => !ReportSettings.ColorNames.Contains(word)) is { } other)
            mistakes.Add(entry.Location, $"{key} has '{other}'; {known}");
        else if (words.Distinct().Count() < words.Length)
            mistakes.Add(entry.Location, $"{key} gives one colour to two arms; give each its own");
        else if (words.Length > arms)
            mistakes.Add(entry.Location, $"{key} has {words.Length} colours for {arms} arms; leave out those of no arm");
        else
            return words;
        return [];
    }

    private IReadOnlyList<double> Reach(Dictionary<string, SpecEntry> leaves)
    {
        if (!leaves.TryGetValue("report.reach", out SpecEntry entry))
            return [0.8, 0.9, 0.95];
        if (entry.Value is not SpecSequence list)
        {
            mistakes.Add(
                entry.Location,
                $"report.reach expects a list of accuracies such as [0.8, 0.9], got {entry.Value.Display}"
            );
            return [];
        }
        SortedSet<double> reach = [];
        foreach (SpecNode item in list.Items)
        {
            SourceLocation place = item.IsNothing ? entry.Location : item.Location;
            if (!Scalars.TryReal(item, out double level))
                mistakes.Add(place, $"report.reach expects accuracies, got {item.Display}");
            else if (level is > 1 and <= 100)
                mistakes.Add(
                    place,
                    string.Create(
                        CultureInfo.InvariantCulture,
                        $"report.reach ({level}) must be a share; {level} % is {level / 100}"
                    )
                );
            else if (level is not (> 0 and <= 1))
                mistakes.Add(place, $"report.reach ({((SpecScalar)item).Text}) must be above 0 and at most 1");
            else
                reach.Add(level);
        }
        return [.. reach];
    }

    /// <summary>The arm that a name which is none may mean, or which ones there are; nothing if all were refused.</summary>
    internal static string ArmSuggestion(SpecNode node, IReadOnlyCollection<string> arms) =>
        node is SpecScalar scalar && Spelling.Suggestion(scalar.Text, arms) is { Length: > 0 } near ? near
        : arms.Count > 0 ? $"; the arms are {string.Join(", ", arms.Take(20))}"
        : "";
}
