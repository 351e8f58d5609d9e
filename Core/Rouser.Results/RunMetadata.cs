using System.Globalization;
using System.Text.Json;
using Rouser.Coordination;
using Rouser.Sweeps;
using Rouser.Sweeps.Sequential;

namespace Rouser.Results;

/// <summary>
/// What the tables' metadata says about their run; the report reads this, and no other file. <see cref="Write"/> and
/// <see cref="Read"/> are the only places that know the keys.
/// </summary>
/// <param name="Fingerprint">The plan's fingerprint.</param>
/// <param name="Synthetic">Whether any of the plan's data is generated.</param>
/// <param name="Metric">What the sweep is about.</param>
/// <param name="Report">What the report shows.</param>
/// <param name="Arms">The arms' names, in the sweep file's order.</param>
/// <param name="Studies">The studies' names, in the sweep file's order.</param>
/// <param name="PlannedTrials">Distinct trials of the plan.</param>
/// <param name="PlannedCells">Cells of the plan.</param>
/// <param name="Environment">Where the results were made.</param>
/// <param name="Source">The sweep file; null in tables of schema 1.</param>
public sealed record RunMetadata(
    string SweepName,
    string Fingerprint,
    bool Synthetic,
    MetricSettings Metric,
    ReportSettings Report,
    IReadOnlyList<string> Arms,
    IReadOnlyList<string> Studies,
    int PlannedTrials,
    int PlannedCells,
    RunEnvironment Environment,
    SweepSource? Source = null
)
{
    /// <summary>
    /// What was seen of the recordings that the run trained on, a sentence each; empty where nobody looked.
    /// </summary>
    public IReadOnlyList<string> Data { get; init; } = [];

    /// <summary>The studies whose seeds were a budget, by their names.</summary>
    public IReadOnlyDictionary<string, SeedBudget> Budgets { get; init; } = new Dictionary<string, SeedBudget>();

    /// <summary>The names of the classes of each data set, by its digest; empty where they are not known.</summary>
    public IReadOnlyDictionary<string, IReadOnlyList<string>> Classes { get; init; } =
        new Dictionary<string, IReadOnlyList<string>>();

    /// <summary>What users wrote to the sweep.</summary>
    public Annotation Annotation { get; init; } = Annotation.None;

    /// <summary>
    /// The version of the tables' columns and of these keys. A reader takes it and those before it. 2: <c>layers</c>
    /// has the column <c>threshold_histogram</c>; the sweep file's hash and the packages.
    /// </summary>
    public const int SchemaVersion = 2;

    /// <summary>The metadata of a run.</summary>
    public static RunMetadata Of(
        SweepSpec spec,
        Plan plan,
        RunEnvironment environment,
        SweepSource? source = null,
        IReadOnlyList<string>? data = null,
        IReadOnlyDictionary<string, IReadOnlyList<string>>? classes = null
    ) =>
        new(
            plan.SweepName,
            plan.Fingerprint,
            plan.Trials.Any(t => t.Synthetic),
            spec.Metric,
            spec.Report,
            [.. spec.Arms.Select(a => a.Name)],
            [.. spec.Studies.Select(s => s.Name)],
            plan.Trials.Count,
            plan.Cells.Count,
            environment,
            source
        )
        {
            Data = data ?? [],
            Budgets = spec.Run.Budgets?.OfStudy ?? new Dictionary<string, SeedBudget>(),
            Classes = classes ?? new Dictionary<string, IReadOnlyList<string>>(),
        };

    /// <summary>The keys that every table carries: which run it belongs to.</summary>
    public Dictionary<string, string> WriteIdentity() =>
        new(StringComparer.Ordinal)
        {
            ["rouser.schema"] = Text(SchemaVersion),
            ["rouser.sweep"] = SweepName,
            ["rouser.fingerprint"] = Fingerprint,
            ["rouser.synthetic"] = Synthetic ? "true" : "false",
        };

    /// <summary>All keys; the <c>trials</c> table carries them.</summary>
    public Dictionary<string, string> Write()
    {
        Dictionary<string, string> keys = WriteIdentity();
        keys["rouser.metric.name"] = Metric.Name;
        keys["rouser.metric.goal"] = Metric.Maximize ? "maximize" : "minimize";
        keys["rouser.metric.select"] = SelectionNames[(int)Metric.Select];
        if (Report.CompareTo is not null)
            keys["rouser.report.compare_to"] = Report.CompareTo;
        keys["rouser.report.reach"] = JsonSerializer.Serialize(Report.Reach);
        if (Report.Colors.Count > 0)
            keys["rouser.report.colors"] = JsonSerializer.Serialize(Report.Colors);
        keys["rouser.arms"] = JsonSerializer.Serialize(Arms);
        keys["rouser.studies"] = JsonSerializer.Serialize(Studies);
        keys["rouser.planned.trials"] = Text(PlannedTrials);
        keys["rouser.planned.cells"] = Text(PlannedCells);
        if (Source is not null)
        {
            keys["rouser.source.sha256"] = Source.Sha256;
            keys["rouser.source.overrides"] = JsonSerializer.Serialize(Source.Overrides);
        }
        if (Data.Count > 0)
            keys["rouser.data"] = JsonSerializer.Serialize(Data);
        if (Budgets.Count > 0)
            keys["rouser.seed_budgets"] = JsonSerializer.Serialize(
                Budgets.Select(b => new BudgetText(b.Key, b.Value.From, b.Value.To, b.Value.IsForSweep))
            );
        if (Classes.Count > 0)
            keys["rouser.classes"] = JsonSerializer.Serialize(
                new SortedDictionary<string, IReadOnlyList<string>>(Classes.ToDictionary())
            );
        if (Annotation.Note.Length > 0)
            keys["rouser.note"] = Annotation.Note;
        if (Annotation.Tags.Count > 0)
            keys["rouser.tags"] = AnnotationText.Join(Annotation.Tags);
        keys["rouser.environment.version"] = Environment.RouserVersion;
        keys["rouser.environment.engine"] = Environment.Engine;
        keys["rouser.environment.runtime"] = Environment.Runtime;
        keys["rouser.environment.os"] = Environment.OperatingSystem;
        keys["rouser.environment.processor"] = Environment.Processor;
        keys["rouser.environment.cores"] = Text(Environment.Cores);
        keys["rouser.environment.command"] = Environment.CommandLine;
        if (Environment.Packages is not null)
            keys["rouser.environment.packages"] = Environment.Packages;
        return keys;
    }

    /// <summary>
    /// Reads what <see cref="Write"/> wrote; the mistake names the key that is missing or that makes no sense.
    /// </summary>
    /// <param name="trials">The <c>trials</c> table.</param>
    public static Result<RunMetadata> Read(Table trials)
    {
        MetadataReader keys = new(trials.Metadata);
        int schema = keys.Integer("rouser.schema");
        if (keys.Error is null && schema is < 1 or > SchemaVersion)
            return new UserError(
                trials.Name,
                $"the table has schema {schema}, this program reads 1 to {SchemaVersion}; use the version of rouser "
                    + $"that wrote it"
            );
        RunMetadata metadata = new(
            keys.Text("rouser.sweep"),
            keys.Text("rouser.fingerprint"),
            keys.Choice("rouser.synthetic", "false", "true") == 1,
            new MetricSettings(
                keys.Text("rouser.metric.name"),
                keys.Choice("rouser.metric.goal", "minimize", "maximize") == 1,
                (EpochSelection)keys.Choice("rouser.metric.select", SelectionNames)
            ),
            new ReportSettings(
                trials.Metadata.GetValueOrDefault("rouser.report.compare_to"),
                keys.List<double>("rouser.report.reach")
            )
            {
                Colors = trials.Metadata.ContainsKey("rouser.report.colors") ? keys.List<string>("rouser.report.colors") : [],
            },
            keys.List<string>("rouser.arms"),
            keys.List<string>("rouser.studies"),
            keys.Integer("rouser.planned.trials"),
            keys.Integer("rouser.planned.cells"),
            new RunEnvironment(
                keys.Text("rouser.environment.version"),
                keys.Text("rouser.environment.engine"),
                keys.Text("rouser.environment.runtime"),
                keys.Text("rouser.environment.os"),
                keys.Text("rouser.environment.processor"),
                keys.Integer("rouser.environment.cores"),
                keys.Text("rouser.environment.command"),
                trials.Metadata.GetValueOrDefault("rouser.environment.packages")
            ),
            trials.Metadata.ContainsKey("rouser.source.sha256")
                ? new SweepSource(keys.Text("rouser.source.sha256"), keys.List<string>("rouser.source.overrides"))
                : null
        )
        {
            Data = trials.Metadata.ContainsKey("rouser.data") ? keys.List<string>("rouser.data") : [],
            Budgets = ReadBudgets(trials, keys),
            Classes = keys.Names("rouser.classes"),
            // Another program may have written anything.
            Annotation = Annotation.None.With(
                new AnnotationChange(
                    trials.Metadata.GetValueOrDefault("rouser.note"),
                    AnnotationText.Split(trials.Metadata.GetValueOrDefault("rouser.tags")),
                    []
                )
            ),
        };
        return keys.Error is null ? metadata : new UserError(trials.Name, keys.Error);
    }

    private static Dictionary<string, SeedBudget> ReadBudgets(Table trials, MetadataReader keys)
    {
        if (!trials.Metadata.ContainsKey("rouser.seed_budgets"))
            return [];
        IReadOnlyList<BudgetText> budgets = keys.List<BudgetText>("rouser.seed_budgets");
        bool isSound =
            budgets.All(b => b is { Study: not null, From: >= 3, To: <= 1_000 } && b.To >= b.From)
            && budgets.DistinctBy(b => b.Study).Count() == budgets.Count;
        if (isSound)
            return budgets.ToDictionary(b => b.Study, b => new SeedBudget(b.From, b.To, b.ErrorPerSweep));
        keys.Refuse("rouser.seed_budgets");
        return [];
    }

    private sealed record BudgetText(string Study, int From, int To, bool ErrorPerSweep);

    // The sweep file's words, in the order of EpochSelection.
    private static readonly string[] SelectionNames = ["last", "best", "mean_last_3"];

    private static string Text(int value) => value.ToString(CultureInfo.InvariantCulture);
}
