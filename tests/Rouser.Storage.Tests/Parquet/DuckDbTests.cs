using System.Globalization;
using System.Numerics;
using System.Text;
using System.Text.Json.Nodes;
using Rouser.Core.Metrics;
using Rouser.Storage.Parquet;
using Rouser.Storage.Parquet.BuiltIn;
using Rouser.Testing;
using static Rouser.Storage.Tests.Parquet.TestTables;

namespace Rouser.Storage.Tests.Parquet;

/// <summary>What we write, read by DuckDB; and what DuckDB writes, read by us.</summary>
public sealed class DuckDbTests
{
    private const int Rows = 3000;

    private static readonly Comparer<byte[]> ByBytes = Comparer<byte[]>.Create((x, y) => x.AsSpan().SequenceCompareTo(y));

    [DuckDbFact]
    public void DuckDb_finds_in_our_own_files_what_was_written() => AssertFound(new BuiltInParquetFormat(rowGroupRows: 1024), chunkRows: 1024);

    [DuckDbFact]
    public void DuckDb_finds_in_the_default_formats_files_what_was_written() => AssertFound(ParquetFormats.Default, chunkRows: Rows);

    [DuckDbFact]
    public void We_read_what_DuckDb_writes()
    {
        using var folder = new TemporaryFolder();
        DuckDb.WriteTo(folder.File());
        Table written = WrittenByDuckDb();
        foreach (string codec in (string[])["uncompressed", "snappy", "gzip"])
        {
            AssertSame(written, Read(folder, $"v1-{codec}").Value);
            AssertSame(written with { Columns = [written.Find("b")!, written.Find("few")!] }, Read(folder, $"v2-{codec}").Value);
        }
        Assert.Equal("column 'i', page at byte 4: the codec ZSTD is not known here; write the file with GZIP, SNAPPY or none", Assert.Single(Read(folder, "v1-zstd").Mistakes).Message);
        Assert.StartsWith("column 'i', page at byte 4: the encoding DeltaBinaryPacked is not known here", Assert.Single(Read(folder, "delta").Mistakes).Message, StringComparison.Ordinal);
    }

    [DuckDbFact]
    public void Damage_that_no_checksum_finds_gives_a_table_or_a_mistake_but_never_an_exception()
    {
        using var folder = new TemporaryFolder();
        DuckDb.WriteTo(folder.File());
        foreach (string name in (string[])["small-v1-uncompressed", "small-v1-snappy", "small-v2-uncompressed", "small-v2-snappy"])
            Damage.AssertSurvived(ParquetFormats.BuiltIn, File.ReadAllBytes(folder.File(name + ".parquet")), mutations: 3000);
    }

    private static Core.Result<Table> Read(TemporaryFolder folder, string name)
    {
        using FileStream file = File.OpenRead(folder.File(name + ".parquet"));
        return ParquetFormats.BuiltIn.Read(file, name);
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
            new Column<double>("d", Fill(n, i => i % 11 == 0 ? BitConverter.Int64BitsToDouble(0x7FF8_0000_0000_0000) : i / 8.0), Nulls(i => i % 7 == 0)),
            new Column<double>("f", Fill(n, i => i / 4.0), Nulls(_ => false)),
            new Column<bool>("b", Fill(n, i => i % 2 == 0), Nulls(i => i % 5 == 0)),
            new Column<string>("few", Fill(n, i => $"täxt {i % 10}"), Nulls(i => i % 4 == 0)),
            new Column<string>("text", Fill(n, i => $"unique 🧠 {i}"), Nulls(_ => false)),
            new Column<DateTimeOffset>("t", Fill(n, Time), Nulls(_ => false)),
            new Column<DateTimeOffset>("local", Fill(n, Time), Nulls(_ => false)),
            new Column<string>("nothing", new string[n], Nulls(_ => true)));
    }

    private static void AssertFound(IParquetFormat format, int chunkRows)
    {
        using var folder = new TemporaryFolder();
        Table table = TestTables.Random(seed: 11, Rows);
        string path = folder.File("table.parquet");
        using (FileStream file = File.Create(path)) format.Write(file, table);
        JsonNode found = DuckDb.Check(path);

        Assert.Equal(Rows.ToString(CultureInfo.InvariantCulture), Text(found["rows"]));
        Assert.Equal(table.Metadata.OrderBy(p => p.Key, StringComparer.Ordinal), found["metadata"]!.AsArray().Select(p => new KeyValuePair<string, string>(Text(p!["key"])!, Text(p["value"])!)));
        Assert.Equal(table.Columns.Select(Expected), found["columns"]!.AsArray().Select(Found!));
        Assert.Equal(table.Columns.Select(c => c.Nullable ? "OPTIONAL" : "REQUIRED"), found["schema"]!.AsArray().Skip(1).Select(s => Text(s!["repetition_type"])));
        foreach ((Column column, JsonNode? totals) in table.Columns.Zip(found["columns"]!.AsArray())) AssertSum(column, totals!);
        foreach (JsonNode? chunk in found["chunks"]!.AsArray()) AssertStatistics(table, chunk!, chunkRows);
    }

    private sealed record Totals(string Name, string Type, int Count, int Distinct, BigInteger Sum, int Nan, int Above);

    private static Totals Expected(Column column)
    {
        int[] rows = [.. Enumerable.Range(0, column.Count).Where(row => !column.IsNull(row))];
        return column switch
        {
            Column<string> c => Of(c, "VARCHAR", value => Encoding.UTF8.GetByteCount(value)),
            // DuckDB holds NaN above every number.
            Column<double> c => Of(c, "DOUBLE", _ => 0) with { Nan = rows.Count(r => double.IsNaN(c.Values[r])), Above = rows.Count(r => !(c.Values[r] <= 0.5)) },
            Column<long> c => Of(c, "BIGINT", value => value),
            Column<int> c => Of(c, "INTEGER", value => value),
            Column<bool> c => Of(c, "BOOLEAN", value => value ? 1 : 0),
            Column<DateTimeOffset> c => Of(c, "TIMESTAMP WITH TIME ZONE", Micros),
            _ => throw new ArgumentException(column.Name),
        };

        Totals Of<T>(Column<T> c, string type, Func<T, BigInteger> addend) => new(
            c.Name, type, rows.Length, rows.Select(r => c.Values[r]).Distinct().Count(), rows.Aggregate(BigInteger.Zero, (sum, r) => sum + addend(c.Values[r])), 0, 0);
    }

    private static Totals Found(JsonNode c)
    {
        string type = Text(c["type"])!;
        BigInteger sum = type == "DOUBLE" ? 0 : BigInteger.Parse(Text(c["sum"]) ?? "0", CultureInfo.InvariantCulture);
        return new(Text(c["name"])!, type, Number(c["count"]), Number(c["distinct"]), sum, Number(c["nan"]), Number(c["above"]));
    }

    private static void AssertSum(Column column, JsonNode found)
    {
        if (column is not Column<double> c) return;
        double expected = Enumerable.Range(0, c.Count).Where(row => !c.IsNull(row) && Math.Abs(c.Values[row]) <= 1e6).Sum(row => c.Values[row]);
        Assert.Equal(expected, Double(Text(found["sum"])!), 1e-9 * c.Count);
    }

    private static void AssertStatistics(Table table, JsonNode chunk, int chunkRows)
    {
        Column column = table.Find(Text(chunk["name"])!)!;
        int start = chunk["row_group"]!.GetValue<int>() * chunkRows, count = Number(chunk["num_values"]);
        int[] rows = [.. Enumerable.Range(start, count).Where(row => !column.IsNull(row))];
        Assert.Equal(count - rows.Length, Number(chunk["nulls"]));
        (object?, object?) found = (Bound(column, Text(chunk["min"])), Bound(column, Text(chunk["max"])));
        switch (column)
        {
            case Column<string> c: Assert.Equal(Bounds(rows.Select(r => c.Values[r]).OrderBy(Encoding.UTF8.GetBytes, ByBytes)), found); break;
            case Column<double> c:
                (object? min, object? max) = Bounds(rows.Select(r => c.Values[r]).Where(v => !double.IsNaN(v)).Order());
                Assert.Equal((Shown(min), Shown(max)), found);
                break;
            case Column<long> c: Assert.Equal(Bounds(rows.Select(r => c.Values[r]).Order()), found); break;
            case Column<int> c: Assert.Equal(Bounds(rows.Select(r => c.Values[r]).Order()), found); break;
            case Column<bool> c: Assert.Equal(Bounds(rows.Select(r => c.Values[r]).Order()), found); break;
            case Column<DateTimeOffset> c: Assert.Equal(Bounds(rows.Select(r => c.Values[r]).Order()), found); break;
        }
    }

    // DuckDB keeps quiet about an infinite bound.
    private static object? Shown(object? bound) => bound is double value && double.IsInfinity(value) ? null : bound;

    private static (object?, object?) Bounds<T>(IEnumerable<T> sorted)
    {
        T[] values = [.. sorted];
        return values.Length == 0 ? (null, null) : (values[0], values[^1]);
    }

    private static object? Bound(Column column, string? text) => text is null ? null : column switch
    {
        Column<double> => Double(text),
        Column<long> => long.Parse(text, CultureInfo.InvariantCulture),
        Column<int> => int.Parse(text, CultureInfo.InvariantCulture),
        Column<bool> => bool.Parse(text),
        Column<DateTimeOffset> => DateTimeOffset.Parse(text + ":00", CultureInfo.InvariantCulture),
        _ => text,
    };

    private static BigInteger Micros(DateTimeOffset time) => (time - DateTimeOffset.UnixEpoch).Ticks / TimeSpan.TicksPerMicrosecond;

    private static double Double(string text) => double.Parse(text, CultureInfo.InvariantCulture);

    private static int Number(JsonNode? node) => int.Parse(Text(node)!, CultureInfo.InvariantCulture);

    private static string? Text(JsonNode? node) => node?.GetValue<string>();
}
