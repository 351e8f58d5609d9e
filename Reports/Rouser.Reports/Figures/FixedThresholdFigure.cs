using System.Globalization;
using Rouser.Reports.Model;
using Rouser.Reports.Paper;
using Rouser.Reports.Tables;

namespace Rouser.Reports.Figures;

/// <summary>Accuracy after the last epoch against a threshold that stays fixed.</summary>
internal static class FixedThresholdFigure
{
    private const int LeastThresholds = 3;

    /// <summary>
    /// A curve for each group of rows that differ in nothing but the threshold, those of an arm in one style, other
    /// settings in a panel each; null if none has three thresholds.
    /// </summary>
    public static Figure? Build(StudyResults study)
    {
        Group[] groups =
        [
            .. study
                .Rows.Where(r => r.HasFixedThreshold && Threshold(r) is not null)
                .GroupBy(Otherwise, StringComparer.Ordinal)
                .Select(g => new Group(g.First().Arm, Rest(g.First()), [.. g.OrderBy(Threshold)]))
                .Where(g => g.Rows.Count(r => r.IsComplete) >= LeastThresholds),
        ];
        if (groups.Length == 0)
            return null;
        string[] arms = [.. groups.Select(g => g.Arm).Distinct().Take(Palette.Count)],
            settings = [.. groups.Select(g => g.Setting).Distinct()];
        bool named = Legends.Fit(arms);
        var panels = settings
            .Take(Series.MostPanels)
            .Select(s =>
                (
                    Setting: s,
                    Curves: groups
                        .Where(g => g.Setting == s && arms.Contains(g.Arm))
                        .Select(g => Draw(g, Array.IndexOf(arms, g.Arm)))
                        .ToArray()
                )
            )
            .ToArray();
        Axis x = Axis.Over(panels.SelectMany(p => p.Curves).SelectMany(c => c.Points.Select(q => q.X))),
            y = Axis.Over(
                panels.SelectMany(p => p.Curves).SelectMany(c => c.Points.SelectMany(q => (double[])[q.Value, q.Low, q.High]))
            );
        PaperFigure? paper =
            PaperFigure.Is(PaperDataset.NMnist, study) ? PaperFigure.FixedThresholdNMnist
            : PaperFigure.Is(PaperDataset.Dvs128, study) ? PaperFigure.FixedThresholdDvs128
            : null;
        string after = $"after {(study.Epochs == 1 ? "1 epoch" : $"{study.Epochs} epochs")}";
        int missing = groups.Sum(g => g.Rows.Count(r => !r.IsComplete));
        return new Figure(
            $"fixed-threshold-{StudyTables.Slug(study.Name)}",
            $"Test accuracy against a fixed threshold, study {study.Label}",
            $"Test accuracy {after} against a threshold that stays fixed, all else equal, study {study.Label}. "
                + "Marks: mean over seeds; bars: lowest to highest seed."
                + (missing > 0 ? $" Thresholds with a seed missing are not drawn: {missing}." : "")
                + (settings.Length > panels.Length ? $" Drawn are the first {panels.Length} of {settings.Length} settings." : "")
                + PaperFigure.Words(paper, study),
            named ? [] : Legends.Of(arms),
            [
                .. panels.Select(p => new PlotPanel(
                    p.Setting.Length == 0 ? after : p.Setting,
                    "test accuracy, %",
                    $"Test accuracy in percent {after} against the fixed threshold. {Words(p.Curves)}",
                    "fixed threshold",
                    x,
                    y,
                    1,
                    p.Curves
                )
                {
                    NameRoom = named ? arms.Max(a => a.Length) : 0,
                }),
            ],
            3
        )
        {
            Paper = paper,
        };
    }

    private sealed record Group(string Arm, string Setting, ResultRow[] Rows);

    private static double? Threshold(ResultRow row) =>
        double.TryParse(
            row.Parameters.GetValueOrDefault("threshold.init"),
            NumberStyles.Float,
            CultureInfo.InvariantCulture,
            out double value
        )
            ? value
            : null;

    private static string Otherwise(ResultRow row) =>
        string.Join(
            '\n',
            row.Parameters.Where(p => p.Key != "threshold.init").Select(p => $"{p.Key}={p.Value}").Prepend(row.Arm)
        );

    private static string Rest(ResultRow row) =>
        string.Join(
            ' ',
            SettingLabel
                .Assignments(row.Setting)
                .Where(a => a.Parameter != "threshold.init")
                .Select(a => $"{SettingLabel.Symbol(a.Parameter)}={a.Value}")
        );

    private static Curve Draw(Group group, int style)
    {
        ResultRow[] complete = [.. group.Rows.Where(r => r.IsComplete)];
        return new Curve(
            style,
            CurveKind.Marks,
            group.Arm,
            group.Arm,
            "",
            "mean (lowest to highest seed)",
            complete[0].Completed.Count,
            [.. complete.Select(Draw)]
        );
    }

    private static Point Draw(ResultRow row)
    {
        double[] seeds = [.. row.Completed.Select(r => 100 * r.History.TestAccuracy(r.History.Epochs))];
        return seeds.Length == 1
            ? new Point(Threshold(row)!.Value, seeds[0])
            : new Point(Threshold(row)!.Value, seeds.Average(), seeds.Min(), seeds.Max());
    }

    private static string Words(Curve[] curves) =>
        string.Join(
            " ",
            curves.Select(c =>
                $"{c.Name}: {string.Join(", ", c.Points.Select(p => $"{Format.Fixed(p.Value, 1)} at {Format.Exact(p.X)}"))}."
            )
        );
}
