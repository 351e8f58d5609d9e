using Rouser.Reports.Model;
using Rouser.Reports.Tables;

namespace Rouser.Reports.Figures;

/// <summary>
/// What a learned threshold gains against how many neurons were silent without it: whether waking dead neurons is what
/// helps.
/// </summary>
internal static class GainFigure
{
    private const int LeastPoints = 2;

    /// <summary>A panel for each definition of dead; null with fewer than two comparisons.</summary>
    public static Figure? Build(StudyResults study)
    {
        ThresholdComparison[] comparisons =
        [
            .. ThresholdComparison.In(study).Where(c => c.Difference is not null && c.Fixed.SpikingLayers > 0),
        ];
        if (comparisons.Length < LeastPoints)
            return null;
        string[] arms = [.. comparisons.Select(c => c.Learned.Arm).Distinct()];
        return new Figure(
            $"gain-{study.Slug}",
            $"Gain against silent neurons: {Seen(comparisons)}, study {study.Label}",
            $"What the learned threshold gains in test accuracy after the last epoch against the share of all neurons that "
                + $"are dead under the fixed one, mean over epochs and seeds, study {study.Label}. A mark for each comparison.",
            arms.Length == 1 ? [] : LegendEntry.Of(arms, study.StyleOf),
            [
                Draw(study, comparisons, DeadDefinition.WholeEpoch, "dead over whole epochs, %"),
                Draw(study, comparisons, DeadDefinition.FirstInput, "silent on one input, %"),
            ],
            2
        );
    }

    // The largest and the smallest gain, each with what was silent: waking neurons explains a gain only if more were.
    private static string Seen(ThresholdComparison[] comparisons)
    {
        ThresholdComparison most = comparisons.MaxBy(c => c.Difference!.Value.Value)!,
            least = comparisons.MinBy(c => c.Difference!.Value.Value)!;
        return $"{Gain(most)} points where {Silent(most)} % were silent on one input, {Gain(least)} where {Silent(least)} %";

        static string Gain(ThresholdComparison c) => Format.Signed(c.Difference!.Value.Value, 1);

        static string Silent(ThresholdComparison c) => Format.Fixed(Dead(c.Fixed, DeadDefinition.FirstInput), 1);
    }

    private static PlotPanel Draw(StudyResults study, ThresholdComparison[] comparisons, DeadDefinition definition, string title)
    {
        const string unit = "gain, points";
        Curve[] curves =
        [
            .. comparisons.Select(c => new Curve(
                study.StyleOf(c.Learned.Arm),
                CurveKind.Dots,
                SettingLabel.Name(c.Learned),
                c.Learned.Arm,
                SettingLabel.Short(c.Learned.Setting),
                "mean difference",
                c.Difference!.Value.N,
                [new CurvePoint(Dead(c.Fixed, definition), c.Difference!.Value.Value)]
            )),
        ];
        CurvePoint[] points = [.. curves.SelectMany(c => c.Points)];
        return new PlotPanel(
            title,
            unit,
            $"{title}, {unit}: {string.Join(", ", points.Select(p => $"{Format.Signed(p.Value, 1)} at {Format.Fixed(p.X, 1)}"))}.",
            "under the fixed threshold",
            Axis.Percent([0, .. points.Select(p => p.X)], 4),
            Axis.Over([0, .. points.Select(p => p.Value)]),
            1,
            curves
        )
        {
            NamesDots = true,
        };
    }

    // Of all neurons: a small layer counts as much as it has neurons.
    private static double Dead(ResultRow row, DeadDefinition definition) =>
        100
        * row.Completed.Average(r =>
            Enumerable
                .Range(1, row.SpikingLayers)
                .Sum(l => r.History.MeanDeadShare(l, definition) * r.History.Layer(l, 1).Neurons)
            / Enumerable.Range(1, row.SpikingLayers).Sum(l => r.History.Layer(l, 1).Neurons)
        );
}
