using Rouser.Reports.Model;
using Rouser.Reports.Tables;

namespace Rouser.Reports.Figures;

/// <summary>How the thresholds of a layer are distributed, epoch by epoch.</summary>
internal static class ThresholdFigure
{
    private const int MostRows = 4;

    /// <summary>
    /// A row of panels per arm and setting whose thresholds move, a column per layer; null if none moves.
    /// </summary>
    public static Figure? Build(StudyResults study)
    {
        (ResultRow[] shown, int moving) = Moving(study);
        if (shown.Length == 0)
            return null;
        int layers = shown.Max(r => r.Layers),
            epochs = shown.Max(r => r.Epochs);
        Axis[] axes = [.. Enumerable.Range(1, layers).Select(l => LayerAxis(shown, l))];
        Panel[] panels =
        [
            .. shown.SelectMany(row =>
                Enumerable.Range(1, row.Layers).Select(layer => Draw(row, layer, epochs, axes[layer - 1]))
            ),
        ];
        PaperFigure? paper = PaperFigure.Inside(study, PaperFigure.ThresholdsNMnist, PaperFigure.ThresholdsDvs128);
        return new Figure(
            $"thresholds-{StudyTables.Slug(study.Name)}",
            $"Thresholds per layer, study {study.Label}",
            $"Thresholds of a layer’s neurons after each epoch, study {study.Label}. Line: median; dark band: "
                + "quartiles; light band: smallest to largest; each the mean over seeds of that "
                + "quantile. Rows whose thresholds stay fixed, or that have a seed missing, are not drawn. A layer has the same axis in every row."
                + $"{Omitted(shown.Length, moving)}{StudyFigures.Thinned(study)}{PaperFigure.Words(paper, study)}",
            [],
            panels,
            Math.Min(layers, 3)
        )
        {
            Paper = paper,
        };
    }

    /// <summary>The rows whose thresholds move: the first few, and how many there are.</summary>
    public static (ResultRow[] Shown, int All) Moving(StudyResults study)
    {
        ResultRow[] moving = [.. study.Rows.Where(r => r.IsComplete && r.Layers > 0 && Moves(r))];
        return ([.. moving.Take(MostRows)], moving.Length);
    }

    /// <summary>A layer's smallest to largest threshold in these rows.</summary>
    public static Axis LayerAxis(ResultRow[] rows, int layer)
    {
        ResultRow[] own = [.. rows.Where(r => r.Layers >= layer)];
        return Axis.Tight(
            own.Min(r => Over(r, layer, p => p.ThresholdMin).Min()),
            own.Max(r => Over(r, layer, p => p.ThresholdMax).Max()),
            4
        );
    }

    /// <summary>What a caption adds where rows were left out.</summary>
    public static string Omitted(int shown, int moving) =>
        moving > shown ? $" Drawn are the first {shown} of {moving} rows with learned thresholds." : "";

    private static bool Moves(ResultRow row) =>
        row.Completed.Any(r =>
            Enumerable
                .Range(1, r.History.Layers)
                .Any(l =>
                    Enumerable
                        .Range(1, r.History.Epochs)
                        .Any(e =>
                            r.History.Layer(l, e) is var p
                            && (p.ThresholdMin != r.History.Layer(l, 1).ThresholdMin || p.ThresholdMax != p.ThresholdMin)
                        )
                )
        );

    private static PlotPanel Draw(ResultRow row, int layer, int epochs, Axis y)
    {
        double[] median = Over(row, layer, p => p.ThresholdMedian);
        string title = $"layer {layer} · {row.Arm}",
            setting = row.Setting.Length == 0 ? "" : $" · {SettingLabel.Short(row.Setting)}";
        return new PlotPanel(
            title,
            $"threshold{setting}",
            $"{title}{setting}, threshold: median {Format.Fixed(median[0], 2)} after epoch 1, "
                + $"{Format.Fixed(median[^1], 2)} after epoch {row.Epochs}.",
            "epoch",
            Axis.Epochs(epochs),
            y,
            3,
            [
                Band(
                    row,
                    CurveKind.Band,
                    "all neurons",
                    "smallest to largest",
                    null,
                    Over(row, layer, p => p.ThresholdMin),
                    Over(row, layer, p => p.ThresholdMax)
                ),
                Band(
                    row,
                    CurveKind.Line,
                    "median",
                    "median (quartiles)",
                    median,
                    Over(row, layer, p => p.ThresholdQ25),
                    Over(row, layer, p => p.ThresholdQ75)
                ),
            ]
        )
        {
            Arm = row.Arm,
            Setting = SettingLabel.Short(row.Setting),
        };
    }

    private static Curve Band(
        ResultRow row,
        CurveKind kind,
        string name,
        string shown,
        double[]? values,
        double[] low,
        double[] high
    ) =>
        new(
            0,
            kind,
            name,
            row.Arm,
            SettingLabel.Short(row.Setting),
            shown,
            row.Completed.Count,
            [.. low.Select((l, i) => new Point(i + 1, values?[i] ?? double.NaN, l, high[i]))]
        );

    private static double[] Over(ResultRow row, int layer, Func<LayerPoint, double> value) =>
        [.. Enumerable.Range(1, row.Epochs).Select(e => row.Completed.Average(r => value(r.History.Layer(layer, e))))];
}
