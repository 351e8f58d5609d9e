using Rouser.Reports.Model;
using Rouser.Reports.Tables;
using Rouser.Results;

namespace Rouser.Reports.Figures;

/// <summary>
/// The figures of a study over epochs: accuracy, active neurons, spikes, and how far the weights have moved.
/// </summary>
internal static class StudyFigures
{
    private const string Range = "mean (lowest to highest seed)";

    /// <summary>Test accuracy per epoch, a panel per setting; null if no trial is complete.</summary>
    /// <param name="finding">What is to be seen, in a few words: <see cref="StudyAnswer.Finding"/>.</param>
    public static Figure? Accuracy(StudyResults study, string finding)
    {
        if (study.Epochs == 0)
            return null;
        Series series = Series.Of(study);
        Quantity accuracy = new("test accuracy, %", 1, 1, (history, epoch) => 100 * history.TestAccuracy(epoch));
        Axis y = Axis.Percent(Values(series, series.Panels.Count, accuracy));
        return new Figure(
            $"accuracy-{study.Slug}",
            $"Test accuracy, {finding}, study {study.Label}",
            $"Test accuracy after each epoch, study {study.Label}. {series.Seeds} All panels share the vertical axis, which need "
                + $"not start at zero.{series.Note}{Thinned(study)}",
            series.Legend,
            [.. series.Panels.Select((title, panel) => Draw(title, study.Epochs, y, series, panel, accuracy))],
            3
        )
        {
            Kind = FigureKind.Accuracy,
        };
    }

    /// <summary>Percent of active neurons: a row of panels per setting, a column per layer.</summary>
    public static Figure? Active(StudyResults study) =>
        ByLayer(
            study,
            new(FigureKind.ActiveNeurons, "active", "Active neurons per layer", "active neurons, %", 1)
            {
                Caption =
                    "Neurons with at least one spike on the first input of the epoch’s last batch, in percent of the "
                    + "layer, as the paper’s figure 10 takes it",
                Value = point => 100 * point.Find(LayersTable.ActiveFraction),
                Axis = _ => Axis.Nice(0, 100),
            }
        );

    /// <summary>Spikes at inference in percent of the possible.</summary>
    public static Figure? SpikeRate(StudyResults study) =>
        ByLayer(
            study,
            new(FigureKind.SpikeRate, "spikes", "Spikes per layer at inference", "spikes of the possible, %", 2)
            {
                Caption = "Spikes emitted over the test samples in percent of the possible (neurons × steps)",
                Value = point => 100 * point.Find(LayersTable.SpikeRateTest),
                Axis = values => Axis.Percent([0, 1e-3, .. values], 4),
            }
        );

    /// <summary>How far the weights are from where they began.</summary>
    public static Figure? DistanceInitial(StudyResults study) =>
        ByLayer(
            study,
            new(
                FigureKind.DistanceInitial,
                "distance-initial",
                "Distance from the initial weights",
                "distance from the initial weights",
                2
            )
            {
                Caption = "Euclidean distance of a layer’s weights from the initial ones",
                Value = point => point[LayersTable.WeightDistanceInitial],
            }
        );

    /// <summary>How far the weights are from where they end.</summary>
    public static Figure? DistanceFinal(StudyResults study) =>
        ByLayer(
            study,
            new(
                FigureKind.DistanceFinal,
                "distance-final",
                "Distance from the final weights",
                "distance from the final weights",
                2
            )
            {
                Caption = "Euclidean distance of a layer’s weights from those after the last epoch",
                AtStart = true,
                Value = point => point.Find(LayersTable.WeightDistanceFinal),
            }
        );

    /// <summary>What a caption says where a curve has more points than a panel can show.</summary>
    public static string Thinned(StudyResults study) =>
        study.Epochs > Curve.MostPoints
            ? $" Drawn are {Curve.MostPoints} of {study.Epochs} epochs, evenly spaced; the CSV file has all."
            : "";

    private static Figure? ByLayer(StudyResults study, LayerFigure figure)
    {
        if (study.Epochs == 0 || study.Layers == 0)
            return null;
        Series series = Series.Of(study, Series.MostPanels / study.Layers);
        int shown = series.Panels.Count;
        Quantity[] layers = [.. Enumerable.Range(1, study.Layers).Select(figure.At)];
        double[][] values = [.. layers.Select(layer => Values(series, shown, layer).ToArray())];
        if (values.All(layer => layer.All(v => v == 0)))
            return null;
        // An output layer that does not spike has no panel where spikes are counted.
        layers = [.. layers.Where((_, l) => values[l].Length > 0)];
        Axis[] y = [.. values.Select(figure.Axis)];
        PlotPanel[] panels =
        [
            .. from panel in Enumerable.Range(0, shown)
            from layer in layers
            let title = $"layer {layer.Layer}{(series.Panels.Count == 1 ? "" : $" · {series.Panels[panel]}")}"
            select Draw(title, study.Epochs, y[layer.Layer - 1], series, panel, layer),
        ];
        return new Figure(
            $"{figure.Id}-{study.Slug}",
            $"{figure.Title}: {Seen(panels, figure.AtStart)}, study {study.Label}",
            $"{figure.Caption}, study {study.Label}. {series.Seeds} A layer has the same vertical axis in all "
                + $"panels.{series.Note}{Thinned(study)}",
            series.Legend,
            panels,
            Math.Min(study.Layers, 3)
        )
        {
            Kind = figure.Kind,
        };
    }

    // Where two lines are farthest apart after the last epoch (at the start, where all end at zero); of lines that are
    // nowhere apart, which one has moved most.
    private static string Seen(PlotPanel[] panels, bool atStart)
    {
        (PlotPanel Panel, Curve[] Lines)[] drawn =
        [
            .. panels
                .Select(p => (Panel: p, Lines: p.Curves.Where(c => c.Kind is CurveKind.Line or CurveKind.Faint).ToArray()))
                .Where(l => l.Lines.Length > 0),
        ];
        (PlotPanel panel, Curve[] lines) = drawn.MaxBy(l => l.Lines.Max(Value) - l.Lines.Min(Value));
        string unit = panel.Unit.EndsWith(", %", StringComparison.Ordinal) ? " %" : "";
        string lowest = Named(lines.MinBy(Value)!),
            highest = Named(lines.MaxBy(Value)!);
        if (lowest != highest)
            return $"{lowest}, {highest} in {panel.Title}{(atStart ? " after epoch 1" : "")}";
        (panel, lines) = drawn.MaxBy(l => Math.Abs(l.Lines[0].Points[^1].Value - l.Lines[0].Points[0].Value));
        string from = Number(lines[0].Points[0].Value),
            to = Number(lines[0].Points[^1].Value);
        return from == to ? $"{to}{unit} throughout in {panel.Title}" : $"from {from} to {to}{unit} in {panel.Title}";

        double Value(Curve curve) => curve.Points[atStart ? 0 : ^1].Value;

        string Named(Curve curve) => $"{curve.Name} {Number(Value(curve))}{unit}";

        string Number(double value) => Format.Fixed(value, panel.Decimals);
    }

    private static IEnumerable<double> Values(Series series, int panels, Quantity quantity) =>
        from placed in series.Placed
        where placed.Panel < panels
        from replicate in placed.Row.Completed
        where quantity.IsIn(replicate.History.Layers)
        from epoch in Enumerable.Range(1, replicate.History.Epochs)
        let value = quantity.Value(replicate.History, epoch)
        where value is not null
        select value.Value;

    /// <summary>A panel with the mean and range of every line that stands in it.</summary>
    private static PlotPanel Draw(string title, int epochs, Axis y, Series series, int panel, Quantity quantity)
    {
        List<Curve> curves = [];
        List<string> words = [];
        foreach ((_, int line, ResultRow row) in series.Placed.Where(p => p.Panel == panel && quantity.IsIn(p.Row.Layers)))
        {
            string name = series.Lines[line];
            CurvePoint[] points = OverSeeds(row, quantity);
            if (points.Length == 0)
                continue;
            string setting = SettingLabel.Short(row.Setting);
            string seeds = row.IsComplete ? "" : $" ({row.Completed.Count} of {row.Replicates.Count} seeds)";
            curves.Add(
                new Curve(
                    series.Styles[line],
                    row.IsComplete ? CurveKind.Line : CurveKind.Faint,
                    name + seeds,
                    row.Arm,
                    setting,
                    Range,
                    row.Completed.Count,
                    points
                )
            );
            words.Add(
                $"{name}{seeds}: {Format.Fixed(points[0].Value, quantity.Decimals)} after epoch 1, "
                    + $"{Format.Fixed(points[^1].Value, quantity.Decimals)} after epoch {row.Epochs}."
            );
        }
        return new PlotPanel(
            title,
            quantity.Unit,
            $"{title}, {quantity.Unit}: {string.Join(" ", words)}",
            "epoch",
            Axis.Epochs(epochs),
            y,
            quantity.Decimals,
            curves
        )
        {
            NameRoom = series.NameRoom,
        };
    }

    // Up to the first epoch that a seed has no value for.
    private static CurvePoint[] OverSeeds(ResultRow row, Quantity quantity)
    {
        List<CurvePoint> points = [];
        for (int epoch = 1; epoch <= row.Epochs; epoch++)
        {
            double[] seeds = [.. row.Completed.Select(r => quantity.Value(r.History, epoch)).OfType<double>()];
            if (seeds.Length < row.Completed.Count)
                break;
            points.Add(CurvePoint.OverSeeds(epoch, seeds));
        }
        return [.. points];
    }

    /// <summary>What a panel follows over the epochs.</summary>
    /// <param name="Unit">What it is, with its unit.</param>
    /// <param name="Decimals">Decimals that are read out.</param>
    /// <param name="Layer">The layer that it is of, from 1; 1 for what belongs to no layer.</param>
    /// <param name="Value">Its value after an epoch; null where there is none.</param>
    private sealed record Quantity(string Unit, int Decimals, int Layer, Func<TrialHistory, int, double?> Value)
    {
        /// <summary>Whether a network of so many layers has it.</summary>
        public bool IsIn(int layers) => layers >= Layer || Layer == 1;
    }

    /// <summary>A figure that has a panel for each layer.</summary>
    private sealed record LayerFigure(FigureKind Kind, string Id, string Title, string Unit, int Decimals)
    {
        public required string Caption { get; init; }

        public required Func<LayerPoint, double?> Value { get; init; }

        /// <summary>Whether what is to be seen is seen at the start, because all of it ends at zero.</summary>
        public bool AtStart { get; init; }

        /// <summary>The vertical axis over a layer's values.</summary>
        public Func<IEnumerable<double>, Axis> Axis { get; init; } = values => Figures.Axis.Over([0, .. values], 4);

        public Quantity At(int layer) => new(Unit, Decimals, layer, (history, epoch) => Value(history.Layer(layer, epoch)));
    }
}
