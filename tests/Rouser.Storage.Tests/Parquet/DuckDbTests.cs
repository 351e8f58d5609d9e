using System.Globalization;
using System.Numerics;
using System.Text;
using System.Text.Json.Nodes;
using Rouser.Results;
using Rouser.Storage.Parquet;
using Rouser.Testing;
using static Rouser.Storage.Tests.Parquet.TestTables;

namespace Rouser.Storage.Tests.Parquet;

/// <summary>What we write, read by DuckDB; and what DuckDB writes, read by us.</summary>
[Trait("Needs", DuckDb.Trait)]
public sealed class DuckDbTests
{
    private const int Rows = 3000;

    private static readonly Comparer<byte[]> ByBytes = Comparer<byte[]>.Create((x, y) => x.AsSpan().SequenceCompareTo(y));

    [SkippableTheory]
    [InlineData(1024)]
    [InlineData(Rows)]
    public void DuckDb_finds_what_was_written(int rowGroupRows)
    {
        DuckDb.Require();
        using var folder = new TemporaryFolder();
        Table table = Writable(TestTables.Random(seed: 11, Rows));
        JsonNode found = DuckDb.Check(Write(folder, "table", table, rowGroupRows));

        Assert.Equal(Rows.ToString(CultureInfo.InvariantCulture), Text(found["rows"]));
        Assert.Equal(
            table.Metadata.OrderBy(p => p.Key, StringComparer.Ordinal),
            found["metadata"]!.AsArray().Select(p => new KeyValuePair<string, string>(Text(p!["key"])!, Text(p["value"])!))
        );
        Assert.Equal(table.Columns.Select(Expected), found["columns"]!.AsArray().Select(Found!));
        Assert.Equal(
            table.Columns.Select(c => c.Nullable ? "OPTIONAL" : "REQUIRED"),
            found["schema"]!.AsArray().Skip(1).Select(s => Text(s!["repetition_type"]))
        );
        foreach ((Column column, JsonNode? totals) in table.Columns.Zip(found["columns"]!.AsArray()))
            AssertSum(column, totals!);
        foreach (JsonNode? chunk in found["chunks"]!.AsArray())
            AssertStatistics(table, chunk!, rowGroupRows);
    }

    // DuckDB skips row groups by the bounds in the footer, and where one is wrong its answer is: those of
    // Parquet.Net's defaults lose rows of times in microseconds, of NaN and of texts beyond the basic plane.
    [SkippableFact]
    public void DuckDb_answers_every_WHERE_on_every_column_as_from_memory()
    {
        DuckDb.Require();
        using var folder = new TemporaryFolder();
        ResultTables run = OldTablesTests.Tables("built-in");
        List<string> files = [];
        foreach (Table table in (Table[])[run.Trials, run.Epochs, run.Layers, Awkward()])
        {
            files.Add(Write(folder, table.Name, table, rowGroupRows: 7));
            files.Add(Write(folder, table.Name + "-empty", Head(table, rows: 0)));
        }
        files.Add(Write(folder, "random", Writable(TestTables.Random(seed: 12, rows: 200)), rowGroupRows: 50));

        JsonArray answers = DuckDb.Where([.. files]).AsArray();
        Assert.Equal(files, answers.Select(a => a!["file"]!.GetValue<string>()));
        Assert.All(answers, a => Assert.Empty(a!["differ"]!.AsArray().Select(d => d!.ToJsonString())));
        Assert.True(answers.Sum(a => a!["asked"]!.GetValue<int>()) > 5000);
    }

    // What Parquet.Net cannot read it has to refuse; wrong values would be worse.
    [SkippableFact]
    public void We_read_what_DuckDb_writes()
    {
        DuckDb.Require();
        using var folder = new TemporaryFolder();
        DuckDb.WriteTo(folder.File());
        Table written = WrittenByDuckDb();
        foreach (string codec in (string[])["uncompressed", "snappy", "gzip", "zstd"])
        {
            AssertSame(written, Read(folder, $"v1-{codec}").Value);
            Core.Result<Table> newer = Read(folder, $"v2-{codec}");
            if (newer.IsOk)
                AssertSame(written with { Columns = [written.Find("b")!, written.Find("few")!] }, newer.Value);
        }
        Core.Result<Table> delta = Read(folder, "delta");
        if (delta.IsOk)
            AssertSame(written with { Columns = [written.Find("i")!] }, delta.Value);
    }

    private static Core.Result<Table> Read(TemporaryFolder folder, string name)
    {
        using FileStream file = File.OpenRead(folder.File(name + ".parquet"));
        return ParquetTableReader.Read(file, name);
    }

    private static string Write(TemporaryFolder folder, string name, Table table, int rowGroupRows = Rows)
    {
        string path = folder.File(name + ".parquet");
        using FileStream file = File.Create(path);
        ParquetTableWriter.Write(file, table, rowGroupRows);
        return path;
    }

    private static Table Head(Table table, int rows) =>
        table with
        {
            Columns =
            [
                .. table.Columns.Select(column =>
                    (Column)(
                        column switch
                        {
                            Column<string> c => c with { Values = c.Values[..rows], Nulls = c.Nulls?[..rows] },
                            Column<double> c => c with { Values = c.Values[..rows], Nulls = c.Nulls?[..rows] },
                            Column<long> c => c with { Values = c.Values[..rows], Nulls = c.Nulls?[..rows] },
                            Column<int> c => c with { Values = c.Values[..rows], Nulls = c.Nulls?[..rows] },
                            Column<bool> c => c with { Values = c.Values[..rows], Nulls = c.Nulls?[..rows] },
                            Column<DateTimeOffset> c => c with { Values = c.Values[..rows], Nulls = c.Nulls?[..rows] },
                            _ => throw new ArgumentException(column.Name),
                        }
                    )
                ),
            ],
        };

    // In row groups of 7: columns that are null throughout or in a row group, NaN first, NaN last, both zeros in
    // either order, texts of every kind.
    private static Table Awkward()
    {
        const int n = 21;
        bool[] all = Fill(n, _ => true),
            middle = Fill(n, row => row / 7 == 1);
        string[] texts =
        [
            "",
            "a",
            "Z",
            "é",
            "漢",
            "\uD7FF",
            "\uE000",
            "\uFFFD",
            "\uFFFF",
            "\0",
            " ",
            "'",
            "\"",
            "%",
            "a\nb",
            new string('x', 500),
            "\\u{1F9E0}",
            "0",
            "NaN",
            "null",
            "z",
        ];
        return new Table(
            "awkward",
            [
                new Column<double>("double.null", new double[n], all),
                new Column<double>("double.middle", Fill(n, row => row + 0.5), middle),
                new Column<int>("int null", new int[n], all),
                new Column<int>("int middle", Fill(n, row => row + 3), middle),
                new Column<int>("int below", Fill(n, row => row - 30), middle),
                new Column<long>("long null", new long[n], all),
                new Column<long>("long middle", Fill(n, row => long.MaxValue - row), middle),
                new Column<string>("text null", new string[n], all),
                new Column<string>("text middle", texts, middle),
                new Column<bool>("bool null", new bool[n], all),
                new Column<bool>("bool middle", Fill(n, row => row % 2 == 0), middle),
                new Column<DateTimeOffset>("time null", new DateTimeOffset[n], all),
                new Column<DateTimeOffset>("time middle", Fill(n, row => Noon.AddMilliseconds(row - 10)), middle),
                new Column<double>("nan first", Fill(n, row => row % 7 == 0 ? double.NaN : row)),
                new Column<double>("nan last", Fill(n, row => row % 7 == 6 ? double.NaN : -row)),
                new Column<double>("nan", Fill(n, _ => double.NaN)),
                new Column<double>("zeros", Fill(n, row => row % 2 == 0 ? 0.0 : -0.0)),
                new Column<double>("minus zero", Fill(n, _ => -0.0)),
                new Column<double>(
                    "infinite",
                    Fill(n, row => new[] { double.PositiveInfinity, double.NegativeInfinity, row }[row / 7])
                ),
                new Column<string>("text", texts),
                new Column<DateTimeOffset>("old time", Fill(n, row => DateTimeOffset.UnixEpoch.AddMilliseconds(row - 10))),
            ],
            new Dictionary<string, string>()
        );
    }

    // The table of write.mjs.
    private static Table WrittenByDuckDb()
    {
        const int n = 5000;
        bool[] Nulls(Func<int, bool> isNull) => Fill(n, isNull);
        DateTimeOffset Time(int i) => DateTimeOffset.UnixEpoch.AddMicroseconds(1_700_000_000_000_000 + i * 1_000_001L);
        return Of(
            new Column<int>("i", Fill(n, i => i), Nulls(_ => false)),
            new Column<long>("l", Fill(n, i => i * 1_000_000_007L), Nulls(i => i % 3 == 0)),
            new Column<double>(
                "d",
                Fill(n, i => i % 11 == 0 ? BitConverter.Int64BitsToDouble(0x7FF8_0000_0000_0000) : i / 8.0),
                Nulls(i => i % 7 == 0)
            ),
            new Column<double>("f", Fill(n, i => i / 4.0), Nulls(_ => false)),
            new Column<bool>("b", Fill(n, i => i % 2 == 0), Nulls(i => i % 5 == 0)),
            new Column<string>("few", Fill(n, i => $"täxt {i % 10}"), Nulls(i => i % 4 == 0)),
            new Column<string>("text", Fill(n, i => $"unique 🧠 {i}"), Nulls(_ => false)),
            new Column<DateTimeOffset>("t", Fill(n, Time), Nulls(_ => false)),
            new Column<DateTimeOffset>("local", Fill(n, Time), Nulls(_ => false)),
            new Column<string>("nothing", new string[n], Nulls(_ => true))
        );
    }

    private sealed record Totals(string Name, string Type, int Count, int Distinct, BigInteger Sum, int Nan, int Above);

    private static Totals Expected(Column column)
    {
        int[] rows = [.. Enumerable.Range(0, column.Count).Where(row => !column.IsNull(row))];
        return column switch
        {
            Column<string> c => Of(c, "VARCHAR", value => Encoding.UTF8.GetByteCount(value)),
            // DuckDB holds NaN above every number.
            Column<double> c => Of(c, "DOUBLE", _ => 0) with
            {
                Nan = rows.Count(r => double.IsNaN(c.Values[r])),
                Above = rows.Count(r => !(c.Values[r] <= 0.5)),
            },
            Column<long> c => Of(c, "BIGINT", value => value),
            Column<int> c => Of(c, "INTEGER", value => value),
            Column<bool> c => Of(c, "BOOLEAN", value => value ? 1 : 0),
            Column<DateTimeOffset> c => Of(c, "TIMESTAMP WITH TIME ZONE", Micros),
            _ => throw new ArgumentException(column.Name),
        };

        Totals Of<T>(Column<T> c, string type, Func<T, BigInteger> addend) =>
            new(
                c.Name,
                type,
                rows.Length,
                rows.Select(r => c.Values[r]).Distinct().Count(),
                rows.Aggregate(BigInteger.Zero, (sum, r) => sum + addend(c.Values[r])),
                0,
                0
            );
    }

    private static Totals Found(JsonNode c)
    {
        string type = Text(c["type"])!;
        BigInteger sum = type == "DOUBLE" ? 0 : BigInteger.Parse(Text(c["sum"]) ?? "0", CultureInfo.InvariantCulture);
        return new(Text(c["name"])!, type, Number(c["count"]), Number(c["distinct"]), sum, Number(c["nan"]), Number(c["above"]));
    }

    private static void AssertSum(Column column, JsonNode found)
    {
        if (column is not Column<double> c)
            return;
        double expected = Enumerable
            .Range(0, c.Count)
            .Where(row => !c.IsNull(row) && Math.Abs(c.Values[row]) <= 1e6)
            .Sum(row => c.Values[row]);
        Assert.Equal(expected, Double(Text(found["sum"])!), 1e-9 * c.Count);
    }

    private static void AssertStatistics(Table table, JsonNode chunk, int chunkRows)
    {
        Column column = table.Find(Text(chunk["name"])!)!;
        int start = chunk["row_group"]!.GetValue<int>() * chunkRows,
            count = Number(chunk["num_values"]);
        int[] rows = [.. Enumerable.Range(start, count).Where(row => !column.IsNull(row))];
        Assert.Equal(count - rows.Length, Number(chunk["nulls"]));
        // Of doubles and truth values there are no bounds at all; of no integers they are 0.
        (object?, object?) found = (Bound(column, Text(chunk["min"])), Bound(column, Text(chunk["max"])));
        Assert.Equal(
            column switch
            {
                Column<string> c => Bounds(rows.Select(r => c.Values[r]).OrderBy(Encoding.UTF8.GetBytes, ByBytes)),
                Column<long> c => Bounds(rows.Select(r => c.Values[r]).DefaultIfEmpty().Order()),
                Column<int> c => Bounds(rows.Select(r => c.Values[r]).DefaultIfEmpty().Order()),
                Column<DateTimeOffset> c => Bounds(rows.Select(r => c.Values[r]).Order()),
                _ => (null, null),
            },
            found
        );
    }

    private static (object?, object?) Bounds<T>(IEnumerable<T> sorted)
    {
        T[] values = [.. sorted];
        return values.Length == 0 ? (null, null) : (values[0], values[^1]);
    }

    private static object? Bound(Column column, string? text) =>
        text is null
            ? null
            : column switch
            {
                Column<double> => Double(text),
                Column<long> => long.Parse(text, CultureInfo.InvariantCulture),
                Column<int> => int.Parse(text, CultureInfo.InvariantCulture),
                Column<bool> => bool.Parse(text),
                Column<DateTimeOffset> => DateTimeOffset.Parse(text + ":00", CultureInfo.InvariantCulture),
                _ => text,
            };

    private static BigInteger Micros(DateTimeOffset time) =>
        (time - DateTimeOffset.UnixEpoch).Ticks / TimeSpan.TicksPerMicrosecond;

    private static double Double(string text) => double.Parse(text, CultureInfo.InvariantCulture);

    private static int Number(JsonNode? node) => int.Parse(Text(node)!, CultureInfo.InvariantCulture);

    private static string? Text(JsonNode? node) => node?.GetValue<string>();
}
