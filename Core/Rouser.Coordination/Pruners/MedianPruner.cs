using System.Globalization;
using Rouser.Snn;
using Rouser.Sweeps;

namespace Rouser.Coordination.Pruners;

/// <summary>
/// Ends a trial whose best value so far is below the median of the best values that trials on the same data had after
/// as many epochs (Golovin et al. 2017, Google Vizier, section 3.2.2, on best values in place of running averages).
/// </summary>
internal sealed class MedianPruner(PrunerSettings settings) : IPruner
{
    private readonly Dictionary<TrialId, double> _best = [];
    private readonly Dictionary<(string Data, int Epoch), Ranking> _rankings = [];

    public void Record(PlannedTrial trial, EpochMetrics metrics)
    {
        double value = settings.Metric.ScoreOf(metrics);
        if (!_best.TryGetValue(trial.Id, out double best) || value > best)
            _best[trial.Id] = best = value;
        if (!_rankings.TryGetValue((trial.DataDigest, metrics.Epoch), out Ranking? ranking))
            _rankings.Add((trial.DataDigest, metrics.Epoch), ranking = new Ranking(n => (n + 1) / 2));
        ranking.Add(best);
    }

    public string? Judge(PlannedTrial trial, EpochMetrics metrics)
    {
        Ranking ranking = _rankings[(trial.DataDigest, metrics.Epoch)];
        // It is one of the ranked itself.
        if (metrics.Epoch < settings.MinEpochs || ranking.Count <= settings.MinTrials || _best[trial.Id] >= ranking.Bar)
            return null;
        return string.Create(
            CultureInfo.InvariantCulture,
            $"its best {settings.Metric.Name} is below the median of {ranking.Count} trials after epoch {metrics.Epoch}"
        );
    }
}
