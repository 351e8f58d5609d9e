using Rouser.Reports.Model;
using Rouser.Reports.Tables;

namespace Rouser.Reports.Figures;

/// <summary>
/// The figures of a study over epochs: accuracy, active neurons, spikes, and how far the weights have moved.
/// </summary>
internal static class StudyFigures
{
    /// <summary>How seeds are shown, for captions.</summary>
    public const string Seeds =
        "Lines: mean over seeds; bands: lowest to highest seed. Where a seed is missing there is no mean: "
        + "the finished seeds are drawn one by one, thin.";

    private const string Range = "mean (lowest to highest seed)";

    /// <summary>Test accuracy per epoch, a panel per setting; null if no trial is complete.</summary>
    public static Figure? Accuracy(StudyResults study)
    {
        if (study.Epochs == 0)
            return null;
        PaperFigure? paper = PaperFigure.OfAccuracy(study);
        Series series = Series.Of(study);
        double? Value(TrialHistory history, int epoch) => 100 * history.TestAccuracy(epoch);
        Axis y = Axis.Over(Values(series, series.Panels.Count, Value));
        Panel[] panels =
        [
            .. series.Panels.Select((title, p) => Draw(title, "test accuracy, %", study.Epochs, y, 1, series, p, Value)),
        ];
        return new Figure(
            $"accuracy-{StudyTables.Slug(study.Name)}",
            $"Test accuracy per epoch, study {study.Label}",
            $"Test accuracy after each epoch, study {study.Label}. {Seeds} All panels share the vertical axis, "
                + $"which need not start at zero.{series.OmittedNote}{Thinned(study)}{PaperFigure.Words(paper, study)}",
            series.Legend,
            panels,
            3
        )
        {
            Paper = paper,
        };
    }

    /// <summary>Percent of active neurons: a row of panels per setting, a column per layer.</summary>
    public static Figure? Active(StudyResults study) =>
        ByLayer(
            study,
            "active",
            "Active neurons per layer",
            "Neurons with at least one spike on the first input of the epoch’s last batch, in percent of the "
                + "layer, as the paper’s figure 10 takes it",
            "active neurons, %",
            1,
            PaperFigure.Inside(study, PaperFigure.Active),
            point => 100 * point.ActiveFraction,
            _ => Axis.Nice(0, 100)
        );

    /// <summary>Spikes at inference in percent of the possible.</summary>
    public static Figure? SpikeRate(StudyResults study) =>
        ByLayer(
            study,
            "spikes",
            "Spikes per layer at inference",
            "Spikes emitted over the test samples in percent of the possible (neurons × steps)",
            "spikes of the possible, %",
            2,
            PaperFigure.Inside(study, PaperFigure.Spikes),
            point => 100 * point.SpikeRateTest,
            values => Axis.Over([0, 1e-3, .. values], 4)
        );

    /// <summary>How far the weights are from where they began.</summary>
    public static Figure? DistanceInitial(StudyResults study) =>
        ByLayer(
            study,
            "distance-initial",
            "Distance from the initial weights",
            "Euclidean distance of a layer’s weights from the initial ones",
            "distance from the initial weights",
            2,
            PaperFigure.Inside(study, PaperFigure.DistanceInitial),
            point => point.WeightDistanceInitial,
            values => Axis.Over([0, .. values], 4)
        );

    /// <summary>How far the weights are from where they end.</summary>
    public static Figure? DistanceFinal(StudyResults study) =>
        ByLayer(
            study,
            "distance-final",
            "Distance from the final weights",
            "Euclidean distance of a layer’s weights from those after the last epoch",
            "distance from the final weights",
            2,
            PaperFigure.Inside(study, PaperFigure.DistanceFinal),
            point => point.WeightDistanceFinal,
            values => Axis.Over([0, .. values], 4)
        );

    private static Figure? ByLayer(
        StudyResults study,
        string id,
        string title,
        string caption,
        string unit,
        int decimals,
        PaperFigure? paper,
        Func<LayerPoint, double?> value,
        Func<IEnumerable<double>, Axis> axis
    )
    {
        if (study.Epochs == 0 || study.Layers == 0)
            return null;
        Series series = Series.Of(study);
        int shown = Math.Max(1, Math.Min(series.Panels.Count, Series.MostPanels / study.Layers));
        int[] layers = [.. Enumerable.Range(1, study.Layers)];
        double[][] values = [.. layers.Select(l => Values(series, shown, At(l), l).ToArray())];
        if (values.All(layer => layer.All(v => v == 0)))
            return null;
        Axis[] y = [.. values.Select(axis)];
        IEnumerable<Panel> panels = Enumerable
            .Range(0, shown)
            .SelectMany(p =>
                layers.Select(l =>
                    Draw(
                        series.Panels.Count == 1 ? $"layer {l}" : $"layer {l} · {series.Panels[p]}",
                        unit,
                        study.Epochs,
                        y[l - 1],
                        decimals,
                        series,
                        p,
                        At(l),
                        l
                    )
                )
            );
        string omitted = shown < series.Panels.Count ? $" Drawn are the first {shown} settings." : series.OmittedNote;
        return new Figure(
            $"{id}-{StudyTables.Slug(study.Name)}",
            $"{title}, study {study.Label}",
            $"{caption}, study {study.Label}. {Seeds} A layer has the same vertical axis in all "
                + $"panels.{omitted}{Thinned(study)}{PaperFigure.Words(paper, study)}",
            series.Legend,
            [.. panels],
            Math.Min(study.Layers, 3)
        )
        {
            Paper = paper,
        };

        Func<TrialHistory, int, double?> At(int layer) => (history, epoch) => value(history.Layer(layer, epoch));
    }

    /// <summary>What a caption says where a curve has more points than a panel can show.</summary>
    public static string Thinned(StudyResults study) =>
        study.Epochs > Curve.MostPoints
            ? $" Drawn are {Curve.MostPoints} of {study.Epochs} epochs, evenly spaced; the CSV file has all."
            : "";

    private static IEnumerable<double> Values(
        Series series,
        int panels,
        Func<TrialHistory, int, double?> value,
        int layers = 1
    ) =>
        series
            .Placed.Where(k => k.Panel < panels && k.Row.Layers >= Math.Min(layers, k.Row.Layers))
            .SelectMany(k => k.Row.Completed.Where(r => r.History.Layers >= layers || layers == 1))
            .SelectMany(r => Enumerable.Range(1, r.History.Epochs).Select(e => value(r.History, e)).OfType<double>());

    /// <summary>A panel with the mean and range of every line that stands in it.</summary>
    private static PlotPanel Draw(
        string title,
        string unit,
        int epochs,
        Axis y,
        int decimals,
        Series series,
        int panel,
        Func<TrialHistory, int, double?> value,
        int layers = 1
    )
    {
        List<Curve> curves = [];
        List<string> words = [];
        foreach (
            (_, int style, ResultRow row) in series.Placed.Where(k => k.Panel == panel && (k.Row.Layers >= layers || layers == 1))
        )
        {
            string name = series.Lines[style],
                setting = SettingLabel.Short(row.Setting);
            if (!row.IsComplete)
            {
                curves.AddRange(
                    row.Completed.Select(r => new Curve(
                        style,
                        CurveKind.Faint,
                        $"{name}, seed {r.Seed}",
                        row.Arm,
                        setting,
                        "a single seed",
                        1,
                        OneSeed(r.History, r.History.Epochs, value)
                    ))
                );
                words.Add($"{name}: {row.Completed.Count} of {row.Replicates.Count} seeds, no mean.");
                continue;
            }
            Point[] points = OverSeeds(row, value);
            if (points.Length == 0)
                continue;
            curves.Add(new Curve(style, CurveKind.Line, name, row.Arm, setting, Range, row.Completed.Count, points));
            words.Add(
                $"{name}: {Format.Fixed(points[0].Value, decimals)} after epoch 1, "
                    + $"{Format.Fixed(points[^1].Value, decimals)} after epoch {row.Epochs}."
            );
        }
        return new PlotPanel(
            title,
            unit,
            $"{title}, {unit}: {string.Join(" ", words)}",
            "epoch",
            Axis.Epochs(epochs),
            y,
            decimals,
            curves
        )
        {
            NameRoom = series.NameRoom,
        };
    }

    private static Point[] OneSeed(TrialHistory history, int epochs, Func<TrialHistory, int, double?> value) =>
        [
            .. Enumerable
                .Range(1, epochs)
                .Select(e => (e, v: value(history, e)))
                .TakeWhile(p => p.v is not null)
                .Select(p => new Point(p.e, p.v!.Value)),
        ];

    // Up to the first epoch that a seed has no value for.
    private static Point[] OverSeeds(ResultRow row, Func<TrialHistory, int, double?> value)
    {
        List<Point> points = [];
        for (int epoch = 1; epoch <= row.Epochs; epoch++)
        {
            double[] seeds = [.. row.Completed.Select(r => value(r.History, epoch)).OfType<double>()];
            if (seeds.Length < row.Completed.Count)
                break;
            points.Add(
                seeds.Length == 1 ? new Point(epoch, seeds[0]) : new Point(epoch, seeds.Average(), seeds.Min(), seeds.Max())
            );
        }
        return [.. points];
    }
}
