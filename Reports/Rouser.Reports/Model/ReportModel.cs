using System.Globalization;
using Rouser.Core;
using Rouser.Results;

namespace Rouser.Reports.Model;

/// <summary>
/// What the report says, before it has a form: studies, their rows (arm × setting) and the replicates (seeds) of
/// each. Pure, from the tables alone.
/// </summary>
/// <param name="Run">The run as a whole; of several runs, what they come to together
/// (<see cref="MergedRuns"/>).</param>
/// <param name="Studies">In the sweep's order.</param>
/// <param name="ParameterNames">Every parameter that any trial uses, by name.</param>
public sealed record ReportModel(RunMetadata Run, IReadOnlyList<StudyResults> Studies, IReadOnlyList<string> ParameterNames)
{
    // What the trials table holds beside parameters. A new column there must be named here, or it counts as a
    // parameter.
    private static readonly HashSet<string> NotParameters =
    [
        "trial_id",
        "study",
        "arm",
        "setting",
        "seed",
        "synthetic",
        "dataset_digest",
        "engine",
        "state",
        "attempt",
        "worker",
        "assigned_at",
        "ended_at",
        "reason",
        "epochs_recorded",
        "final_train_loss",
        "final_train_accuracy",
        "final_test_accuracy",
        "best_test_accuracy",
        "best_epoch",
        "objective",
    ];

    /// <summary>
    /// The runs that it comes from, in the order they were named; <see cref="Run"/> is what they come to together.
    /// </summary>
    public IReadOnlyList<RunMetadata> Runs { get; init; } = [Run];

    /// <summary>The command that makes this report again; null if it was not made by one.</summary>
    public string? Command { get; init; }

    /// <summary>Every row of every study.</summary>
    public IEnumerable<ResultRow> Rows => Studies.SelectMany(s => s.Rows);

    /// <summary>Every cell of the plan.</summary>
    public IEnumerable<Replicate> Cells => Rows.SelectMany(r => r.Replicates);

    /// <summary>Whether any trial's data is generated.</summary>
    public bool Synthetic => Studies.Any(s => s.Synthetic);

    /// <summary>Reads the tables, or says in which file something is wrong.</summary>
    public static Result<ReportModel> From(ResultTables tables)
    {
        if (tables.Trials.RowCount == 0)
            return new Mistake("trials.parquet", "there are no trials in it, so there is nothing to report; run the sweep first");
        Result<RunMetadata> run = RunMetadata.Read(tables.Trials);
        if (!run.IsOk)
            return Result<ReportModel>.Wrong(run.Mistakes);
        List<Mistake> mistakes = [];
        Dictionary<string, TrialHistory> histories = TrialHistory.ReadAll(tables.Epochs, tables.Layers, mistakes);
        string[] parameters = [.. tables.Trials.Columns.Select(c => c.Name).Where(IsParameter).Order(StringComparer.Ordinal)];
        List<StudyResults> studies =
            mistakes.Count > 0 ? [] : ReadStudies(tables.Trials, run.Value, parameters, histories, mistakes);
        return mistakes.Count > 0 ? Result<ReportModel>.Wrong(mistakes) : new ReportModel(run.Value, studies, parameters);
    }

    private static bool IsParameter(string column) =>
        !NotParameters.Contains(column) && !column.StartsWith("epochs_to_", StringComparison.Ordinal);

    private static List<StudyResults> ReadStudies(
        Table table,
        RunMetadata run,
        string[] parameterNames,
        Dictionary<string, TrialHistory> histories,
        List<Mistake> mistakes
    )
    {
        TableReader reader = new(table, mistakes);
        Column<string> trial = reader.Require<string>("trial_id"),
            study = reader.Require<string>("study"),
            arm = reader.Require<string>("arm"),
            setting = reader.Require<string>("setting"),
            state = reader.Require<string>("state"),
            reason = reader.Require<string>("reason", nullable: true),
            digest = reader.Require<string>("dataset_digest"),
            engine = reader.Require<string>("engine"),
            worker = reader.Require<string>("worker", nullable: true);
        Column<DateTimeOffset> assigned = reader.Require<DateTimeOffset>("assigned_at", nullable: true),
            ended = reader.Require<DateTimeOffset>("ended_at", nullable: true);
        Column<double> objective = reader.Require<double>("objective", nullable: true);
        Column<long> seed = reader.Require<long>("seed");
        Column<int> attempt = reader.Require<int>("attempt");
        Column<bool> synthetic = reader.Require<bool>("synthetic");
        if (mistakes.Count > 0)
            return [];

        Column[] parameters = [.. parameterNames.Select(name => table.Find(name)!)];
        Dictionary<(string, string, string), List<Replicate>> rows = [];
        List<(string Study, string Arm, string Setting)> order = [];
        for (int i = 0; i < table.RowCount; i++)
        {
            TrialHistory history = histories.GetValueOrDefault(trial.Values[i]) ?? TrialHistory.Empty;
            Replicate replicate = new(
                seed.Values[i],
                trial.Values[i],
                state.Values[i],
                attempt.Values[i],
                reason.IsNull(i) ? null : reason.Values[i],
                synthetic.Values[i],
                digest.Values[i],
                engine.Values[i],
                worker.IsNull(i) ? null : worker.Values[i],
                assigned.IsNull(i) ? null : assigned.Values[i],
                ended.IsNull(i) ? null : ended.Values[i],
                objective.IsNull(i) ? null : objective.Values[i],
                Used(parameters, i),
                history
            );
            if (replicate.IsComplete && history.Epochs == 0)
                mistakes.Add(
                    new Mistake(
                        "epochs.parquet",
                        $"trial {replicate.TrialId} is completed but has no epochs; run 'rouser resume' to write the tables again"
                    )
                );
            (string, string, string) key = (study.Values[i], arm.Values[i], setting.Values[i]);
            if (!rows.TryGetValue(key, out List<Replicate>? replicates))
            {
                rows[key] = replicates = [];
                order.Add(key);
            }
            if (replicates.Exists(r => r.Seed == replicate.Seed))
                mistakes.Add(
                    new Mistake(
                        "trials.parquet",
                        $"study {key.Item1}, arm {key.Item2}, setting '{key.Item3}': seed {replicate.Seed} stands twice; report one run at a time"
                    )
                );
            replicates.Add(replicate);
        }
        return [.. order.GroupBy(key => key.Study).OrderBy(g => Place(run.Studies, g.Key)).Select(Study)];

        StudyResults Study(IGrouping<string, (string Study, string Arm, string Setting)> keys) =>
            new(
                keys.Key,
                [
                    .. keys.GroupBy(k => k.Setting)
                        .SelectMany(g => g.OrderBy(k => Place(run.Arms, k.Arm)))
                        .Select(k => new ResultRow(k.Study, k.Arm, k.Setting, [.. rows[k].OrderBy(r => r.Seed)])),
                ]
            );
    }

    // A name that the metadata lacks comes last; the sort is stable, so the table's order decides between several.
    private static int Place(IReadOnlyList<string> names, string name)
    {
        for (int i = 0; i < names.Count; i++)
        {
            if (names[i] == name)
                return i;
        }
        return names.Count;
    }

    private static SortedDictionary<string, string> Used(Column[] parameters, int row)
    {
        SortedDictionary<string, string> used = new(StringComparer.Ordinal);
        foreach (Column column in parameters)
        {
            if (!column.IsNull(row))
                used[column.Name] = Text(column, row);
        }
        return used;
    }

    private static string Text(Column column, int row) =>
        column switch
        {
            Column<string> c => c.Values[row],
            Column<double> c => c.Values[row].ToString("R", CultureInfo.InvariantCulture),
            Column<long> c => c.Values[row].ToString(CultureInfo.InvariantCulture),
            Column<int> c => c.Values[row].ToString(CultureInfo.InvariantCulture),
            Column<bool> c => c.Values[row] ? "true" : "false",
            _ => throw new InvalidOperationException($"A parameter has no column of type {column.GetType()}."),
        };
}
