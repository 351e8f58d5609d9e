using Rouser.Snn;

namespace Rouser.Results;

/// <summary>
/// The <c>epochs</c> table: every recorded epoch, of unfinished trials too, by the trials' order in the plan.
/// </summary>
internal static class EpochsTable
{
    public static Table Build(IReadOnlyList<TrialRecord> trials, RunMetadata metadata)
    {
        List<Row> rows = [.. trials.SelectMany(t => t.Epochs.Select(e => new Row(t.Planned.Id.Value, e)))];
        return new(
            "epochs",
            [
                rows.Column("trial_id", r => r.Trial),
                rows.Column("epoch", r => r.Metrics.Epoch),
                rows.Column("train_loss", r => r.Metrics.TrainLoss),
                rows.Column("train_accuracy", r => r.Metrics.TrainAccuracy),
                rows.Column("test_accuracy", r => r.Metrics.TestAccuracy),
                rows.Column("seconds", r => r.Metrics.Seconds),
                rows.Column("samples_per_second", r => r.Metrics.SamplesPerSecond),
            ],
            metadata.WriteIdentity()
        );
    }

    private sealed record Row(string Trial, EpochMetrics Metrics);
}
