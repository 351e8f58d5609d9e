using Rouser.Reports.Model;
using Rouser.Reports.Tables;

namespace Rouser.Reports.Figures;

/// <summary>
/// What accuracy costs: test accuracy after the last epoch against the synaptic operations that it takes.
/// </summary>
internal static class OperationsFigure
{
    private const int LeastRows = 2,
        MostRows = 400;

    /// <summary>
    /// A mark for each row whose seeds are all complete and have their operations on record; null if there are fewer
    /// than two.
    /// </summary>
    public static Figure? Build(StudyResults study)
    {
        (string[] arms, string armNote) = RankChoice.ArmsOf(study);
        ResultRow[] rows =
        [
            .. study.Rows.Where(r => r.IsComplete && arms.Contains(r.Arm) && r.Replicates.All(t => t.EffectiveAcs is not null)),
        ];
        if (rows.Length < LeastRows)
            return null;
        ResultRow[] shown = [.. RankChoice.Evenly(rows, MostRows, row => RankChoice.MeanAccuracy([row]))];
        Curve[] curves = [.. shown.Select(row => Mark(row, study.StyleOf(row.Arm)))];
        CurvePoint[] points = [.. curves.Select(c => c.Points[0])];
        string after = $"after {study.EpochsInWords}",
            cut = RankChoice.Note(shown.Length, rows.Length, "rows", "of their accuracy") + armNote;
        return new Figure(
            $"operations-{study.Slug}",
            $"Test accuracy against synaptic operations: {Seen(curves)}, study {study.Label}",
            $"Test accuracy {after} against the effective synaptic operations of a test sample (accumulations, as NeuroBench "
                + $"counts them), study {study.Label}. A mark is the mean over the seeds of one setting.{cut}",
            arms.Length == 1 ? [] : LegendEntry.Of(arms, study.StyleOf),
            [
                new PlotPanel(
                    after,
                    "test accuracy, %",
                    $"Test accuracy in percent {after} against thousands of accumulations per sample. {Describe(curves)}",
                    "accumulations per sample, thousands",
                    Axis.Over(points.Select(p => p.X)),
                    Axis.Percent(points.Select(p => p.Value)),
                    1,
                    curves
                )
                {
                    NamesDots = true,
                },
            ],
            1
        );
    }

    // The accuracies between which all lie, each with its operations.
    private static string Seen(Curve[] curves)
    {
        CurvePoint[] points = [.. curves.Select(c => c.Points[0])];
        CurvePoint low = points.MinBy(p => p.Value),
            high = points.MaxBy(p => p.Value);
        return $"from {Format.Fixed(low.Value, 1)} % with {Thousands(low)} to {Format.Fixed(high.Value, 1)} % with {Thousands(high)} thousand";

        static string Thousands(CurvePoint point) => Format.Fixed(point.X, point.X < 10 ? 1 : 0);
    }

    private static Curve Mark(ResultRow row, int style)
    {
        string setting = SettingLabel.Short(row.Setting);
        double operations = row.Replicates.Average(r => r.EffectiveAcs!.Value) / 1000;
        double[] accuracies = [.. row.Replicates.Select(r => 100 * r.History.TestAccuracy(r.History.Epochs))];
        return new Curve(
            style,
            CurveKind.Dots,
            row.Setting.Length == 0 ? row.Arm : $"{row.Arm}, {setting}",
            row.Arm,
            setting,
            "mean (lowest to highest seed)",
            accuracies.Length,
            [CurvePoint.OverSeeds(operations, accuracies)]
        );
    }

    private static string Describe(Curve[] curves)
    {
        IEnumerable<string> first = curves
            .Take(12)
            .Select(c => $"{c.Name}: {Format.Fixed(c.Points[0].Value, 1)} at {Format.Fixed(c.Points[0].X, 1)}.");
        return string.Join(" ", first);
    }
}
