using Rouser.Reports.Model;
using Rouser.Reports.Tables;
using Rouser.Results;

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
        int layers = shown.Max(r => r.SpikingLayers),
            epochs = shown.Max(r => r.Epochs);
        Axis[] axes = [.. Enumerable.Range(1, layers).Select(l => LayerAxis(shown, l))];
        FigurePanel[] panels =
        [
            .. shown.SelectMany(row =>
                Enumerable
                    .Range(1, row.SpikingLayers)
                    .Select(layer => Draw(row, layer, epochs, axes[layer - 1], study.StyleOf(row.Arm)))
            ),
        ];
        return new Figure(
            $"thresholds-{study.Slug}",
            $"Thresholds per layer: {Seen(shown)}, study {study.Label}",
            $"Thresholds of a layer’s neurons after each epoch, study {study.Label}. Line: median; dark band: quartiles; "
                + "light band: smallest to largest; each the mean over seeds of that quantile. Rows whose thresholds stay "
                + "fixed are not drawn. A layer has the same axis in every row."
                + $"{Omitted(shown.Length, moving)}{StudyFigures.Thinned(study)}",
            [],
            panels,
            Math.Min(layers, 3)
        )
        {
            Kind = FigureKind.Thresholds,
        };
    }

    /// <summary>The rows whose thresholds move: a few evenly by rank, and how many there are.</summary>
    public static (ResultRow[] Shown, int All) Moving(StudyResults study)
    {
        ResultRow[] moving = [.. study.Rows.Where(r => r.SpikingLayers > 0 && Moves(r))];
        return ([.. RankChoice.Evenly(moving, MostRows, row => RankChoice.MeanAccuracy([row]))], moving.Length);
    }

    /// <summary>A layer's smallest to largest threshold in these rows.</summary>
    public static Axis LayerAxis(ResultRow[] rows, int layer)
    {
        ResultRow[] own = [.. rows.Where(r => r.SpikingLayers >= layer)];
        return Axis.Tight(
            own.Min(r => Over(r, layer, LayersTable.ThresholdMin).Min()),
            own.Max(r => Over(r, layer, LayersTable.ThresholdMax).Max()),
            4
        );
    }

    /// <summary>What a caption adds where rows were left out.</summary>
    public static string Omitted(int shown, int moving) =>
        moving > shown
            ? $" Drawn are {shown} of {moving} rows with learned thresholds, evenly by rank of their accuracy after the last epoch."
            : "";

    // Where the median moves farthest.
    private static string Seen(ResultRow[] shown)
    {
        (ResultRow row, int layer, double from, double to) = Layers(shown)
            .Select(p => (p.Row, p.Layer, Over(p.Row, p.Layer, LayersTable.ThresholdMedian)))
            .Select(p => (p.Row, p.Layer, From: p.Item3[0], To: p.Item3[^1]))
            .MaxBy(p => Math.Abs(p.To - p.From));
        return $"median from {Format.Fixed(from, 2)} to {Format.Fixed(to, 2)} in layer {layer} · {SettingLabel.Name(row)}";
    }

    /// <summary>Every layer that spikes, of every row.</summary>
    public static IEnumerable<(ResultRow Row, int Layer)> Layers(ResultRow[] rows) =>
        rows.SelectMany(row => Enumerable.Range(1, row.SpikingLayers).Select(layer => (row, layer)));

    private static bool Moves(ResultRow row) =>
        row.Completed.Any(r => Enumerable.Range(1, r.History.SpikingLayers).Any(layer => Moves(r.History, layer)));

    private static bool Moves(TrialHistory history, int layer)
    {
        double first = history.Layer(layer, 1)[LayersTable.ThresholdMin];
        return Enumerable
            .Range(1, history.Epochs)
            .Select(epoch => history.Layer(layer, epoch))
            .Any(p => p[LayersTable.ThresholdMin] != first || p[LayersTable.ThresholdMax] != p[LayersTable.ThresholdMin]);
    }

    private static PlotPanel Draw(ResultRow row, int layer, int epochs, Axis y, int style)
    {
        double[] median = Over(row, layer, LayersTable.ThresholdMedian);
        string title = $"layer {layer} · {row.Arm}",
            setting = row.Setting.Length == 0 ? "" : $" · {SettingLabel.Short(row.Setting)}";
        double[] none = [.. median.Select(_ => double.NaN)];
        Curve allNeurons =
                new(
                    style,
                    CurveKind.Band,
                    "all neurons",
                    row.Arm,
                    SettingLabel.Short(row.Setting),
                    "smallest to largest",
                    row.Completed.Count,
                    Points(row, layer, none, LayersTable.ThresholdMin, LayersTable.ThresholdMax)
                ),
            quartiles =
                allNeurons with
                {
                    Kind = CurveKind.Line,
                    Name = "median",
                    Shown = "median (quartiles)",
                    Points = Points(row, layer, median, LayersTable.ThresholdQ25, LayersTable.ThresholdQ75),
                };
        return new PlotPanel(
            title,
            $"threshold{setting}",
            $"{title}{setting}, threshold: median {Format.Fixed(median[0], 2)} after epoch 1, "
                + $"{Format.Fixed(median[^1], 2)} after epoch {row.Epochs}.",
            "epoch",
            Axis.Epochs(epochs),
            y,
            3,
            [allNeurons, quartiles]
        )
        {
            Arm = row.Arm,
            Setting = SettingLabel.Short(row.Setting),
        };
    }

    private static CurvePoint[] Points(
        ResultRow row,
        int layer,
        double[] values,
        TableColumn<double> low,
        TableColumn<double> high
    )
    {
        double[] from = Over(row, layer, low),
            to = Over(row, layer, high);
        return [.. values.Select((value, i) => new CurvePoint(i + 1, value, from[i], to[i]))];
    }

    private static double[] Over(ResultRow row, int layer, TableColumn<double> column) =>
        [.. Enumerable.Range(1, row.Epochs).Select(e => row.Completed.Average(r => r.History.Layer(layer, e)[column]))];
}
