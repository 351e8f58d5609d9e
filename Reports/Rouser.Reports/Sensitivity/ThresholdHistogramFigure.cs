using Rouser.Reports.Figures;
using Rouser.Reports.Model;
using Rouser.Reports.Tables;
using Rouser.Results;

namespace Rouser.Reports.Sensitivity;

/// <summary>How many neurons of a layer have which threshold, epoch by epoch.</summary>
public static class ThresholdHistogramFigure
{
    private const int Bins = 28,
        MostEpochs = 40;

    /// <summary>The trials whose histograms a report draws.</summary>
    public static IEnumerable<string> TrialsShown(ReportModel model) =>
        model
            .Studies.SelectMany(study => ThresholdFigure.Moving(study).Shown)
            .SelectMany(row => row.Completed)
            .Select(r => r.TrialId);

    /// <summary>
    /// A row of panels per arm and setting whose thresholds move, a column per layer; null if none moves or
    /// histograms were not recorded.
    /// </summary>
    internal static Figure? Build(StudyResults study, ThresholdHistograms histograms)
    {
        (ResultRow[] shown, int moving) = ThresholdFigure.Moving(study);
        shown = [.. shown.Where(r => r.Completed.All(c => histograms.Find(c.TrialId, layer: 1, epoch: 1) is not null))];
        if (shown.Length == 0)
            return null;
        int layers = shown.Max(r => r.SpikingLayers),
            epochs = shown.Max(r => r.Epochs);
        if (epochs < 2)
            return null;
        int[] drawn =
            epochs <= MostEpochs
                ? [.. Enumerable.Range(1, epochs)]
                : [.. Enumerable.Range(0, MostEpochs).Select(i => 1 + (int)((long)i * (epochs - 1) / (MostEpochs - 1)))];
        List<(ResultRow Row, int Layer, Axis Y, HeatCell?[][] Cells)> grids = [];
        foreach (ResultRow row in shown)
        {
            for (int layer = 1; layer <= row.SpikingLayers; layer++)
            {
                Axis y = ThresholdFigure.LayerAxis(shown, layer);
                grids.Add((row, layer, y, Cells(row, layer, y, drawn, histograms)));
            }
        }
        double strongest = Strongest(grids.SelectMany(g => g.Cells), drawn.Length);
        FigurePanel[] panels = [.. grids.Select(g => Draw(g.Row, g.Layer, g.Y, g.Cells, drawn, strongest))];
        return new Figure(
            $"threshold-histograms-{study.Slug}",
            $"Thresholds of single neurons: {Seen(shown)}, study {study.Label}",
            $"How the neurons of a layer spread over thresholds, epoch by epoch, study {study.Label}: the "
                + "stronger the shade, the more neurons have that threshold, the strongest for "
                + $"{Format.Fixed(strongest, 0)} % of the layer and more; mean over seeds. Histograms are recorded in "
                + "equal bins from the smallest to the largest threshold of an epoch and are spread here "
                + $"evenly over {Bins} bins that all epochs share. A layer has the same axis in every "
                + $"row.{ThresholdFigure.Omitted(shown.Length, moving)}"
                + (drawn.Length < epochs ? $" Drawn are {drawn.Length} of {epochs} epochs, evenly spaced." : ""),
            [],
            panels,
            Math.Min(layers, 3)
        );
    }

    // Where they end farthest apart.
    private static string Seen(ResultRow[] shown)
    {
        (ResultRow row, int layer, double low, double high) = ThresholdFigure
            .Layers(shown)
            .Select(p => (p.Row, p.Layer, Low: Last(p, LayersTable.ThresholdMin), High: Last(p, LayersTable.ThresholdMax)))
            .MaxBy(p => p.High - p.Low);
        return $"{Format.Fixed(low, 2)} to {Format.Fixed(high, 2)} in layer {layer} · {SettingLabel.Name(row)} after the last epoch";

        static double Last((ResultRow Row, int Layer) place, TableColumn<double> column) =>
            place.Row.Completed.Average(r => r.History.Layer(place.Layer, place.Row.Epochs)[column]);
    }

    private static HeatPanel Draw(ResultRow row, int layer, Axis y, HeatCell?[][] cells, int[] epochs, double strongest)
    {
        string title = $"layer {layer} · {row.Arm}",
            setting = row.Setting.Length == 0 ? "" : $" · {SettingLabel.Short(row.Setting)}";
        LayerPoint last = row.Completed[0].History.Layer(layer, row.Epochs);
        // Each column reaches half-way to its neighbours.
        double[] edges =
        [
            .. Enumerable
                .Range(0, epochs.Length + 1)
                .Select(i =>
                    i == 0 ? epochs[0] - 0.5
                    : i == epochs.Length ? epochs[^1] + 0.5
                    : (epochs[i - 1] + epochs[i]) / 2.0
                ),
        ];
        Axis x = Axis.Epochs(epochs[^1]) with { Low = edges[0], High = edges[^1] };
        return new HeatPanel(
            title,
            $"threshold{setting}",
            $"{title}{setting}: distribution of the thresholds of {last.Neurons} neurons over epochs 1 to {row.Epochs}.",
            "% of the neurons",
            "epoch",
            "threshold",
            x,
            y,
            edges,
            [.. Enumerable.Range(0, Bins + 1).Select(i => y.Low + (y.High - y.Low) * i / Bins)],
            cells,
            0,
            strongest,
            1
        )
        {
            Arm = row.Arm,
            Setting = SettingLabel.Short(row.Setting),
        };
    }

    /// <summary>
    /// Percent of the layer's neurons per bin (rows) and epoch (columns), mean over seeds; null where there is none.
    /// </summary>
    private static HeatCell?[][] Cells(ResultRow row, int layer, Axis y, int[] epochs, ThresholdHistograms histograms)
    {
        double[][] shares = [.. Enumerable.Range(0, Bins).Select(_ => new double[epochs.Length])];
        for (int x = 0; x < epochs.Length; x++)
        {
            if (epochs[x] > row.Epochs)
                break;
            foreach (Replicate replicate in row.Completed)
            {
                if (histograms.Find(replicate.TrialId, layer, epochs[x]) is { } counts)
                    Spread(counts, replicate.History.Layer(layer, epochs[x]), y, shares, x, 100.0 / row.Completed.Count);
            }
        }
        return
        [
            .. shares.Select(bin =>
                bin.Select(HeatCell? (share) => share > 0 ? new HeatCell(share, row.Completed.Count) : null).ToArray()
            ),
        ];
    }

    // A recorded bin's neurons lie somewhere in it: they are dealt to the common bins by how much of it each covers.
    private static void Spread(int[] counts, LayerPoint point, Axis y, double[][] shares, int x, double weight)
    {
        double width = (y.High - y.Low) / Bins,
            own = (point[LayersTable.ThresholdMax] - point[LayersTable.ThresholdMin]) / counts.Length;
        double neurons = Math.Max(1, counts.Sum());
        for (int i = 0; i < counts.Length; i++)
        {
            if (counts[i] == 0)
                continue;
            double low = point[LayersTable.ThresholdMin] + own * i,
                high = low + own,
                share = weight * counts[i] / neurons;
            int first = Math.Clamp((int)((low - y.Low) / width), 0, Bins - 1),
                last = Math.Clamp((int)((high - y.Low) / width), 0, Bins - 1);
            for (int bin = first; bin <= last; bin++)
            {
                double part =
                    first == last
                        ? 1
                        : Math.Max(0, Math.Min(high, y.Low + width * (bin + 1)) - Math.Max(low, y.Low + width * bin)) / own;
                shares[bin][x] += share * part;
            }
        }
    }

    // At the start all thresholds are the same and fill one bin; shades made for that would show nothing later.
    private static double Strongest(IEnumerable<HeatCell?[]> rows, int epochs) =>
        Math.Max(
            1,
            rows.SelectMany(r => r.Skip(epochs / 2)).OfType<HeatCell>().Select(c => c.Value).DefaultIfEmpty(1).Max() * 0.8
        );
}
