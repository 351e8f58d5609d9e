namespace Rouser.Results.Tests;

public class HistogramTextTests
{
    [Theory]
    [InlineData(new[] { 500 }, "[500]")]
    [InlineData(new[] { 3, 0, 17 }, "[3, 0, 17]")]
    public void Counts_come_back_from_their_text(int[] counts, string text)
    {
        Assert.Equal(text, HistogramText.Write(counts));
        Assert.Equal(counts, HistogramText.Read(text));
    }

    [Fact]
    public void No_counts_have_no_text() => Assert.Null(HistogramText.Write(null));

    [Theory]
    [InlineData("")]
    [InlineData("[]")]
    [InlineData("[")]
    [InlineData("3, 4")]
    [InlineData("[3, -1]")]
    [InlineData("[3, 4.5]")]
    [InlineData("[99999999999]")]
    public void Other_text_is_none(string text) => Assert.Null(HistogramText.Read(text));
}
