using Rouser.Reports.Model;
using Rouser.Reports.Tables;
using Rouser.Snn.Thresholds;

namespace Rouser.Reports.Figures;

/// <summary>Accuracy after the last epoch against a threshold that stays fixed.</summary>
internal static class FixedThresholdFigure
{
    private const int LeastThresholds = 3;

    private const string Rank = "of their mean accuracy after the last epoch";

    /// <summary>
    /// A curve for each group of rows that differ in nothing but the threshold, those of an arm in one style, other
    /// settings in a panel each; null if none has three thresholds.
    /// </summary>
    public static Figure? Build(StudyResults study)
    {
        ThresholdGroup[] groups =
        [
            .. study
                .Rows.Where(r => r.HasFixedThreshold && r.InitialThreshold is not null)
                .GroupBy(AllButThreshold, StringComparer.Ordinal)
                .Select(g => new ThresholdGroup(g.First().Arm, OtherSettings(g.First()), [.. g.OrderBy(r => r.InitialThreshold)]))
                .Where(g => g.Rows.Count(r => r.Completed.Count > 0) >= LeastThresholds),
        ];
        if (groups.Length == 0)
            return null;
        ILookup<string, ResultRow> ofArm = RowsBy(groups, g => g.Arm),
            ofSetting = RowsBy(groups, g => g.Setting);
        string[] all = [.. groups.Select(g => g.Arm).Distinct()],
            arms = [.. RankChoice.Evenly(all, Palette.Count, arm => RankChoice.MeanAccuracy(ofArm[arm]))],
            settings = [.. groups.Select(g => g.Setting).Distinct()],
            shown = [.. RankChoice.Evenly(settings, Series.MostPanels, s => RankChoice.MeanAccuracy(ofSetting[s]))];
        (string Setting, Curve[] Curves)[] panels =
        [
            .. shown
                .Select(s => (Setting: s, Curves: CurvesOf(groups.Where(g => g.Setting == s), arms, study.StyleOf)))
                .Where(p => p.Curves.Length > 0),
        ];
        CurvePoint[] points = [.. panels.SelectMany(p => p.Curves).SelectMany(c => c.Points)];
        Axis x = Axis.Over(points.Select(p => p.X)),
            y = Axis.Percent(points.SelectMany(p => (double[])[p.Value, p.Low, p.High]));
        bool named = LegendEntry.FitAtEnds(arms);
        string after = $"after {study.EpochsInWords}";
        int missing = groups.Sum(g => g.Rows.Count(r => !r.IsComplete));
        return new Figure(
            $"fixed-threshold-{study.Slug}",
            $"Test accuracy against a fixed threshold: {Best(panels)}, study {study.Label}",
            $"Test accuracy {after} against a threshold that stays fixed, all else equal, study {study.Label}. "
                + "Marks: mean over seeds; bars: lowest to highest seed."
                + (missing > 0 ? $" Thresholds with a seed missing are not drawn: {missing}." : "")
                + RankChoice.Note(panels.Length, settings.Length, "settings", Rank)
                + RankChoice.Note(arms.Length, all.Length, "arms", Rank),
            named ? [] : LegendEntry.Of(arms, study.StyleOf),
            [.. panels.Select(p => Draw(p.Setting, p.Curves, after, x, y, named ? arms.Max(a => a.Length) : 0))],
            3
        )
        {
            Kind = FigureKind.FixedThreshold,
        };
    }

    private static ILookup<string, ResultRow> RowsBy(ThresholdGroup[] groups, Func<ThresholdGroup, string> key) =>
        groups.SelectMany(g => g.Rows.Select(row => (Key: key(g), Row: row))).ToLookup(r => r.Key, r => r.Row);

    // Of means over seeds, which choose nothing.
    private static string Best((string Setting, Curve[] Curves)[] panels)
    {
        (Curve curve, CurvePoint point) = panels
            .SelectMany(p => p.Curves)
            .SelectMany(c => c.Points.Select(point => (Curve: c, Point: point)))
            .MaxBy(c => c.Point.Value);
        return $"highest at {Format.Exact(point.X)} ({curve.Arm}, {Format.Fixed(point.Value, 1)} %)";
    }

    private static PlotPanel Draw(string setting, Curve[] curves, string after, Axis x, Axis y, int nameRoom) =>
        new(
            setting.Length == 0 ? after : setting,
            "test accuracy, %",
            $"Test accuracy in percent {after} against the fixed threshold. {string.Join(" ", curves.Select(Describe))}",
            "fixed threshold",
            x,
            y,
            1,
            curves
        )
        {
            NameRoom = nameRoom,
        };

    private static Curve[] CurvesOf(IEnumerable<ThresholdGroup> groups, string[] arms, Func<string, int> style) =>
        [.. groups.Where(g => arms.Contains(g.Arm)).Select(g => Draw(g, style(g.Arm)))];

    private static Curve Draw(ThresholdGroup group, int style)
    {
        ResultRow[] complete = [.. group.Rows.Where(r => r.Completed.Count > 0)];
        return new Curve(
            style,
            CurveKind.Marks,
            group.Arm,
            group.Arm,
            "",
            "mean (lowest to highest seed)",
            complete[0].Completed.Count,
            [.. complete.Select(row => CurvePoint.OverSeeds(row.InitialThreshold!.Value, LastAccuracies(row)))]
        );
    }

    private static double[] LastAccuracies(ResultRow row) =>
        [.. row.Completed.Select(r => 100 * r.History.TestAccuracy(r.History.Epochs))];

    private static string AllButThreshold(ResultRow row) =>
        string.Join(
            '\n',
            row.Parameters.Values.Where(p => p.Key != ThresholdRule.InitParameter.Name)
                .Select(p => $"{p.Key}={p.Value}")
                .Prepend(row.Arm)
        );

    private static string OtherSettings(ResultRow row) =>
        SettingLabel.Join(SettingLabel.Assignments(row.Setting).Where(a => a.Parameter != ThresholdRule.InitParameter.Name));

    private static string Describe(Curve curve)
    {
        IEnumerable<string> values = curve.Points.Select(p => $"{Format.Fixed(p.Value, 1)} at {Format.Exact(p.X)}");
        return $"{curve.Name}: {string.Join(", ", values)}.";
    }

    /// <summary>Rows that differ in nothing but the threshold, in its order.</summary>
    private sealed record ThresholdGroup(string Arm, string Setting, ResultRow[] Rows);
}
