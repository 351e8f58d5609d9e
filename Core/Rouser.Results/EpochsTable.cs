using Rouser.Snn;

namespace Rouser.Results;

/// <summary>
/// The <c>epochs</c> table: every recorded epoch, of unfinished trials too, by the trials' order in the plan.
/// </summary>
public static class EpochsTable
{
    private static readonly TableColumns<Row> Declared = new();

    /// <summary>The trial's identity.</summary>
    public static TableColumn<string> TrialId { get; } = Declared.Add("trial_id", r => r.Trial);

    /// <summary>From 1.</summary>
    public static TableColumn<int> Epoch { get; } = Declared.Add("epoch", r => r.Metrics.Epoch);

    /// <inheritdoc cref="EpochMetrics.TrainLoss"/>
    public static TableColumn<double> TrainLoss { get; } = Declared.Add("train_loss", r => r.Metrics.TrainLoss);

    /// <inheritdoc cref="EpochMetrics.TrainAccuracy"/>
    public static TableColumn<double> TrainAccuracy { get; } = Declared.Add("train_accuracy", r => r.Metrics.TrainAccuracy);

    /// <inheritdoc cref="EpochMetrics.TestAccuracy"/>
    public static TableColumn<double> TestAccuracy { get; } = Declared.Add("test_accuracy", r => r.Metrics.TestAccuracy);

    /// <summary>Share of validation samples classified right; null where the trial has none.</summary>
    public static TableColumn<double> ValidationAccuracy { get; } =
        Declared.AddNullable("validation_accuracy", r => r.Metrics.Validation?.Accuracy, isOptional: true);

    /// <summary>Mean loss per validation sample; null where the trial has none.</summary>
    public static TableColumn<double> ValidationLoss { get; } =
        Declared.AddNullable("validation_loss", r => r.Metrics.Validation?.Loss, isOptional: true);

    /// <inheritdoc cref="EpochMetrics.Seconds"/>
    public static TableColumn<double> Seconds { get; } = Declared.Add("seconds", r => r.Metrics.Seconds);

    /// <inheritdoc cref="EpochMetrics.SamplesPerSecond"/>
    public static TableColumn<double> SamplesPerSecond { get; } =
        Declared.Add("samples_per_second", r => r.Metrics.SamplesPerSecond);

    /// <summary>All columns.</summary>
    public static IReadOnlyList<TableColumn> Columns => Declared.All;

    internal static Table Build(IReadOnlyList<TrialRecord> trials, RunMetadata metadata) =>
        new(
            "epochs",
            Declared.Write([.. trials.SelectMany(t => t.Epochs.Select(e => new Row(t.Planned.Id.Value, e)))]),
            metadata.WriteIdentity()
        );

    private sealed record Row(string Trial, EpochMetrics Metrics);
}
