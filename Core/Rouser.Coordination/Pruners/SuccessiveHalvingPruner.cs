using System.Globalization;
using Rouser.Snn;
using Rouser.Sweeps;

namespace Rouser.Coordination.Pruners;

/// <summary>
/// Asynchronous successive halving, ASHA, in the variant that stops and never pauses (Li et al. 2020, "A System for
/// Massively Parallel Hyperparameter Tuning"). Rungs are after r, r·η, r·η², … epochs, with r = <c>min_epochs</c> and
/// η = <c>reduction_factor</c>. A trial that reaches a rung goes on if it is in the best 1/η of those on the same
/// data that reached it before, itself included; the first η − 1 go on in any case.
/// </summary>
internal sealed class SuccessiveHalvingPruner(PrunerSettings settings) : IPruner
{
    private readonly Dictionary<(string Data, int Rung), Ranking> _rankings = [];

    public void Record(PlannedTrial trial, EpochMetrics metrics)
    {
        if (!IsRung(metrics.Epoch))
            return;
        if (!_rankings.TryGetValue((trial.DataDigest, metrics.Epoch), out Ranking? ranking))
            _rankings.Add(
                (trial.DataDigest, metrics.Epoch),
                ranking = new Ranking(n => Math.Max(1, n / settings.ReductionFactor))
            );
        ranking.Add(settings.Metric.ScoreOf(metrics));
    }

    public string? Judge(PlannedTrial trial, EpochMetrics metrics)
    {
        if (!IsRung(metrics.Epoch))
            return null;
        Ranking ranking = _rankings[(trial.DataDigest, metrics.Epoch)];
        if (ranking.Count < settings.ReductionFactor || settings.Metric.ScoreOf(metrics) >= ranking.Bar)
            return null;
        return string.Create(
            CultureInfo.InvariantCulture,
            $"its {settings.Metric.Name} is not in the best 1/{settings.ReductionFactor} of {ranking.Count} "
                + $"trials at the rung of epoch {metrics.Epoch}"
        );
    }

    private bool IsRung(int epoch)
    {
        long rung = settings.MinEpochs;
        while (rung < epoch)
            rung *= settings.ReductionFactor;
        return rung == epoch;
    }
}
