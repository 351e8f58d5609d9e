using System.Globalization;
using Rouser.Core;
using Rouser.Results;
using Rouser.Storage.Parquet;

namespace Rouser.Orchestrator.Tests;

/// <summary>A run's tables as text, for comparing runs.</summary>
internal static class RunTables
{
    /// <summary>
    /// Columns that tell of wall time or of how a run went, and so differ between runs of the same sweep.
    /// </summary>
    private static readonly HashSet<string> OfTheRun =
    [
        "seconds",
        "samples_per_second",
        "attempt",
        "worker",
        "reused_from",
        "assigned_at",
        "ended_at",
        "reason",
    ];

    /// <summary>The three tables of a run folder.</summary>
    public static ResultTables Read(string runFolder)
    {
        Result<ResultTables> tables = TableFiles.Read(Path.Combine(runFolder, "metrics"));
        Assert.True(tables.IsOk, string.Join("\n", tables.Errors));
        return tables.Value;
    }

    /// <summary>Every value that must not depend on how a run went, one line a row, numbers to the last bit.</summary>
    public static string Results(string runFolder)
    {
        ResultTables tables = Read(runFolder);
        return string.Join("\n", new[] { tables.Trials, tables.Epochs, tables.Layers }.SelectMany(Lines));
    }

    private static IEnumerable<string> Lines(Table table)
    {
        Column[] columns = [.. table.Columns.Where(c => !OfTheRun.Contains(c.Name))];
        yield return $"{table.Name}: {string.Join(", ", columns.Select(c => c.Name))}";
        for (int row = 0; row < table.RowCount; row++)
            yield return string.Join(", ", columns.Select(c => Text(c, row)));
    }

    private static string Text(Column column, int row) =>
        column.IsNull(row)
            ? "null"
            : column switch
            {
                Column<double> c => BitConverter.DoubleToInt64Bits(c.Values[row]).ToString("x16", CultureInfo.InvariantCulture),
                Column<string> c => c.Values[row],
                Column<long> c => c.Values[row].ToString(CultureInfo.InvariantCulture),
                Column<int> c => c.Values[row].ToString(CultureInfo.InvariantCulture),
                Column<bool> c => c.Values[row].ToString(),
                Column<DateTimeOffset> c => c.Values[row].ToString("O", CultureInfo.InvariantCulture),
                _ => throw new NotSupportedException(column.GetType().Name),
            };
}
