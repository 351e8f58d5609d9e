using Rouser.Core.Parameters;
using Rouser.Data;
using Rouser.Reports.Model;
using Rouser.Reports.Tables;
using Rouser.Sweeps;

namespace Rouser.Web.Model;

/// <summary>What does not change while a run goes on: its trials, and what they are called.</summary>
/// <param name="Name">The sweep's.</param>
/// <param name="Folder">Where the run lies.</param>
/// <param name="Revision">Which of the run's plans this is.</param>
/// <param name="Metric">What the sweep is about.</param>
/// <param name="Validation">Whether trials have validation samples.</param>
/// <param name="CompareTo">The arm that the others are compared with; null for none.</param>
/// <param name="Studies">Names, in the sweep file's order.</param>
/// <param name="Arms">With the colours that the report gives them.</param>
/// <param name="Settings">What studies vary.</param>
/// <param name="Varied">The parameters in which trials differ.</param>
/// <param name="Constants">The others, with their values.</param>
/// <param name="Trials">In the order of the plan.</param>
internal sealed record PlanDocument(
    string Name,
    string Folder,
    int Revision,
    MetricDocument Metric,
    bool Validation,
    string? CompareTo,
    IReadOnlyList<string> Studies,
    IReadOnlyList<ArmDocument> Arms,
    IReadOnlyList<SettingDocument> Settings,
    IReadOnlyList<ParameterDocument> Varied,
    IReadOnlyDictionary<string, string> Constants,
    IReadOnlyList<TrialDocument> Trials
)
{
    /// <summary>Of a run.</summary>
    public static PlanDocument Of(SweepSpec spec, Plan plan, string folder)
    {
        ParameterSet[] sets = [.. plan.Trials.Select(t => t.WithoutPlace().Parameters)];
        List<string> varied = [];
        SortedDictionary<string, string> constants = new(StringComparer.Ordinal);
        foreach (string name in sets.SelectMany(s => s.Values.Select(v => v.Key)).Distinct().Order(StringComparer.Ordinal))
        {
            string?[] values = [.. sets.Select(s => s.Find(name)?.ToString()).Distinct()];
            if (values is [{ } only])
                constants.Add(name, only);
            else
                varied.Add(name);
        }
        List<string> studies = [.. StudiesOf(spec, plan)],
            arms = [.. ArmsOf(spec, plan)],
            settings = [.. plan.Cells.Select(c => c.Setting).Distinct()];
        // Any study would do: an arm has its colour in all of them.
        StudyResults style = new("", []) { ArmsOfSweep = arms, ColorsOfSweep = spec.Report.Colors };
        ILookup<TrialId, Cell> cells = plan.Cells.ToLookup(c => c.Trial);
        return new PlanDocument(
            spec.Name,
            folder,
            plan.Revision,
            new MetricDocument(spec.Metric.Name, spec.Metric.Maximize, spec.Metric.IsShare, spec.Metric.Select.ToString()),
            plan.Trials.Any(t => t.Settings.Dataset.Validation is not null),
            spec.Report.CompareTo,
            studies,
            [.. arms.Select(a => new ArmDocument(a, style.StyleOf(a)))],
            [.. settings.Select(s => new SettingDocument(s, SettingLabel.Short(s)))],
            [.. varied.Select(v => new ParameterDocument(v, SettingLabel.Symbol(v)))],
            constants,
            [
                .. plan.Trials.Select(
                    (trial, i) =>
                        new TrialDocument(
                            trial.Id.Value,
                            trial.Seed,
                            trial.Settings.Epochs,
                            [
                                .. cells[trial.Id]
                                    .Select(c =>
                                        (int[])[studies.IndexOf(c.Study), arms.IndexOf(c.Arm), settings.IndexOf(c.Setting)]
                                    ),
                            ],
                            [.. varied.Select(name => Value(sets[i].Find(name)))]
                        )
                ),
            ]
        )
        {
            DataMark = DatasetCatalog.DataMarkOf(
                plan.Trials.Select(t => ((string?)t.Settings.Dataset.Name, t.Synthetic)).Distinct()
            ),
        };
    }

    /// <summary>What to say of the data, in brackets after a blank; empty where it is recorded.</summary>
    public string DataMark { get; init; } = "";

    /// <summary>The studies, in the order in which they are numbered.</summary>
    public static IReadOnlyList<string> StudiesOf(SweepSpec spec, Plan plan) =>
        [.. spec.Studies.Select(s => s.Name).Union(plan.Cells.Select(c => c.Study))];

    /// <summary>The arms, in the order in which they are numbered.</summary>
    public static IReadOnlyList<string> ArmsOf(SweepSpec spec, Plan plan) =>
        [.. spec.Arms.Select(a => a.Name).Union(plan.Cells.Select(c => c.Arm))];

    // Numbers are numbers, so that the page sorts and draws them as such.
    private static object? Value(ParameterValue? value) =>
        value switch
        {
            null => null,
            ParameterValue.Integer i => (double)i.Value,
            ParameterValue.Real r => r.Value,
            _ => value.ToString(),
        };
}

/// <summary>The metric that the sweep is about.</summary>
/// <param name="IsShare">Whether it is from 0 to 1, and shown in percent.</param>
/// <param name="Select">Which epoch stands for a trial.</param>
internal sealed record MetricDocument(string Name, bool Maximize, bool IsShare, string Select);

/// <summary>An arm.</summary>
/// <param name="Style">Its colour and dashes, by their place in the report's palette.</param>
internal sealed record ArmDocument(string Name, int Style);

/// <summary>A setting.</summary>
/// <param name="Name">As the plan writes it.</param>
/// <param name="Label">In the paper's symbols.</param>
internal sealed record SettingDocument(string Name, string Label);

/// <summary>A parameter.</summary>
/// <param name="Symbol">The paper's symbol, or the name once more.</param>
internal sealed record ParameterDocument(string Name, string Symbol);

/// <summary>A trial of the plan.</summary>
/// <param name="Cells">Where it stands: indices of study, arm and setting.</param>
/// <param name="Values">Of the parameters that vary: a number, a text, or null where its method does not use
/// it.</param>
internal sealed record TrialDocument(
    string Id,
    long Seed,
    int Epochs,
    IReadOnlyList<IReadOnlyList<int>> Cells,
    IReadOnlyList<object?> Values
);
