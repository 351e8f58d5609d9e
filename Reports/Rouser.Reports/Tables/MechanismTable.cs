using Rouser.Reports.Model;
using Rouser.Snn.Thresholds;
using Rouser.Sweeps;

namespace Rouser.Reports.Tables;

/// <summary>
/// Whether learning thresholds helps while it goes on, by where thresholds end, or as a gain: rows that have a part of
/// it beside fixed and learned thresholds.
/// </summary>
internal static class MechanismTable
{
    private static readonly HashSet<string> OfFreeze = [.. ThresholdFreeze.Parameters.Select(p => p.Name), "epochs"];

    // What may differ between a row and the fixed thresholds beside it: what the rules have for themselves, and the epochs.
    private static readonly HashSet<string> OfRules = [.. ThresholdComparison.OfRule, "epochs"];

    /// <summary>One row per arm that has a part of it; null where none has, or nothing to be held against.</summary>
    public static ReportTable? Build(StudyResults study)
    {
        PartOfLearning[] parts = [.. study.Rows.Select(row => PartOfLearning.Of(row, study)).OfType<PartOfLearning>()];
        if (parts.Length == 0)
            return null;
        return new TableBuilder<PartOfLearning>()
            .AddHeader("setting", "setting", part => SettingLabel.Short(part.Row.Setting))
            .AddHeader("arm", "arm", part => part.Row.Arm)
            .AddText("thresholds", "thresholds", part => part.Description)
            .AddEstimate("above fixed, points", "above_fixed_points", part => Difference(part.Row, part.Fixed))
            .AddEstimate("learned above fixed", "learned_above_fixed_points", part => Difference(part.Learned, part.Fixed))
            .AddEstimate("above learned, points", "above_learned_points", part => Difference(part.Row, part.Learned))
            .AddText("what shows", "finding", part => part.Finding)
            .Build(
                $"mechanism-{study.Slug}",
                $"What a part of learning the threshold is worth, study {study.Label}: test accuracy after the last epoch, "
                    + "differences paired by seed with their 95 % interval.",
                parts
            );

        static ReportCell Difference(ResultRow row, ResultRow other) =>
            ReportCell.Difference(Pairing.Difference(row, other, h => h.LastTestPercent), 1, row, other);
    }

    /// <summary>A row whose thresholds are learned in part, or that learns a gain in their place.</summary>
    /// <param name="Row">The row.</param>
    /// <param name="Learned">Thresholds learned to the end at its setting.</param>
    /// <param name="Fixed">Fixed ones.</param>
    /// <param name="Description">What happens to its thresholds.</param>
    private sealed record PartOfLearning(ResultRow Row, ResultRow Learned, ResultRow Fixed, string Description)
    {
        public static PartOfLearning? Of(ResultRow row, StudyResults study)
        {
            if (RuleOf(row) is not { } rule || Describe(rule) is not { } description)
                return null;
            ResultRow[] beside = [.. study.Rows.Where(r => r.Setting == row.Setting && r != row)];
            ResultRow? learned = Nearest(
                    beside.Where(r => RuleOf(r) is LearnedThreshold { Freeze: null, LearningRate: > 0 }),
                    row
                ),
                stays = Nearest(beside.Where(r => r.HasFixedThreshold && Differences(r, row).All(OfRules.Contains)), row);
            // What is frozen is compared with the same training that is not.
            return
                learned is null
                || stays is null
                || !Differences(row, learned).All((rule.Freeze is null ? OfRules : OfFreeze).Contains)
                ? null
                : new(row, learned, stays, description);
        }

        /// <summary>What the three differences come to, in words.</summary>
        public string Finding =>
            (Decide(Learned, Fixed), Decide(Row, Fixed), Decide(Row, Learned)) switch
            {
                (Verdict.Higher, Verdict.Higher, Verdict.Lower) => "has a part of the gain",
                (Verdict.Higher, Verdict.Higher, Verdict.Higher) => "has more than the gain",
                (Verdict.Higher, Verdict.Higher, _) => "has the gain; no difference from learned is shown",
                (Verdict.Higher, Verdict.Lower, _) => "below fixed",
                (Verdict.Higher, _, Verdict.Lower) => "has not the gain",
                (Verdict.Lower, Verdict.Lower, Verdict.Higher) => "has a part of the loss",
                (Verdict.Lower, Verdict.Lower, Verdict.Lower) => "has more than the loss",
                (Verdict.Lower, Verdict.Lower, _) => "has the loss; no difference from learned is shown",
                (Verdict.Lower, Verdict.Higher, _) => "above fixed",
                (Verdict.Lower, _, Verdict.Higher) => "has not the loss",
                (_, _, Verdict.Higher) => "above learned",
                (_, _, Verdict.Lower) => "below learned",
                _ => "undecided",
            };

        private static Verdict Decide(ResultRow row, ResultRow other) =>
            DifferenceRule.Decide(Pairing.Difference(row, other, h => h.LastTestPercent));

        private static string? Describe(TrainedThreshold rule) =>
            rule switch
            {
                GainThreshold => "stay; a gain is learned",
                { Freeze: { Restarts: true } freeze } =>
                    $"of {Count(freeze.AfterEpoch)} that learned them, then fixed under fresh weights",
                { Freeze: { } freeze } => $"stay after {Count(freeze.AfterEpoch)}",
                _ => null,
            };

        private static string Count(int epochs) => epochs == 1 ? "1 epoch" : $"{Format.Integer(epochs)} epochs";

        private static TrainedThreshold? RuleOf(ResultRow row) =>
            ThresholdRule.Family.Find(row.Parameters)?.Build(row.Parameters) as TrainedThreshold;

        private static IEnumerable<string> Differences(ResultRow a, ResultRow b) =>
            ParameterSchema.IdentityDifferences(a.Parameters, b.Parameters);

        private static ResultRow? Nearest(IEnumerable<ResultRow> rows, ResultRow to) =>
            rows.MinBy(r => Differences(r, to).Count());
    }
}
