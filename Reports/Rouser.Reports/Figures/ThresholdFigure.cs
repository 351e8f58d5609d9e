using Rouser.Reports.Model;
using Rouser.Reports.Tables;

namespace Rouser.Reports.Figures;

/// <summary>How the thresholds of a layer are distributed, epoch by epoch.</summary>
internal static class ThresholdFigure
{
    private const int MostRows = 4;

    /// <summary>A row of panels per arm and setting whose thresholds move, a column per layer; null if none moves.</summary>
    public static Figure? Build(StudyResults study)
    {
        ResultRow[] moving = [.. study.Rows.Where(r => r.IsComplete && r.Layers > 0 && Moves(r))];
        if (moving.Length == 0) return null;
        ResultRow[] shown = [.. moving.Take(MostRows)];
        int layers = shown.Max(r => r.Layers), epochs = shown.Max(r => r.Epochs);
        Axis[] axes = [.. Enumerable.Range(1, layers).Select(l => LayerAxis(shown, l))];
        List<Panel> panels = [];
        foreach (ResultRow row in shown)
        {
            for (int layer = 1; layer <= row.Layers; layer++) panels.Add(Draw(row, layer, epochs, axes[layer - 1]));
        }
        string omitted = moving.Length > shown.Length ? $" Drawn are the first {shown.Length} of {moving.Length} rows with learned thresholds." : "";
        return new Figure($"thresholds-{StudyTables.Slug(study.Name)}", $"Thresholds per layer, study {study.Label}",
            $"Thresholds of a layer’s neurons after each epoch, study {study.Label}. Line: median; dark band: quartiles; light band: smallest to largest; each the mean over seeds of that "
            + $"quantile. Rows whose thresholds stay fixed, or that have a seed missing, are not drawn. A layer has the same axis in every row.{omitted}", [], panels, Math.Min(layers, 3));
    }

    private static bool Moves(ResultRow row) => row.Completed.Any(r =>
        Enumerable.Range(1, r.History.Layers).Any(l => Enumerable.Range(1, r.History.Epochs).Any(e =>
            r.History.Layer(l, e) is var p && (p.ThresholdMin != r.History.Layer(l, 1).ThresholdMin || p.ThresholdMax != p.ThresholdMin))));

    private static Axis LayerAxis(ResultRow[] rows, int layer)
    {
        ResultRow[] own = [.. rows.Where(r => r.Layers >= layer)];
        return Axis.Nice(own.Min(r => Over(r, layer, p => p.ThresholdMin).Min()), own.Max(r => Over(r, layer, p => p.ThresholdMax).Max()), 4);
    }

    private static Panel Draw(ResultRow row, int layer, int epochs, Axis y)
    {
        double[] median = Over(row, layer, p => p.ThresholdMedian);
        string title = $"layer {layer} · {row.Arm}", setting = row.Setting.Length == 0 ? "" : $" · {SettingLabel.Short(row.Setting)}";
        return new Panel(title, $"threshold{setting}", $"{title}{setting}, threshold: median {Format.Fixed(median[0], 2)} after epoch 1, {Format.Fixed(median[^1], 2)} after epoch {row.Epochs}.",
            Axis.Epochs(epochs), y,
            [
                new Band(0, Over(row, layer, p => p.ThresholdMin), Over(row, layer, p => p.ThresholdMax)),
                new Band(0, Over(row, layer, p => p.ThresholdQ25), Over(row, layer, p => p.ThresholdQ75), Strong: true),
            ],
            [new Line(0, median)]);
    }

    private static double[] Over(ResultRow row, int layer, Func<LayerPoint, double> value) =>
        [.. Enumerable.Range(1, row.Epochs).Select(e => row.Completed.Average(r => value(r.History.Layer(layer, e))))];
}
