using System.Globalization;
using Rouser.Coordination;
using Rouser.Core.Parameters;
using Rouser.Sweeps;

namespace Rouser.Results;

/// <summary>
/// The <c>trials</c> table: one row per cell of the plan, in its order. A trial that several cells share stands in
/// each of their rows; to count trials, count distinct <c>trial_id</c>.
/// </summary>
internal static class TrialsTable
{
    public static Table Build(Plan plan, IReadOnlyList<TrialRecord> trials, RunMetadata metadata)
    {
        Dictionary<TrialId, TrialRecord> byId = trials.ToDictionary(t => t.Planned.Id);
        List<Row> rows = [.. plan.Cells.Select(cell => new Row(cell, byId[cell.Trial]))];
        return new(
            "trials",
            [.. PlanColumns(rows), .. ParameterColumns(plan, rows), .. StateColumns(rows), .. ResultColumns(rows, metadata)],
            metadata.Write()
        );
    }

    private static IEnumerable<Column> PlanColumns(List<Row> rows) =>
        [
            rows.Column("trial_id", r => r.Trial.Planned.Id.Value),
            rows.Column("study", r => r.Cell.Study),
            rows.Column("arm", r => r.Cell.Arm),
            rows.Column("setting", r => r.Cell.Setting),
            rows.Column("seed", r => r.Cell.Seed),
            rows.Column("synthetic", r => r.Trial.Planned.Synthetic),
            rows.Column("dataset_digest", r => r.Trial.Planned.DataDigest),
            rows.Column("engine", r => r.Trial.Planned.Engine),
        ];

    // Every parameter that any trial uses, by name; null where the row's trial does not use it. The engine has its
    // column already, with its version.
    private static IEnumerable<Column> ParameterColumns(Plan plan, List<Row> rows)
    {
        SortedDictionary<string, Type> types = new(StringComparer.Ordinal);
        foreach (
            (string name, ParameterValue value) in plan
                .Trials.SelectMany(t => t.Parameters.Values)
                .Where(p => p.Key != ParameterSchema.Engine)
        )
            types[name] = types.TryGetValue(name, out Type? seen) ? Common(seen, ColumnType(value)) : ColumnType(value);
        return types.Select(t => ParameterColumn(rows, t.Key, t.Value));
    }

    private static Column ParameterColumn(List<Row> rows, string name, Type type)
    {
        ParameterValue? Value(Row row) => row.Trial.Planned.Parameters.Find(name);
        if (type == typeof(long))
            return rows.NullableColumn<Row, long>(name, r => (Value(r) as ParameterValue.Integer)?.Value);
        if (type == typeof(bool))
            return rows.NullableColumn<Row, bool>(name, r => (Value(r) as ParameterValue.Truth)?.Value);
        if (type == typeof(double))
            return rows.NullableColumn<Row, double>(
                name,
                r => Value(r) is ParameterValue.Integer whole ? whole.Value : (Value(r) as ParameterValue.Real)?.Value
            );
        return rows.NullableColumn(name, r => Value(r)?.ToString());
    }

    private static Type ColumnType(ParameterValue value) =>
        value switch
        {
            ParameterValue.Integer => typeof(long),
            ParameterValue.Real => typeof(double),
            ParameterValue.Truth => typeof(bool),
            _ => typeof(string),
        };

    private static Type Common(Type a, Type b)
    {
        if (a == b)
            return a;
        bool areNumbers = (a == typeof(long) || a == typeof(double)) && (b == typeof(long) || b == typeof(double));
        return areNumbers ? typeof(double) : typeof(string);
    }

    private static IEnumerable<Column> StateColumns(List<Row> rows) =>
        [
            rows.Column("state", r => r.Trial.State.Word()),
            rows.Column("attempt", r => r.Trial.Status.Attempt),
            rows.NullableColumn("worker", r => r.Trial.Status.Worker?.Value),
            rows.NullableColumn("assigned_at", r => ToMilliseconds(r.Trial.AssignedAt)),
            rows.NullableColumn("ended_at", r => ToMilliseconds(r.Trial.Status.HasEnded ? r.Trial.Status.Since : null)),
            rows.NullableColumn(
                "reason",
                r => r.Trial.State is TrialState.Failed or TrialState.Lost or TrialState.Pruned ? r.Trial.Reason : null
            ),
            rows.Column("epochs_recorded", r => r.Trial.Epochs.Count),
        ];

    // As files keep it, so that a table says the same before and after it was written.
    private static DateTimeOffset? ToMilliseconds(DateTimeOffset? time) =>
        time?.AddTicks(-(time.Value.UtcTicks % TimeSpan.TicksPerMillisecond));

    private static IEnumerable<Column> ResultColumns(List<Row> rows, RunMetadata metadata)
    {
        yield return rows.NullableColumn("final_train_loss", r => r.Result?.Final.TrainLoss);
        yield return rows.NullableColumn("final_train_accuracy", r => r.Result?.Final.TrainAccuracy);
        yield return rows.NullableColumn("final_test_accuracy", r => r.Result?.Final.TestAccuracy);
        yield return rows.NullableColumn("best_test_accuracy", r => r.Result?.Best?.TestAccuracy);
        yield return rows.NullableColumn("best_epoch", r => r.Result?.Best?.Epoch);
        yield return rows.NullableColumn("objective", r => r.Result?.Objective(metadata.Metric));
        foreach (double level in metadata.Report.Reach)
            yield return rows.NullableColumn(EpochsTo(level), r => r.Result?.EpochsTo(level));
    }

    /// <summary>
    /// The column that says after how many epochs a trial reached that test accuracy: <c>epochs_to_0.8</c>.
    /// </summary>
    internal static string EpochsTo(double level) => string.Create(CultureInfo.InvariantCulture, $"epochs_to_{level:R}");

    private sealed record Row(Cell Cell, TrialRecord Trial)
    {
        public TrialResult? Result { get; } = Trial.IsCompleted && Trial.Epochs.Count > 0 ? new(Trial.Epochs) : null;
    }
}
