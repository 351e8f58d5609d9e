using Rouser.Core;
using Rouser.Results;
using Rouser.Storage.Parquet;
using static Rouser.Storage.Tests.Parquet.TestTables;

namespace Rouser.Storage.Tests.Parquet;

/// <summary>
/// What <see cref="ParquetTableWriter"/> writes, <see cref="ParquetTableReader"/> reads: in one row group, and in
/// many.
/// </summary>
public sealed class ParquetTableTests
{
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
        for (int seed = 0; seed < 4; seed++)
            AssertRoundTrip(Writable(TestTables.Random(seed, rows)));
    }

    [Fact]
    public void Doubles_keep_their_bits()
    {
        double[] values =
        [
            0.0,
            -0.0,
            double.NaN,
            double.PositiveInfinity,
            double.NegativeInfinity,
            double.Epsilon,
            double.MinValue,
            0.1,
            -0.0,
            0.0,
        ];
        AssertRoundTrip(
            Of(new Column<double>("x", values), new Column<double>("y", values, Fill(values.Length, row => row == 2)))
        );
    }

    [Fact]
    public void A_column_of_not_a_number_comes_back() => AssertRoundTrip(Of(new Column<double>("x", Fill(100, _ => double.NaN))));

    [Fact]
    public void Extremes_of_integers_and_times_come_back() =>
        AssertRoundTrip(
            Of(
                new Column<int>("int", [int.MinValue, 0, int.MaxValue]),
                new Column<long>("long", [long.MinValue, 0, long.MaxValue]),
                new Column<DateTimeOffset>(
                    "time",
                    [
                        DateTimeOffset.MinValue,
                        DateTimeOffset.UnixEpoch.AddMilliseconds(-1),
                        DateTimeOffset.MaxValue.AddTicks(-9999),
                    ]
                )
            )
        );

    [Fact]
    public void A_time_comes_back_in_utc_to_the_millisecond()
    {
        var written = new DateTimeOffset(1926, 3, 1, 12, 0, 0, TimeSpan.FromHours(2)).AddTicks(19_999);
        Table read = RoundTrip(Of(new Column<DateTimeOffset>("t", [written])));
        DateTimeOffset time = Assert.Single(Assert.IsType<Column<DateTimeOffset>>(read.Columns[0]).Values);
        Assert.Equal(TimeSpan.Zero, time.Offset);
        Assert.Equal(written.AddTicks(-9_999), time);
    }

    [Fact]
    public void Empty_long_and_foreign_texts_come_back() =>
        AssertRoundTrip(
            Of(
                new Column<string>(
                    "söme täxt",
                    [
                        "",
                        " ",
                        "a\nb\"c,",
                        "日本語",
                        "\uFFFD",
                        new string('x', 300_000),
                        string.Concat(Enumerable.Repeat("漢é", 50_000)),
                        "\0",
                    ]
                )
            )
        );

    [Fact]
    public void A_table_without_rows_keeps_its_columns()
    {
        AssertRoundTrip(Writable(TestTables.Random(seed: 1, rows: 0)));
    }

    [Fact]
    public void A_name_may_hold_dots_and_spaces() =>
        AssertRoundTrip(
            Of(
                new Column<double>("surrogate.tau", [0.5]),
                new Column<string>("surrogate", ["exponential"]),
                new Column<int>("a b/c\"'", [1])
            )
        );

    [Fact]
    public void A_nullable_column_without_a_null_stays_nullable() =>
        AssertRoundTrip(
            Of(
                new Column<int>("int", [1, 2, 3], [false, false, false]),
                new Column<string>("text", ["", "a", "b"], [false, false, false])
            )
        );

    [Fact]
    public void A_column_of_nulls_comes_back() =>
        AssertRoundTrip(
            Of(
                new Column<string>("text", new string[20], Fill(20, _ => true)),
                new Column<double>("double", new double[20], Fill(20, _ => true)),
                new Column<bool>("bool", new bool[20], Fill(20, _ => true)),
                new Column<DateTimeOffset>("time", new DateTimeOffset[20], Fill(20, _ => true))
            )
        );

    [Fact]
    public void The_same_table_gives_the_same_bytes()
    {
        Table table = Writable(TestTables.Random(seed: 3, rows: 2000));
        Table again = Writable(TestTables.Random(seed: 3, rows: 2000)) with
        {
            Metadata = table.Metadata.Reverse().ToDictionary(),
        };
        Assert.Equal(Bytes(table), Bytes(again));
    }

    [Fact]
    public void A_table_that_is_none_is_refused()
    {
        Assert.Throws<ArgumentException>(() => Bytes(Of()));
        Assert.Throws<ArgumentException>(() => Bytes(Of(new Column<int>("a", [1]), new Column<int>("b", [1, 2]))));
        Assert.Throws<ArgumentException>(() => Bytes(Of(new Column<int>("a", [1]), new Column<long>("a", [1]))));
        Assert.Throws<ArgumentException>(() => Bytes(Of(new Column<string>("a", [null!]))));
        Assert.Throws<ArgumentException>(() => Bytes(Of(new Column<string>("a", ["🧠"]))));
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
        Result<Table> read = Read(System.Text.Encoding.Latin1.GetBytes(text));
        Assert.Equal("test.parquet", Assert.Single(read.Errors).Location);
    }

    [Fact]
    public void A_truncated_file_is_a_mistake()
    {
        byte[] bytes = Bytes(Writable(TestTables.Random(seed: 4, rows: 50)));
        for (int length = 0; length < bytes.Length; length += 7)
            Assert.Single(Read(bytes[..length]).Errors);
    }

    // A trial's id stands in hundreds of rows of a large table, and a string each took most of the memory.
    [Fact]
    public void A_text_that_comes_again_is_one_string()
    {
        string[] ids = Fill(1000, row => string.Concat("trial ", (row / 250).ToString()));
        string[] read = Assert
            .IsType<Column<string>>(RoundTrip(Of(new Column<string>("id", ids)), rowGroupRows: 300).Columns[0])
            .Values;
        Assert.Equal(ids, read);
        Assert.Equal(4, read.Distinct(ReferenceEqualityComparer.Instance).Count());
    }

    // Of a large table no more than a row group is in memory.
    [Fact]
    public void Rows_of_some_keys_come_from_the_row_groups_that_have_them()
    {
        string[] keys = [.. Enumerable.Range(0, 100).Select(row => $"t{row / 7}")];
        Table table = new(
            "layers",
            [
                new Column<string>("trial", keys),
                new Column<int>("row", [.. Enumerable.Range(0, 100)]),
                new Column<double>("x", new double[100], [.. Enumerable.Range(0, 100).Select(row => row % 2 == 0)]),
                new Column<bool>("other", new bool[100]),
            ],
            new Dictionary<string, string>()
        );
        using var stream = new MemoryStream(Bytes(table, rowGroupRows: 10));
        IReadOnlyList<Table> parts = ParquetTableReader
            .ReadRows(
                stream,
                "layers",
                new HashSet<string> { "row", "x" },
                "trial",
                new HashSet<string> { "t1", "t9", "elsewhere" }
            )
            .Value;
        // 7 to 13 and 63 to 69, in groups of ten.
        Assert.Equal([3, 4, 7], parts.Select(part => part.RowCount));
        Assert.Equal(
            [7, 8, 9, 10, 11, 12, 13, 63, 64, 65, 66, 67, 68, 69],
            parts.SelectMany(part => ((Column<int>)part.Find("row")!).Values)
        );
        Assert.All(parts, part => Assert.Equal(["row", "x"], part.Columns.Select(c => c.Name)));
        Assert.True(parts[0].Find("x")!.IsNull(1));
        Assert.False(parts[0].Find("x")!.IsNull(0));
    }

    private static void AssertRoundTrip(Table table)
    {
        AssertSame(table, RoundTrip(table));
        AssertSame(table, RoundTrip(table, rowGroupRows: 64));
    }

    private static Table RoundTrip(Table table, int rowGroupRows = 128 * 1024)
    {
        Result<Table> read = Read(Bytes(table, rowGroupRows));
        Assert.True(read.IsOk, string.Join("; ", read.Errors));
        return read.Value;
    }

    private static byte[] Bytes(Table table, int rowGroupRows = 128 * 1024)
    {
        using var stream = new MemoryStream();
        ParquetTableWriter.Write(stream, table, rowGroupRows);
        return stream.ToArray();
    }

    private static Result<Table> Read(byte[] bytes)
    {
        using var stream = new MemoryStream(bytes);
        return ParquetTableReader.Read(stream, "test.parquet");
    }
}
