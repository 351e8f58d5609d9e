using System.Text;
using Rouser.Data.Formats;
using Rouser.Data.Recordings;

namespace Rouser.Data.Tests.Formats;

public class CsvEventDecoderTests
{
    private const string Guess =
        "; columns without names are read as t, x, y, p: name the columns in a first line, t,x,y,p, or say their order with dataset.columns";

    [Fact]
    public void Without_names_the_columns_are_t_x_y_p() =>
        Assert.Equal([new(5, 1, 2, true), new(1_000_000, 3, 0, false)], Decode("5,1,2,1\n1e6, 3, 0, 0").Value);

    [Fact]
    public void Names_may_come_in_any_order_and_foreign_columns_are_passed_over() =>
        Assert.Equal(
            [new(5, 1, 2, true), new(7, 3, 0, false)],
            Decode(
                "# from a camera\r\nx;y;polarity;note;timestamp\r\n1;2;True;hello;5.9\r\n3;0;-1;;7\r\n".Replace(";;", ";-;")
            ).Value
        );

    [Fact]
    public void Row_and_polarity_may_be_missing() => Assert.Equal([new(5, 1, 0, true)], Decode("time unit\n5 1").Value);

    [Theory]
    [InlineData("5,1,2,1\n6,9,0,0", "e.csv:2: has x '9'; the sensor has 0 to 7" + Guess)]
    [InlineData("5,1,-2,1", "e.csv:1: has y '-2'; the sensor has 0 to 3" + Guess)]
    [InlineData("5,1,2,7", "e.csv:1: has the polarity '7'; expected is 0 or 1" + Guess)]
    [InlineData("NaN,1,2,1", "e.csv:1: has the time 'NaN', which is no number of us" + Guess)]
    [InlineData(
        "1e99,1,2,1",
        "e.csv:1: has the time '1e99', which is no number of us; it is too large; if times are in another unit, set dataset.time_unit"
            + Guess
    )]
    [InlineData("5,1,2,1\n6,1", "e.csv:2: holds 2 fields, too few")]
    [InlineData(
        "7,5,1,2,1",
        "e.csv:1: holds 5 columns without names; name them in a first line, t,x,y,p, or say their order with dataset.columns, such as y,x,_,p,t"
    )]
    [InlineData("1,2,1,5000", "e.csv:1: has the polarity '5000'; expected is 0 or 1" + Guess)]
    [InlineData("t,x,y,p\n5,1,,1", "e.csv:2: has y ''; the sensor has 0 to 3")]
    [InlineData("t,x,y,p\n5,1.5,2,1", "e.csv:2: has x '1.5'; the sensor has 0 to 7")]
    [InlineData("t,x,y,p\n5,1,2,NaN", "e.csv:2: has the polarity 'NaN'; expected is 0 or 1")]
    [InlineData("t,x,y,p\n5,\"1,2,1\n6,1,2,1\n", "e.csv:2: opens a quote that does not close on the line")]
    [InlineData("t [ticks],x,y,p\n5,1,2,1", "e.csv:1: gives times in 'ticks'; known are s, ms, us and ns")]
    [InlineData("t,x,X,p\n5,1,2,1", "e.csv:1: names two columns x; say which it is with dataset.columns")]
    [InlineData(
        "1,2,1\n5,1,2,1\n",
        "e.csv:2: holds 4 columns, the first line 3; name the columns in a first line, t,x,y,p, or say their order with dataset.columns"
    )]
    [InlineData(
        "a,b\n1,2",
        "e.csv:1: holds no number and names no column t or none x ('a', 'b'); "
            + "name the columns there, t,x,y,p, or say their order with dataset.columns"
    )]
    [InlineData("\n# nothing\n", "e.csv: holds no events; take it away, or write it again")]
    [InlineData("t,x,y,p\r\n", "e.csv: holds no events; take it away, or write it again")]
    [InlineData("", "e.csv: holds no events; take it away, or write it again")]
    // R's write.table: a row number that has no name. And a decimal comma.
    [InlineData(
        "t x y p\n1 5 1 2 1\n",
        "e.csv:2: holds 5 columns, the first line 4; name every column, and write decimals with a point"
    )]
    [InlineData(
        "t,x,y,p\n0,5,1,1,1\n",
        "e.csv:2: holds 5 columns, the first line 4; name every column, and write decimals with a point"
    )]
    [InlineData("t;x;y;p\n0,005;1;2;1\n", "e.csv:2: has the time '0,005', which is no number of us; write decimals with a point")]
    // A disk that was full, and a text of 16-bit characters without a mark.
    [InlineData(
        "t,x,y,p\n5,1,2,1\n7\0\0\0,3,0,0\n",
        "e.csv:3: holds bytes of zero; it is damaged, or text in UTF-16 that has to be saved as UTF-8"
    )]
    [InlineData(
        "t\0,\0x\0\n\05\0,\01\0\n\0",
        "e.csv:1: holds bytes of zero; it is damaged, or text in UTF-16 that has to be saved as UTF-8"
    )]
    [InlineData("t,x,y,p\n5,1,2,1\nt,x,y,p\n6,1,2,1\n", "e.csv:3: has the time 't', which is no number of us")]
    [InlineData("t,x,y,p\n5,65536000001,2,1\n", "e.csv:2: has x '65536000001'; the sensor has 0 to 7")]
    [InlineData("t,x,y,p\n5,1,2,0.5\n", "e.csv:2: has the polarity '0.5'; expected is 0 or 1")]
    public void A_wrong_line_is_named(string text, string mistake) =>
        Assert.Equal(mistake, Assert.Single(Decode(text).Errors).ToString());

    [Fact]
    public void Ten_thousand_damaged_files_end_in_events_or_one_mistake()
    {
        byte[] named = Encoding.UTF8.GetBytes(
            "t,x,y,p\n" + string.Concat(Enumerable.Range(0, 60).Select(i => $"{i * 10},{i % 8},{i % 4},{i % 2}\n"))
        );
        byte[] plain = Encoding.UTF8.GetBytes(
            string.Concat(Enumerable.Range(0, 60).Select(i => $"{i * 10}.5 {i % 8} {i % 4}\n"))
        );
        byte[] quoted = Encoding.UTF8.GetBytes(
            "\uFEFF\"\";\"t [ms]\";\"x\";\"y\";\"p\"\r"
                + string.Concat(Enumerable.Range(0, 60).Select(i => $"{i};\"{i}.25\";{i % 8}.0;\"{i % 4}\";-1\r"))
        );
        Mutations.Check(
            [named, plain, quoted],
            stream => CsvEventDecoder.Decode(stream, "e.csv", 8, 4).Then<SensorEvent[]>(r => r.Events),
            8,
            4,
            "e.csv"
        );
    }

    [Theory]
    [InlineData("t\tx\ty\tp\n5\t1\t2\t1\n7\t3\t0\t0\n")]
    [InlineData("t,x,y,p\r5,1,2,1\r7,3,0,0\r")]
    [InlineData("\uFEFFt,x,y,p\n5,1,2,1\n7,3,0,0")]
    [InlineData(",t,x,y,p\n0,5,1,2,1\n1,7,3,0,0\n")]
    [InlineData("\"t\",\"x\",\"y\",\"p\"\n\"5\",\"1\",\"2\",\"1\"\n\"7\",\"3\",\"0\",\"0\"\n")]
    [InlineData("t,x,y,p\n5.0,1.0,2.0,1.0\n7.0,3.0,0.0,0.0\n")]
    [InlineData("t [us],x [px],y [px],p\n5,1,2,1\n7,3,0,0\n")]
    [InlineData("t,temp,x,y,p,flag\n5,,1,2,1,0\n7,,3,0,-1,0\n")]
    [InlineData("polarity | timestamp | x | y\ntrue | 5 | 1 | 2\nfalse | 7 | 3 | 0\n")]
    [InlineData("t   x  y  p\n  5   1  2  1\n\n# a note\n  7   3  0  0\n")]
    [InlineData("t (ms),x,y,p\n0.005,1,2,1\n0.0070001,3,0,0\n")]
    [InlineData("time_ns,x,y,p\n5999,1,2,1\n7000,3,0,0\n")]
    [InlineData("seconds,x,y,p\n0.000005,1,2,1\n0.000007,3,0,0\n")]
    [InlineData("t,x,y,p,\n5,1,2,1,\n7,3,0,0,\n")]
    [InlineData("5,1,2,1,\n7,3,0,0,,\n")]
    [InlineData("# by numpy.savetxt\n# x,y,p,t\n1,2,1,5\n3,0,0,7\n")]
    [InlineData("# y x p t\n2.0e+00 1.0e+00 1.0e+00 5.0e+00\n0 3 -1 7\n")]
    [InlineData("#p, t [us], y, x\r\n1 5 2 1\r\n0 7 0 3")]
    [InlineData("# these are events of a camera\n5 1 2 1\n7 3 0 0\n")]
    [InlineData("t,x,y,p\n7,3,0,-1.0\n5,1,2,+1\n")]
    [InlineData("\uFEFF\r\n\r\nT;X;Y;P\r\n5;1;2;ON\r\n7;3;0;off\r\n")]
    public void The_same_two_events_in_every_hand_are_the_same(string text)
    {
        SensorEvent[] expected = [new(5, 1, 2, true), new(7, 3, 0, false)];
        Assert.Equal(expected, Decode(text).Value.OrderBy(e => e.Microseconds));
    }

    // Decimal commas, Excel's first line, a page or a pointer in place of the file: what the first line holds is shown.
    [Theory]
    [InlineData("0,5;1,0;2,0;1,0\n", "('0,5', '1,0', '2,0', '1,0'); write decimals with a point")]
    [InlineData("sep=;\nt;x;y;p\n5;1;2;1\n", "('sep=', ''); name the columns there")]
    [InlineData("{\"t\":5}\n", "('{\"t\":5}'); name the columns there")]
    [InlineData("x,y,p\n1,2,1\n", "('x', 'y', 'p'); name the columns there")]
    public void A_first_line_without_a_time_and_a_place_is_shown(string text, string shown) =>
        Assert.Contains(
            $"e.csv:1: holds no number and names no column t or none x {shown}",
            Assert.Single(Decode(text).Errors).ToString(),
            StringComparison.Ordinal
        );

    [Fact]
    public void What_the_user_says_of_columns_and_unit_counts()
    {
        SensorEvent[] expected = [new(5, 1, 2, true), new(7, 3, 0, false)];
        Assert.Equal(expected, Decode("2,1,9,1,0.005\n0,3,9,0,0.007\n", new(TimeUnit.Ms, "y,x,_,p,t")).Value);
        Assert.Equal(expected, Decode("row,spalte,zeit\n2,1,5\n", new(TimeUnit.Us, "y,x,t")).Value.Concat([expected[1]]));
        Assert.Equal(
            "e.csv:1: holds 3 columns, but dataset.columns names 2",
            Assert.Single(Decode("1,2,3", new(TimeUnit.Us, "t,x")).Errors).ToString()
        );
        Assert.Equal(
            "e.csv:1: gives times in s, but dataset.time_unit is ms; leave dataset.time_unit out",
            Assert.Single(Decode("t [s],x\n1,2", new(TimeUnit.Ms)).Errors).ToString()
        );
    }

    [Theory]
    [InlineData("5,1,2,1\n", "columns without names are read as t, x, y, p")]
    [InlineData("t [s],x,y,p\n5,1,2,1\n", "times are read in s, as their column's name says")]
    [InlineData("t,x,y,p\n5,1,2,1\n", "")]
    [InlineData("t,x,y,sign\n5,1,2,-1\n", "no polarity is named, so every event is taken as ON")]
    [InlineData("t,x,p\n5,1,1\n", "no row (y) is named, so every event is taken to lie in row 0")]
    [InlineData(
        "5,1\n",
        "columns without names are read as t, x; neither row (y) nor polarity is named, so every event is taken as ON and in row 0"
    )]
    [InlineData("# x y t p\n1 2 5 1\n", "columns are read as the comment before them names them, x, y, t, p")]
    public void What_is_assumed_is_said(string text, string remark)
    {
        using MemoryStream stream = new(Encoding.UTF8.GetBytes(text));
        Assert.Equal(remark, CsvEventDecoder.Decode(stream, "e.csv", 8, 4).Value.Remark);
    }

    private static Result<SensorEvent[]> Decode(string text, EventFileOptions? options = null)
    {
        using MemoryStream stream = new(Encoding.UTF8.GetBytes(text));
        return CsvEventDecoder.Decode(stream, "e.csv", 8, 4, options).Then<SensorEvent[]>(r => r.Events);
    }
}
