using Rouser.Reports.Figures;

namespace Rouser.Reports.Tests.Figures;

public sealed class AxisTests
{
    [Theory]
    [InlineData(0, 100, 0, 100)]
    [InlineData(11.3, 97.2, 0, 100)]
    [InlineData(0.23, 1.41, 0, 1.5)]
    [InlineData(1.25, 1.25, 1.1, 1.4)]
    [InlineData(-0.3, 0.9, -0.5, 1)]
    [InlineData(1e-5, 9e-5, 0, 1e-4)]
    public void Ends_are_round_and_hold_the_values(double low, double high, double expectedLow, double expectedHigh)
    {
        Axis axis = Axis.Nice(low, high);
        Assert.Equal(expectedLow, axis.Low, 1e-9);
        Assert.Equal(expectedHigh, axis.High, 1e-9);
        Assert.InRange(axis.Ticks.Count, 3, 8);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(10)]
    [InlineData(40)]
    [InlineData(100)]
    [InlineData(1000)]
    public void Epochs_are_marked_at_whole_numbers_within_the_range(int epochs)
    {
        Axis axis = Axis.Epochs(epochs);
        Assert.All(axis.Ticks, t => Assert.InRange(t, 1, epochs));
        Assert.All(axis.Ticks, t => Assert.Equal(Math.Round(t), t));
        Assert.InRange(axis.Ticks.Count, 1, 12);
        Assert.True(axis.High > axis.Low);
    }

    [Theory]
    [InlineData(100, 100)]
    [InlineData(0, 0)]
    [InlineData(99.7, 100)]
    public void Percentages_end_at_0_and_100(double low, double high)
    {
        Axis axis = Axis.Percent([low, high]);
        Assert.InRange(axis.Low, 0, low);
        Assert.InRange(axis.High, high, 100);
        Assert.True(axis.High > axis.Low);
        Assert.All(axis.Ticks, t => Assert.InRange(t, axis.Low, axis.High));
    }

    [Theory]
    [InlineData(30, "middle")]
    [InlineData(30000, "end")]
    public void A_long_number_at_the_right_edge_is_not_cut_off(double high, string anchor)
    {
        Axis x = Axis.Nice(0, high);
        System.Text.StringBuilder svg = new();
        new Plane(42, 328, 42, 190, x, x).DrawXAxis(svg, "");
        Assert.Matches($"text-anchor=\"{anchor}\"[^>]*>{high}<", svg.ToString());
    }

    [Theory]
    [InlineData("0.25, 3, 3", 3)]
    [InlineData("[500, 500]", 1)]
    [InlineData("[24, 16], 0.5", 2)]
    public void Values_of_a_setting_stand_one_below_the_other_and_a_list_is_one_value(string label, int lines)
    {
        string[] split = Axis.Lines(label);
        Assert.Equal(lines, split.Length);
        Assert.Equal(label, string.Join(", ", split));
    }
}
