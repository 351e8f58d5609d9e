using System.Globalization;
using Rouser.Coordination;
using Rouser.Core.Parameters;
using Rouser.Snn;
using Rouser.Sweeps;

namespace Rouser.Results;

/// <summary>
/// The <c>trials</c> table: one row per cell of the plan, in its order. A trial that several cells share stands in
/// each of their rows; to count trials, count distinct <c>trial_id</c>.
/// </summary>
public static class TrialsTable
{
    private const string EpochsToPrefix = "epochs_to_";

    private static readonly TableColumns<Row> Declared = new();

    /// <summary>The trial's identity; cells may share a trial.</summary>
    public static TableColumn<string> TrialId { get; } = Declared.Add("trial_id", r => r.Trial.Planned.Id.Value);

    /// <summary>The cell's study.</summary>
    public static TableColumn<string> Study { get; } = Declared.Add("study", r => r.Cell.Study);

    /// <summary>The cell's arm.</summary>
    public static TableColumn<string> Arm { get; } = Declared.Add("arm", r => r.Cell.Arm);

    /// <summary>What the study varies here, as the plan writes it.</summary>
    public static TableColumn<string> Setting { get; } = Declared.Add("setting", r => r.Cell.Setting);

    /// <summary>The cell's seed.</summary>
    public static TableColumn<long> Seed { get; } = Declared.Add("seed", r => r.Cell.Seed);

    /// <summary>Whether the trial's data is generated.</summary>
    public static TableColumn<bool> Synthetic { get; } = Declared.Add("synthetic", r => r.Trial.Planned.Synthetic);

    /// <summary>The digest of the trial's data.</summary>
    public static TableColumn<string> DatasetDigest { get; } = Declared.Add("dataset_digest", r => r.Trial.Planned.DataDigest);

    /// <summary>The training engine and its version.</summary>
    public static TableColumn<string> Engine { get; } = Declared.Add("engine", r => r.Trial.Planned.Engine);

    /// <summary>Where the trial stands, as <see cref="TrialStateNames"/> writes it. Parameters stand before it.</summary>
    public static TableColumn<string> State { get; } = Declared.Add("state", r => r.Trial.State.ToName());

    /// <summary>The latest attempt, from 1; 0 if there was none.</summary>
    public static TableColumn<int> Attempt { get; } = Declared.Add("attempt", r => r.Trial.Status.Attempt);

    /// <summary>Who trained it last; null if nobody has.</summary>
    public static TableColumn<string> Worker { get; } = Declared.AddNullable("worker", r => r.Trial.Status.Worker?.Value);

    /// <summary>
    /// The run that it was taken over from, by way of the results store: machine and folder; null if it was trained in
    /// this run.
    /// </summary>
    public static TableColumn<string> ReusedFrom { get; } =
        Declared.AddNullable("reused_from", r => r.Trial.ReusedFrom, isOptional: true);

    /// <summary>When its latest attempt was handed out; null if none was.</summary>
    public static TableColumn<DateTimeOffset> AssignedAt { get; } =
        Declared.AddNullable("assigned_at", r => ToMilliseconds(r.Trial.AssignedAt));

    /// <summary>When it ended; null if it has not.</summary>
    public static TableColumn<DateTimeOffset> EndedAt { get; } =
        Declared.AddNullable("ended_at", r => ToMilliseconds(r.Trial.Status.HasEnded ? r.Trial.Status.Since : null));

    /// <summary>Why it failed, was lost or was pruned; null where it did not.</summary>
    public static TableColumn<string> Reason { get; } =
        Declared.AddNullable(
            "reason",
            r => r.Trial.State is TrialState.Failed or TrialState.Lost or TrialState.Pruned ? r.Trial.Reason : null
        );

    /// <summary>Epochs that are in the <c>epochs</c> table.</summary>
    public static TableColumn<int> EpochsRecorded { get; } = Declared.Add("epochs_recorded", r => r.Trial.Epochs.Count);

    /// <summary>The loss of the last epoch; null without a result, as all that follows.</summary>
    public static TableColumn<double> FinalTrainLoss { get; } =
        Declared.AddNullable("final_train_loss", r => r.Result?.Final.TrainLoss);

    /// <summary>The training accuracy of the last epoch.</summary>
    public static TableColumn<double> FinalTrainAccuracy { get; } =
        Declared.AddNullable("final_train_accuracy", r => r.Result?.Final.TrainAccuracy);

    /// <summary>The test accuracy after the last epoch.</summary>
    public static TableColumn<double> FinalTestAccuracy { get; } =
        Declared.AddNullable("final_test_accuracy", r => r.Result?.Final.TestAccuracy);

    /// <summary>
    /// The test accuracy of the epoch with the highest validation accuracy; null without validation samples. Tables of
    /// before there was validation hold the highest test accuracy here.
    /// </summary>
    public static TableColumn<double> BestTestAccuracy { get; } =
        Declared.AddNullable("best_test_accuracy", r => r.Result?.Best?.TestAccuracy);

    /// <summary>That epoch.</summary>
    public static TableColumn<int> BestEpoch { get; } = Declared.AddNullable("best_epoch", r => r.Result?.Best?.Epoch);

    /// <summary>The metric that the sweep is about, in the epoch that it selects.</summary>
    public static TableColumn<double> Objective { get; } =
        Declared.AddNullable("objective", r => r.Result is { } result ? r.Metric.Of(result.Epochs) : null);

    /// <inheritdoc cref="ComplexityMetrics.Footprint"/>
    public static TableColumn<long> Footprint { get; } =
        Declared.AddNullable("footprint", r => r.Complexity?.Footprint, isOptional: true);

    /// <inheritdoc cref="ComplexityMetrics.ParameterCount"/>
    public static TableColumn<long> ParameterCount { get; } =
        Declared.AddNullable("parameter_count", r => r.Complexity?.ParameterCount, isOptional: true);

    /// <inheritdoc cref="ComplexityMetrics.ConnectionSparsity"/>
    public static TableColumn<double> ConnectionSparsity { get; } =
        Declared.AddNullable("connection_sparsity", r => r.Complexity?.ConnectionSparsity, isOptional: true);

    /// <inheritdoc cref="ComplexityMetrics.ActivationSparsity"/>
    public static TableColumn<double> ActivationSparsity { get; } =
        Declared.AddNullable("activation_sparsity", r => r.Complexity?.ActivationSparsity, isOptional: true);

    /// <inheritdoc cref="ComplexityMetrics.EffectiveAcs"/>
    public static TableColumn<double> EffectiveAcs { get; } =
        Declared.AddNullable("effective_acs", r => r.Complexity?.EffectiveAcs, isOptional: true);

    /// <inheritdoc cref="ComplexityMetrics.EffectiveMacs"/>
    public static TableColumn<double> EffectiveMacs { get; } =
        Declared.AddNullable("effective_macs", r => r.Complexity?.EffectiveMacs, isOptional: true);

    /// <inheritdoc cref="ComplexityMetrics.DenseOperations"/>
    public static TableColumn<double> DenseOperations { get; } =
        Declared.AddNullable("dense_operations", r => r.Complexity?.DenseOperations, isOptional: true);

    /// <inheritdoc cref="ComplexityMetrics.MembraneUpdates"/>
    public static TableColumn<double> MembraneUpdates { get; } =
        Declared.AddNullable("membrane_updates", r => r.Complexity?.MembraneUpdates, isOptional: true);

    /// <summary>
    /// The tags that users put to the trial, <c>good, rerun</c>; null where nobody did. A table of a run in which nobody wrote
    /// to any trial has neither this column nor the next.
    /// </summary>
    public static TableColumn<string> Tags { get; } =
        Declared.AddNullable(
            "tags",
            r => r.Annotation.Tags is { Count: > 0 } tags ? AnnotationText.Join(tags) : null,
            isOptional: true
        );

    /// <summary>The note that users wrote to the trial, lines of text; null where nobody did.</summary>
    public static TableColumn<string> Note { get; } =
        Declared.AddNullable("note", r => r.Annotation.Note is { Length: > 0 } note ? note : null, isOptional: true);

    /// <summary>All columns but those of parameters and of levels to reach.</summary>
    public static IReadOnlyList<TableColumn> Columns => Declared.All;

    /// <summary>
    /// The columns of a table that are parameters, by name: all that is neither declared nor a level to reach, those
    /// of another version or a plug-in too. A former name becomes that of today.
    /// </summary>
    public static IReadOnlyList<Column> ParametersIn(Table table) =>
        [
            .. table
                .Columns.Where(c => !c.Name.StartsWith(EpochsToPrefix, StringComparison.Ordinal))
                .ExceptBy(Columns.Select(c => c.Name), c => c.Name)
                .Select(c => c with { Name = FormerNames.Current(c.Name) })
                .OrderBy(c => c.Name, StringComparer.Ordinal),
        ];

    /// <summary>The parameters that a row's trial uses, in their types.</summary>
    /// <param name="parameters">What <see cref="ParametersIn"/> found.</param>
    public static ParameterSet ReadParameters(IReadOnlyList<Column> parameters, int row) =>
        new(parameters.Where(c => !c.IsNull(row)).Select(c => KeyValuePair.Create(c.Name, ReadParameter(c, row))));

    internal static Table Build(Plan plan, IReadOnlyList<TrialRecord> trials, RunMetadata metadata)
    {
        Dictionary<TrialId, TrialRecord> byId = trials.ToDictionary(t => t.Planned.Id);
        List<Row> rows = [.. plan.Cells.Select(cell => new Row(cell, byId[cell.Trial], metadata.Metric))];
        // Files of runs that nobody wrote to keep their bytes.
        bool isAnnotated = rows.Any(r => !r.Annotation.IsEmpty);
        Column[] declared = isAnnotated ? Declared.Write(rows) : Declared.Write(rows)[..Tags.Index];
        return new(
            "trials",
            [
                .. declared[..State.Index],
                .. ParameterColumns(plan, rows),
                .. declared[State.Index..],
                .. metadata.Report.Reach.Select(level => rows.NullableColumn(EpochsTo(level), r => r.Result?.EpochsTo(level))),
            ],
            metadata.Write()
        );
    }

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
            return rows.NullableColumn<Row, bool>(name, r => (Value(r) as ParameterValue.Boolean)?.Value);
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
            ParameterValue.Boolean => typeof(bool),
            _ => typeof(string),
        };

    private static Type Common(Type a, Type b)
    {
        if (a == b)
            return a;
        bool areNumbers = (a == typeof(long) || a == typeof(double)) && (b == typeof(long) || b == typeof(double));
        return areNumbers ? typeof(double) : typeof(string);
    }

    private static ParameterValue ReadParameter(Column column, int row) =>
        column switch
        {
            Column<double> c => new ParameterValue.Real(c.Values[row]),
            // Another program may have made whole numbers of numbers.
            Column<long> c when ParameterSchema.Find(c.Name)?.Type is ParameterType.Real => new ParameterValue.Real(
                c.Values[row]
            ),
            Column<long> c => new ParameterValue.Integer(c.Values[row]),
            Column<int> c => new ParameterValue.Integer(c.Values[row]),
            Column<bool> c => new ParameterValue.Boolean(c.Values[row]),
            Column<string> c => ParameterSchema.Find(c.Name)?.Type.ReadText(c.Values[row])
                ?? new ParameterValue.Text(c.Values[row]),
            _ => throw new InvalidOperationException($"A parameter has no column of type {column.GetType()}."),
        };

    // As files keep it, so that a table says the same before and after it was written.
    private static DateTimeOffset? ToMilliseconds(DateTimeOffset? time) =>
        time?.AddTicks(-(time.Value.UtcTicks % TimeSpan.TicksPerMillisecond));

    /// <summary>
    /// The column that says after how many epochs a trial reached that test accuracy: <c>epochs_to_0.8</c>.
    /// </summary>
    internal static string EpochsTo(double level) => string.Create(CultureInfo.InvariantCulture, $"{EpochsToPrefix}{level:R}");

    private sealed record Row(Cell Cell, TrialRecord Trial, MetricSettings Metric)
    {
        public TrialResult? Result { get; } = Trial.IsCompleted && Trial.Epochs.Count > 0 ? new(Trial.Epochs) : null;

        public Annotation Annotation => Trial.Status.Annotation;

        public ComplexityMetrics? Complexity => Result?.Final.Complexity;
    }
}
