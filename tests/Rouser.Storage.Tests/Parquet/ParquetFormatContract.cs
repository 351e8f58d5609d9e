using Rouser.Core;
using Rouser.Core.Metrics;
using Rouser.Storage.Parquet;
using static Rouser.Storage.Tests.Parquet.TestTables;

namespace Rouser.Storage.Tests.Parquet;

/// <summary>What every <see cref="IParquetFormat"/> must do. One class derives from it for each format of the build.</summary>
public abstract class ParquetFormatContract
{
    private protected abstract IParquetFormat Format { get; }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(7)]
    [InlineData(8)]
    [InlineData(9)]
    [InlineData(1000)]
    [InlineData(5003)]
    public void All_types_come_back_as_they_went(int rows)
    {
        for (int seed = 0; seed < 4; seed++) AssertRoundTrip(TestTables.Random(seed, rows));
    }

    [Fact]
    public void Doubles_keep_their_bits()
    {
        double[] values = [0.0, -0.0, double.NaN, double.PositiveInfinity, double.NegativeInfinity, double.Epsilon, double.MinValue, 0.1, -0.0, 0.0];
        AssertRoundTrip(Of(new Column<double>("x", values), new Column<double>("y", values, Fill(values.Length, row => row == 2))));
    }

    [Fact]
    public void A_column_of_not_a_number_comes_back() => AssertRoundTrip(Of(new Column<double>("x", Fill(100, _ => double.NaN))));

    [Fact]
    public void Extremes_of_integers_and_times_come_back() => AssertRoundTrip(Of(
        new Column<int>("int", [int.MinValue, 0, int.MaxValue]),
        new Column<long>("long", [long.MinValue, 0, long.MaxValue]),
        new Column<DateTimeOffset>("time", [DateTimeOffset.MinValue, DateTimeOffset.UnixEpoch.AddMicroseconds(-1), DateTimeOffset.MaxValue.AddTicks(-9)])));

    [Fact]
    public void A_time_comes_back_in_utc_to_the_microsecond()
    {
        var written = new DateTimeOffset(2026, 3, 1, 12, 0, 0, TimeSpan.FromHours(2)).AddTicks(19);
        Table read = RoundTrip(Of(new Column<DateTimeOffset>("t", [written])));
        DateTimeOffset time = Assert.Single(Assert.IsType<Column<DateTimeOffset>>(read.Columns[0]).Values);
        Assert.Equal(TimeSpan.Zero, time.Offset);
        Assert.Equal(written.AddTicks(-9), time);
    }

    [Fact]
    public void Empty_long_and_foreign_texts_come_back() => AssertRoundTrip(Of(new Column<string>(
        "söme täxt", ["", " ", "a\nb\"c,", "日本語", "🧠🧠", new string('x', 300_000), string.Concat(Enumerable.Repeat("漢🧠", 50_000)), "\0"])));

    [Fact]
    public void A_table_without_rows_keeps_its_columns()
    {
        AssertRoundTrip(TestTables.Random(seed: 1, rows: 0));
    }

    [Fact]
    public void A_name_may_hold_dots_and_spaces() => AssertRoundTrip(Of(
        new Column<double>("surrogate.tau", [0.5]), new Column<string>("surrogate", ["exponential"]), new Column<int>("a b/c\"'", [1])));

    [Fact]
    public void A_nullable_column_without_a_null_stays_nullable() => AssertRoundTrip(Of(
        new Column<int>("int", [1, 2, 3], [false, false, false]), new Column<string>("text", ["", "a", "b"], [false, false, false])));

    [Fact]
    public void A_column_of_nulls_comes_back() => AssertRoundTrip(Of(
        new Column<string>("text", new string[20], Fill(20, _ => true)),
        new Column<double>("double", new double[20], Fill(20, _ => true)),
        new Column<bool>("bool", new bool[20], Fill(20, _ => true)),
        new Column<DateTimeOffset>("time", new DateTimeOffset[20], Fill(20, _ => true))));

    [Fact]
    public void The_same_table_gives_the_same_bytes()
    {
        Table table = TestTables.Random(seed: 3, rows: 2000);
        Table again = TestTables.Random(seed: 3, rows: 2000) with { Metadata = table.Metadata.Reverse().ToDictionary() };
        Assert.Equal(Bytes(table), Bytes(again));
    }

    [Fact]
    public void Our_own_reader_reads_it()
    {
        Table table = TestTables.Random(seed: 5, rows: 3000);
        AssertSame(table, Read(ParquetFormats.BuiltIn, Bytes(table)).Value);
    }

    [Fact]
    public void It_reads_what_our_own_writer_wrote()
    {
        Table table = TestTables.Random(seed: 6, rows: 3000);
        using var stream = new MemoryStream();
        ParquetFormats.BuiltIn.Write(stream, table);
        AssertSame(table, Read(Format, stream.ToArray()).Value);
    }

    [Fact]
    public void A_table_that_is_none_is_refused()
    {
        Assert.Throws<ArgumentException>(() => Bytes(Of()));
        Assert.Throws<ArgumentException>(() => Bytes(Of(new Column<int>("a", [1]), new Column<int>("b", [1, 2]))));
        Assert.Throws<ArgumentException>(() => Bytes(Of(new Column<int>("a", [1]), new Column<long>("a", [1]))));
        Assert.Throws<ArgumentException>(() => Bytes(Of(new Column<string>("a", [null!]))));
        Assert.Throws<ArgumentException>(() => Bytes(Of(new Column<int>("a", [1, 2], [true]))));
        Assert.Throws<ArgumentException>(() => Bytes(Of(new Column<float>("a", [1]))));
    }

    [Theory]
    [InlineData("")]
    [InlineData("PAR1")]
    [InlineData("PAR1PAR1")]
    [InlineData("PAR1\0\0\0\0PAR1")]
    [InlineData("PAR1\u007f\u007f\u007f\u007fPAR1")]
    [InlineData("trial,epoch,accuracy\n1,2,0.5\n")]
    public void What_is_no_parquet_is_one_mistake_with_the_files_name(string text)
    {
        Result<Table> read = Read(Format, System.Text.Encoding.Latin1.GetBytes(text));
        Assert.Equal("test.parquet", Assert.Single(read.Mistakes).Place);
    }

    [Fact]
    public void A_truncated_file_is_a_mistake()
    {
        byte[] bytes = Bytes(TestTables.Random(seed: 4, rows: 50));
        for (int length = 0; length < bytes.Length; length += 7) Assert.Single(Read(Format, bytes[..length]).Mistakes);
    }

    [Fact]
    public void Flipped_bytes_give_a_table_or_a_mistake_but_never_an_exception() =>
        Damage.AssertSurvived(Format, Bytes(TestTables.Random(seed: 4, rows: 40)), Mutations);

    /// <summary>How many damaged files to try.</summary>
    private protected virtual int Mutations => 300;

    private void AssertRoundTrip(Table table) => AssertSame(table, RoundTrip(table));

    private Table RoundTrip(Table table)
    {
        Result<Table> read = Read(Format, Bytes(table));
        Assert.True(read.IsOk, string.Join("; ", read.Mistakes));
        return read.Value;
    }

    private byte[] Bytes(Table table)
    {
        using var stream = new MemoryStream();
        Format.Write(stream, table);
        return stream.ToArray();
    }

    private static Result<Table> Read(IParquetFormat format, byte[] bytes)
    {
        using var stream = new MemoryStream(bytes);
        return format.Read(stream, "test.parquet");
    }
}
