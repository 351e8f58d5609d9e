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
        double value = metrics.ValueOf(settings.Metric.Name);
        double goodness =
            double.IsNaN(value) ? double.NegativeInfinity
            : settings.Metric.Maximize ? value
            : -value;
        return new Measurement(trial.Id.Value, trial.DataDigest, metrics.Epoch, goodness, settings.Metric.Name);
    }
}
