using System.Text;
using Rouser.Core.Data;
using Rouser.Core.Data.Formats;

namespace Rouser.Core.Tests.Data.Formats;

public class CsvEventDecoderTests
{
    [Fact]
    public void Without_names_the_columns_are_t_x_y_p() =>
        Assert.Equal([new(5, 1, 2, true), new(1_000_000, 3, 0, false)], Decode("5,1,2,1\n1e6, 3, 0, 0").Value);

    [Fact]
    public void Names_may_come_in_any_order_and_foreign_columns_are_passed_over() =>
        Assert.Equal([new(5, 1, 2, true), new(7, 3, 0, false)], Decode("# from a camera\r\nx;y;polarity;note;timestamp\r\n1;2;True;hello;5.9\r\n3;0;-1;;7\r\n".Replace(";;", ";-;")).Value);

    [Fact]
    public void Row_and_polarity_may_be_missing() => Assert.Equal([new(5, 1, 0, true)], Decode("time unit\n5 1").Value);

    [Theory]
    [InlineData("5,1,2,1\n6,9,0,0", "e.csv:2: has x '9'; the sensor has 0 to 7")]
    [InlineData("5,1,-2,1", "e.csv:1: has y '-2'; the sensor has 0 to 3")]
    [InlineData("5,1,2,7", "e.csv:1: has the polarity '7'; expected is 0 or 1")]
    [InlineData("NaN,1,2,1", "e.csv:1: names no column t or none x")]
    [InlineData("1e99,1,2,1", "e.csv:1: has the time '1e99', which is no number of µs")]
    [InlineData("5,1,2,1\n6,1", "e.csv:2: holds 2 fields, too few")]
    [InlineData("a,b\n1,2", "e.csv:1: names no column t or none x")]
    [InlineData("\n# nothing\n", "e.csv: holds no events")]
    public void A_wrong_line_is_named(string text, string mistake) => Assert.Equal(mistake, Assert.Single(Decode(text).Mistakes).ToString());

    [Fact]
    public void Ten_thousand_damaged_files_end_in_events_or_one_mistake()
    {
        byte[] named = Encoding.UTF8.GetBytes("t,x,y,p\n" + string.Concat(Enumerable.Range(0, 60).Select(i => $"{i * 10},{i % 8},{i % 4},{i % 2}\n")));
        byte[] plain = Encoding.UTF8.GetBytes(string.Concat(Enumerable.Range(0, 60).Select(i => $"{i * 10}.5 {i % 8} {i % 4}\n")));
        Mutations.Check([named, plain], stream => CsvEventDecoder.Decode(stream, "e.csv", 8, 4), 8, 4, "e.csv");
    }

    private static Result<SensorEvent[]> Decode(string text)
    {
        using MemoryStream stream = new(Encoding.UTF8.GetBytes(text));
        return CsvEventDecoder.Decode(stream, "e.csv", 8, 4);
    }
}
