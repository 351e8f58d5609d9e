using System.Globalization;
using Rouser.Core.Parameters;

namespace Rouser.Sweeps.Pruners;

/// <summary>
/// Asynchronous successive halving, ASHA, in the variant that stops and never pauses (Li et al. 2020, "A System for
/// Massively Parallel Hyperparameter Tuning"). Rungs are after r, r·η, r·η², … epochs. A trial that reaches a rung goes
/// on if it is in the best 1/η of those on the same data that reached it before, itself included; the first η − 1 go on
/// in any case.
/// </summary>
/// <param name="MinEpochs">r, the first rung.</param>
/// <param name="ReductionFactor">η: one in so many goes on from a rung, and rungs are so many times as far
/// apart.</param>
public sealed record SuccessiveHalvingPruner(int MinEpochs, int ReductionFactor) : Pruner
{
    private static readonly Parameter ReductionFactorParameter = new(
        "run.pruner.reduction_factor",
        new ParameterType.Integer(2, 100),
        3,
        "Reduction factor η of `successive_halving`."
    );

    /// <summary>Its entry in the sweep file.</summary>
    public static Method<Pruner?> Method { get; } =
        new(
            "successive_halving",
            "ends a trial that is not among the best 1/η at a rung; rungs are after r, r·η, r·η², … epochs (ASHA).",
            [ReductionFactorParameter],
            set => new SuccessiveHalvingPruner(set.Int32(MinEpochsParameter), set.Int32(ReductionFactorParameter))
        );

    /// <inheritdoc/>
    public override IPruningJudge Start() => new RungJudge(this);

    private sealed class RungJudge(SuccessiveHalvingPruner rule) : IPruningJudge
    {
        private readonly Dictionary<(string Data, int Rung), Ranking> _rankings = [];

        public void Record(in Measurement measured)
        {
            if (!IsRung(measured.Epoch))
                return;
            if (!_rankings.TryGetValue((measured.Data, measured.Epoch), out Ranking? ranking))
                _rankings.Add((measured.Data, measured.Epoch), ranking = new Ranking(n => Math.Max(1, n / rule.ReductionFactor)));
            ranking.Add(measured.Goodness);
        }

        public string? Judge(in Measurement measured)
        {
            if (!IsRung(measured.Epoch))
                return null;
            Ranking ranking = _rankings[(measured.Data, measured.Epoch)];
            if (ranking.Count < rule.ReductionFactor || measured.Goodness >= ranking.Bar)
                return null;
            return string.Create(
                CultureInfo.InvariantCulture,
                $"its {measured.Metric} is not in the best 1/{rule.ReductionFactor} of {ranking.Count} "
                    + $"trials at the rung of epoch {measured.Epoch}"
            );
        }

        private bool IsRung(int epoch)
        {
            long rung = rule.MinEpochs;
            while (rung < epoch)
                rung *= rule.ReductionFactor;
            return rung == epoch;
        }
    }
}
