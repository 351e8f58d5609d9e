using Rouser.Reports.Model;
using Rouser.Reports.Tables;

namespace Rouser.Reports.Figures;

/// <summary>The figures of a study: accuracy, active neurons and spike rate over epochs.</summary>
internal static class StudyFigures
{
    private const string Seeds = "Lines: mean over seeds; bands: lowest to highest seed. Where a seed is missing there is no mean: the finished seeds are drawn one by one, thin.";

    /// <summary>Test accuracy per epoch, a panel per setting; null if no trial is complete.</summary>
    public static Figure? Accuracy(StudyResults study)
    {
        Series series = Series.Of(study);
        if (study.Epochs == 0) return null;
        List<double> values = [.. study.Rows.SelectMany(r => r.Completed).SelectMany(r => Enumerable.Range(1, r.History.Epochs).Select(e => 100 * r.History.TestAccuracy(e)))];
        Axis y = Axis.Nice(values.Min(), values.Max());
        Panel[] panels = [.. series.Panels.Select((title, p) =>
            Draw(title, "test accuracy, %", Axis.Epochs(study.Epochs), y, series, p, (history, epoch) => 100 * history.TestAccuracy(epoch)))];
        return new Figure($"accuracy-{StudyTables.Slug(study.Name)}", $"Test accuracy per epoch, study {study.Label}",
            $"Test accuracy after each epoch, study {study.Label}. {Seeds} All panels share the vertical axis, which need not start at zero.{series.OmittedNote}", Legend(series), panels, 3);
    }

    /// <summary>Percent of active neurons: a row of panels per setting, a column per layer.</summary>
    public static Figure? Active(StudyResults study) => ByLayer(study, "active", "Active neurons per layer",
        $"Neurons with at least one spike on the first input of the epoch’s last batch, in percent of the layer, as the paper’s figure 10 takes it, study {study.Label}.",
        "active neurons, %", point => 100 * point.ActiveFraction, _ => Axis.Nice(0, 100));

    /// <summary>Spikes at inference in percent of the possible.</summary>
    public static Figure? SpikeRate(StudyResults study) => ByLayer(study, "spikes", "Spikes per layer at inference",
        $"Spikes emitted over the test samples in percent of the possible (neurons × steps), as in the paper’s figure 9, study {study.Label}.",
        "spikes of the possible, %", point => 100 * point.SpikeRateTest, values => Axis.Nice(0, Math.Max(values.Max(), 1e-3), 4));

    private static Figure? ByLayer(StudyResults study, string id, string title, string caption, string unit, Func<LayerPoint, double> value, Func<List<double>, Axis> axis)
    {
        Series series = Series.Of(study);
        int shown = Math.Max(1, Math.Min(series.Panels.Count, 12 / Math.Max(1, study.Layers)));
        if (study.Epochs == 0 || study.Layers == 0) return null;
        List<double> values = [.. series.Placed.SelectMany(k => k.Row.Completed).SelectMany(r =>
            Enumerable.Range(1, r.History.Epochs).SelectMany(e => Enumerable.Range(1, r.History.Layers).Select(l => value(r.History.Layer(l, e)))))];
        Axis y = axis(values);
        List<Panel> panels = [];
        for (int p = 0; p < shown; p++)
        {
            for (int layer = 1; layer <= study.Layers; layer++)
            {
                int l = layer;
                string name = series.Panels.Count == 1 ? $"layer {l}" : $"layer {l} · {series.Panels[p]}";
                panels.Add(Draw(name, unit, Axis.Epochs(study.Epochs), y, series, p, (history, epoch) => value(history.Layer(l, epoch)), l));
            }
        }
        string omitted = shown < series.Panels.Count ? $" Drawn are the first {shown} settings." : series.OmittedNote;
        return new Figure($"{id}-{StudyTables.Slug(study.Name)}", $"{title}, study {study.Label}", $"{caption} {Seeds}{omitted}", Legend(series), panels, Math.Min(study.Layers, 3));
    }

    /// <summary>A panel with the mean and range of every line that stands in it.</summary>
    private static Panel Draw(string title, string unit, Axis x, Axis y, Series series, int panel, Func<TrialHistory, int, double> value, int layers = 1)
    {
        List<Band> bands = [];
        List<Line> lines = [];
        List<string> words = [];
        foreach ((_, int style, ResultRow row) in series.Placed.Where(k => k.Panel == panel && k.Row.Layers >= layers))
        {
            double[][] seeds = [.. row.Completed.Select(r => Enumerable.Range(1, row.Epochs).Select(e => value(r.History, e)).ToArray())];
            if (!row.IsComplete)
            {
                lines.AddRange(seeds.Select(s => new Line(style, s, Faint: true)));
                words.Add($"{series.Lines[style]}: {row.Completed.Count} of {row.Replicates.Count} seeds, no mean.");
                continue;
            }
            double[] mean = [.. Enumerable.Range(0, row.Epochs).Select(e => seeds.Average(s => s[e]))];
            if (seeds.Length > 1)
                bands.Add(new Band(style, [.. Enumerable.Range(0, row.Epochs).Select(e => seeds.Min(s => s[e]))], [.. Enumerable.Range(0, row.Epochs).Select(e => seeds.Max(s => s[e]))]));
            lines.Add(new Line(style, mean));
            words.Add($"{series.Lines[style]}: {Format.Fixed(mean[0], 1)} after epoch 1, {Format.Fixed(mean[^1], 1)} after epoch {row.Epochs}.");
        }
        return new Panel(title, unit, $"{title}, {unit}: {string.Join(" ", words)}", x, y, bands, lines);
    }

    private static LegendEntry[] Legend(Series series) => [.. series.Lines.Select((label, style) => new LegendEntry(style, label))];
}
