using Rouser.Data;
using Rouser.Web.Model;

namespace Rouser.Web.Charts;

/// <summary>A test sample in a network, as rasters.</summary>
/// <param name="Sample">Its place in the test set, from 0.</param>
/// <param name="Samples">Test samples.</param>
/// <param name="Label">The sample's class, by its name.</param>
/// <param name="Predicted">The class that the network says.</param>
/// <param name="Rasters">The input's, then each layer's.</param>
/// <param name="Remark">What one should know of it; null for nothing.</param>
internal sealed record SampleChart(
    int Sample,
    int Samples,
    string Label,
    string Predicted,
    IReadOnlyList<RasterChart> Rasters,
    string? Remark
)
{
    /// <summary>Of a sample.</summary>
    /// <param name="names">Of the classes.</param>
    public static SampleChart Of(int sample, SampleActivity activity, IReadOnlyList<string> names) =>
        new(
            sample,
            activity.Samples,
            ConfusionChart.NameOf(names, activity.Label),
            ConfusionChart.NameOf(names, activity.Predicted),
            [
                RasterChart.Of("input", activity.Input),
                .. activity.Layers.Select((layer, l) => RasterChart.Of(FormattableString.Invariant($"layer {l + 1}"), layer)),
            ],
            activity.Remark
        );
}

/// <summary>
/// Spikes over time. What has more steps or neurons than a screen shows is put together in cells, so that a raster of
/// any size is a bounded answer.
/// </summary>
/// <param name="Name">Whose.</param>
/// <param name="Neurons">How many.</param>
/// <param name="Steps">How many.</param>
/// <param name="Spikes">How many.</param>
/// <param name="StepsPerColumn">Steps that are one column of cells.</param>
/// <param name="NeuronsPerRow">Neurons that are one row.</param>
/// <param name="Cells">The cells with a spike, as row × columns + column, ascending.</param>
internal sealed record RasterChart(
    string Name,
    int Neurons,
    int Steps,
    int Spikes,
    int StepsPerColumn,
    int NeuronsPerRow,
    IReadOnlyList<int> Cells
)
{
    /// <summary>Columns at most.</summary>
    public const int MostColumns = 400;

    /// <summary>Rows at most.</summary>
    public const int MostRows = 160;

    /// <summary>Of a raster.</summary>
    public static RasterChart Of(string name, SpikeRaster raster)
    {
        int perColumn = ((raster.StepCount - 1) / MostColumns) + 1,
            perRow = ((raster.NeuronCount - 1) / MostRows) + 1,
            columns = (raster.StepCount + perColumn - 1) / perColumn;
        SortedSet<int> cells = [];
        for (int t = 0; t < raster.StepCount; t++)
        {
            foreach (ushort neuron in raster.At(t))
                cells.Add((neuron / perRow * columns) + (t / perColumn));
        }
        return new RasterChart(name, raster.NeuronCount, raster.StepCount, raster.SpikeCount, perColumn, perRow, [.. cells]);
    }
}
