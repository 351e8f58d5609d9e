using Rouser.Results;

namespace Rouser.Storage.Tests.Parquet;

/// <summary>Tables to write and read back.</summary>
internal static class TestTables
{
    public static readonly DateTimeOffset Noon = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);

    public static Table Of(params Column[] columns) => new("test", columns, new Dictionary<string, string>());

    /// <summary>
    /// All types, with and without nulls, drawn from a seed. Every second column repeats a few values, so that
    /// dictionaries come up.
    /// </summary>
    public static Table Random(int seed, int rows)
    {
        var random = new Random(seed);
        bool[] Nulls() => Fill(rows, _ => random.Next(3) == 0);
        string Text() =>
            string.Concat(
                Enumerable
                    .Range(0, random.Next(12))
                    .Select(_ => new[] { "a", "Z", "é", "ß", "漢", "🧠", "\0", "\uFFFD", " " }[random.Next(9)])
            );
        double Double() =>
            random.Next(9) switch
            {
                0 => double.NaN,
                1 => double.PositiveInfinity,
                2 => double.NegativeInfinity,
                3 => -0.0,
                4 => 0.0,
                5 => double.Epsilon,
                6 => double.MaxValue,
                _ => random.NextDouble() * 2 - 1,
            };
        DateTimeOffset Time() => Noon.AddMicroseconds(random.NextInt64(-4_000_000_000_000_000, 4_000_000_000_000_000));
        return new(
            "test",
            [
                new Column<string>("text", Fill(rows, _ => Text())),
                new Column<string>("few texts", Fill(rows, _ => "abc"[random.Next(3)].ToString()), Nulls()),
                new Column<double>("double", Fill(rows, _ => random.NextDouble()), Nulls()),
                new Column<double>("special double", Fill(rows, _ => Double())),
                new Column<long>("long", Fill(rows, _ => random.NextInt64(long.MinValue, long.MaxValue))),
                new Column<long>("few longs", Fill(rows, _ => (long)random.Next(5)), Nulls()),
                new Column<int>("int", Fill(rows, _ => random.Next(int.MinValue, int.MaxValue)), Nulls()),
                new Column<int>("row", Fill(rows, row => row)),
                new Column<bool>("bool", Fill(rows, _ => random.Next(2) == 0)),
                new Column<bool>("maybe", Fill(rows, _ => random.Next(2) == 0), Nulls()),
                new Column<DateTimeOffset>("time", Fill(rows, _ => Time())),
                new Column<DateTimeOffset>("few times", Fill(rows, _ => Noon.AddSeconds(random.Next(4))), Nulls()),
                new Column<string>("nothing", new string[rows], Fill(rows, _ => true)),
            ],
            new Dictionary<string, string>
            {
                ["seed"] = seed.ToString(),
                ["käse"] = "🧀",
                ["empty"] = "",
            }
        );
    }

    /// <summary>The table as the writer takes it: texts of the basic plane, times in milliseconds.</summary>
    public static Table Writable(Table table) =>
        table with
        {
            Columns =
            [
                .. table.Columns.Select(column =>
                    column switch
                    {
                        Column<string> c => c with
                        {
                            Values = [.. c.Values.Select(text => text is null ? null! : BasicPlaneText.Of(text))],
                        },
                        Column<DateTimeOffset> c => c with
                        {
                            Values = [.. c.Values.Select(time => time.AddTicks(-(time.UtcTicks % TimeSpan.TicksPerMillisecond)))],
                        },
                        _ => column,
                    }
                ),
            ],
        };

    public static T[] Fill<T>(int rows, Func<int, T> value) => [.. Enumerable.Range(0, rows).Select(value)];

    /// <summary>Compares cell by cell; doubles by their bits, so that NaN equals NaN and 0 differs from -0.</summary>
    public static void AssertSame(Table expected, Table actual)
    {
        Assert.Equal(
            expected.Columns.Select(c => (c.Name, c.GetType(), c.Nullable)),
            actual.Columns.Select(c => (c.Name, c.GetType(), c.Nullable))
        );
        Assert.Equal(expected.RowCount, actual.RowCount);
        Assert.Equal(
            expected.Metadata.OrderBy(p => p.Key, StringComparer.Ordinal),
            actual.Metadata.OrderBy(p => p.Key, StringComparer.Ordinal)
        );
        foreach ((Column e, Column a) in expected.Columns.Zip(actual.Columns))
            for (int row = 0; row < e.Count; row++)
                if (!Equals(Cell(e, row), Cell(a, row)))
                    Assert.Fail($"column '{e.Name}', row {row}: {Cell(e, row) ?? "null"} became {Cell(a, row) ?? "null"}");
    }

    private static object? Cell(Column column, int row) =>
        column.IsNull(row)
            ? null
            : column switch
            {
                Column<string> c => c.Values[row],
                Column<double> c => BitConverter.DoubleToInt64Bits(c.Values[row]),
                Column<long> c => c.Values[row],
                Column<int> c => c.Values[row],
                Column<bool> c => c.Values[row],
                Column<DateTimeOffset> c => (c.Values[row], c.Values[row].Offset),
                _ => throw new ArgumentException(column.GetType().ToString()),
            };
}
