using Rouser.Snn;
using Rouser.Sweeps;
using Rouser.Sweeps.Pruners;

namespace Rouser.Coordination;

/// <summary>The sweep's pruner, as it looks at trials and their epochs.</summary>
/// <param name="settings">What the sweep asks for.</param>
internal sealed class TrialPruner(PrunerSettings settings)
{
    private readonly IPruningJudge _judge = settings.Pruner.Start();

    /// <inheritdoc cref="IPruningJudge.Record"/>
    public void Record(PlannedTrial trial, EpochMetrics metrics) => _judge.Record(Measured(trial, metrics));

    /// <inheritdoc cref="IPruningJudge.Judge"/>
    public string? Judge(PlannedTrial trial, EpochMetrics metrics) => _judge.Judge(Measured(trial, metrics));

    private Measurement Measured(PlannedTrial trial, EpochMetrics metrics)
    {
        // Trials on one set with other validation samples are not compared either.
        string data = trial.DataDigest + trial.Settings.Dataset.Validation?.Text;
        return new Measurement(
            trial.Id.Value,
            data,
            metrics.Epoch,
            settings.Metric.GoodnessOf(metrics.Validation),
            settings.Metric.Name
        );
    }
}
