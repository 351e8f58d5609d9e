using System.Globalization;
using Rouser.Core.Parameters;

namespace Rouser.Sweeps.Pruners;

/// <summary>
/// Ends a trial whose best value so far is below the median of the best values that trials on the same data had after
/// as many epochs (Golovin et al. 2017, Google Vizier, section 3.2.2, on best values in place of running averages).
/// </summary>
/// <param name="MinEpochs">No trial is ended before so many epochs.</param>
/// <param name="MinTrials">So many others must have come as far.</param>
public sealed record MedianPruner(int MinEpochs, int MinTrials) : Pruner
{
    private static readonly Parameter MinTrialsParameter = new(
        "run.pruner.min_trials",
        new ParameterType.Integer(1, 1_000_000),
        5,
        "For `median`: number of other trials that must have come as far."
    );

    /// <summary>Its entry in the sweep file.</summary>
    public static Method<Pruner?> Method { get; } =
        new(
            "median",
            "ends a trial whose best value is below the median of the others' best after as many epochs.",
            [MinTrialsParameter],
            set => new MedianPruner(set.Int32(MinEpochsParameter), set.Int32(MinTrialsParameter))
        );

    /// <inheritdoc/>
    public override IPruningJudge Start() => new MedianJudge(this);

    private sealed class MedianJudge(MedianPruner rule) : IPruningJudge
    {
        private readonly Dictionary<string, double> _best = new(StringComparer.Ordinal);
        private readonly Dictionary<(string Data, int Epoch), Ranking> _rankings = [];

        public void Record(in Measurement measured)
        {
            if (!_best.TryGetValue(measured.Trial, out double best) || measured.Goodness > best)
                _best[measured.Trial] = best = measured.Goodness;
            if (!_rankings.TryGetValue((measured.Data, measured.Epoch), out Ranking? ranking))
                _rankings.Add((measured.Data, measured.Epoch), ranking = new Ranking(n => (n + 1) / 2));
            ranking.Add(best);
        }

        public string? Judge(in Measurement measured)
        {
            Ranking ranking = _rankings[(measured.Data, measured.Epoch)];
            // It is one of the ranked itself.
            if (measured.Epoch < rule.MinEpochs || ranking.Count <= rule.MinTrials || _best[measured.Trial] >= ranking.Bar)
                return null;
            return string.Create(
                CultureInfo.InvariantCulture,
                $"its best {measured.Metric} is below the median of {ranking.Count} trials after epoch {measured.Epoch}"
            );
        }
    }
}
