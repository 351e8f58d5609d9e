using Rouser.Web.Charts;
using Rouser.Web.Tests.Browser;

namespace Rouser.Web.Tests.Charts;

public sealed class RasterChartTests
{
    [Fact]
    public void A_small_raster_has_a_cell_for_each_spike()
    {
        RasterChart chart = RasterChart.Of("layer 1", KeptSamples.Raster(4, 10, (0, 3), (2, 0), (2, 1), (9, 3)));
        Assert.Equal((1, 1, 4, 10, 4), (chart.StepsPerColumn, chart.NeuronsPerRow, chart.Neurons, chart.Steps, chart.Spikes));
        Assert.Equal([2, 12, 30, 39], chart.Cells);
    }

    [Fact]
    public void A_large_one_is_bounded_and_every_spike_is_in_a_cell()
    {
        RasterChart chart = RasterChart.Of("input", KeptSamples.Raster(2312, 1000, (0, 0), (1, 1), (999, 2311)));
        Assert.Equal((3, 15), (chart.StepsPerColumn, chart.NeuronsPerRow));
        // 334 columns, 155 rows: the first two spikes share a cell.
        Assert.Equal([0, (154 * 334) + 333], chart.Cells);
        Assert.True((1000 + chart.StepsPerColumn - 1) / chart.StepsPerColumn <= RasterChart.MostColumns);
        Assert.True((2312 + chart.NeuronsPerRow - 1) / chart.NeuronsPerRow <= RasterChart.MostRows);
    }
}
