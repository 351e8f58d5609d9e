using System.Globalization;
using Rouser.Reports.Model;
using Rouser.Reports.Tables;

namespace Rouser.Reports.Figures;

/// <summary>Accuracy after the last epoch against a threshold that stays fixed.</summary>
internal static class FixedThresholdFigure
{
    /// <summary>A curve for each group of rows that differ in nothing but the threshold; null if none has two thresholds.</summary>
    public static Figure? Build(StudyResults study)
    {
        List<(string Name, ResultRow[] Rows)> groups = [.. study.Rows.Where(r => r.HasFixedThreshold && Threshold(r) is not null)
            .GroupBy(Otherwise, StringComparer.Ordinal)
            .Select(g => (Name(g.First()), g.OrderBy(Threshold).ToArray()))
            .Where(g => g.Item2.Count(r => r.IsComplete) > 1)];
        if (groups.Count == 0) return null;
        (string Name, ResultRow[] Rows)[] shown = [.. groups.Take(Palette.Count)];
        Curve[] curves = [.. shown.Select((g, style) => new Curve(style, CurveKind.Marks, g.Name, g.Rows[0].Arm, SettingLabel.Short(g.Rows[0].Setting), "mean (lowest to highest seed)",
            g.Rows.First(r => r.IsComplete).Completed.Count, [.. g.Rows.Where(r => r.IsComplete).Select(Draw)]))];
        Axis x = Axis.Over(curves.SelectMany(c => c.Points.Select(p => p.X))), y = Axis.Over(curves.SelectMany(c => c.Points.SelectMany(p => (double[])[p.Value, p.Low, p.High])));
        PaperFigure? paper = PaperData.NMnist.IsOf(study) ? PaperFigure.FixedThresholdNMnist : PaperData.Dvs128.IsOf(study) ? PaperFigure.FixedThresholdDvs128 : null;
        int missing = shown.Sum(g => g.Rows.Count(r => !r.IsComplete));
        string words = string.Join(" ", curves.Select(c => $"{c.Name}: {string.Join(", ", c.Points.Select(p => $"{Format.Fixed(p.Value, 1)} at {Format.Exact(p.X)}"))}."));
        bool named = Legends.Fit([.. curves.Select(c => c.Name)]);
        PlotPanel panel = new($"after {(study.Epochs == 1 ? "1 epoch" : $"{study.Epochs} epochs")}", "test accuracy, %", $"Test accuracy in percent against the fixed threshold. {words}",
            "fixed threshold", x, y, 1, curves) { Named = named };
        return new Figure($"fixed-threshold-{StudyTables.Slug(study.Name)}", $"Test accuracy against a fixed threshold, study {study.Label}",
            $"Test accuracy after the last epoch against a threshold that stays fixed, all else equal, study {study.Label}. Marks: mean over seeds; bars: lowest to highest seed."
            + (missing > 0 ? $" {missing} thresholds with a seed missing are not drawn." : "") + (groups.Count > shown.Length ? $" Drawn are the first {shown.Length} of {groups.Count} curves." : "")
            + PaperFigure.Words(paper, study), named ? [] : Legends.Of([.. curves.Select(c => c.Name)]), [panel], 1) { Paper = paper };
    }

    private static double? Threshold(ResultRow row) =>
        double.TryParse(row.Parameters.GetValueOrDefault("threshold.init"), NumberStyles.Float, CultureInfo.InvariantCulture, out double value) ? value : null;

    // The rule and its learning rate are left out: a learned threshold whose learning rate is 0 is a fixed one.
    private static string Otherwise(ResultRow row) =>
        string.Join('\n', row.Parameters.Where(p => p.Key != "threshold.init").Select(p => $"{p.Key}={p.Value}").Prepend(row.Arm));

    private static string Name(ResultRow row)
    {
        var rest = SettingLabel.Assignments(row.Setting).Where(a => a.Parameter != "threshold.init").Select(a => $"{SettingLabel.Symbol(a.Parameter)}={a.Value}").ToArray();
        return rest.Length == 0 ? row.Arm : $"{row.Arm}, {string.Join(' ', rest)}";
    }

    private static Point Draw(ResultRow row)
    {
        double[] seeds = [.. row.Completed.Select(r => 100 * r.History.TestAccuracy(r.History.Epochs))];
        return seeds.Length == 1 ? new Point(Threshold(row)!.Value, seeds[0]) : new Point(Threshold(row)!.Value, seeds.Average(), seeds.Min(), seeds.Max());
    }
}
