using Rouser.Results;
using static Rouser.Simulation.Invariants.Invariant;

namespace Rouser.Simulation.Invariants;

/// <summary>Holds the tables of two runs of one plan against each other, cell by cell.</summary>
internal static class TableComparison
{
    /// <summary>What may differ: who did it, how often, when, and how long it took.</summary>
    private static readonly HashSet<string> Circumstances =
    [
        "attempt",
        "worker",
        "reused_from",
        "assigned_at",
        "ended_at",
        "reason",
        "seconds",
        "samples_per_second",
    ];

    /// <summary>Throws at the first difference.</summary>
    /// <exception cref="InvariantBrokenException">The tables differ.</exception>
    public static void Check(ResultTables actual, ResultTables expected)
    {
        Check(actual.Trials, expected.Trials);
        Check(actual.Epochs, expected.Epochs);
        Check(actual.Layers, expected.Layers);
    }

    private static void Check(Table actual, Table expected)
    {
        Demand(
            actual.RowCount == expected.RowCount,
            $"table {actual.Name} has {actual.RowCount} rows; undisturbed it has {expected.RowCount}"
        );
        foreach (Column column in expected.Columns)
        {
            if (!Circumstances.Contains(column.Name))
                Check(actual, actual.Find(column.Name), column);
        }
    }

    private static void Check(Table table, Column? actual, Column expected)
    {
        Demand(actual is not null, $"table {table.Name} has no column {expected.Name}");
        bool isEqual = expected switch
        {
            Column<string> e => IsEqual((Column<string>)actual, e),
            Column<double> e => IsEqual((Column<double>)actual, e),
            Column<long> e => IsEqual((Column<long>)actual, e),
            Column<int> e => IsEqual((Column<int>)actual, e),
            Column<bool> e => IsEqual((Column<bool>)actual, e),
            Column<DateTimeOffset> e => IsEqual((Column<DateTimeOffset>)actual, e),
            _ => false,
        };
        Demand(isEqual, $"table {table.Name}: column {expected.Name} is not that of an undisturbed run");
    }

    private static bool IsEqual<T>(Column<T> actual, Column<T> expected)
    {
        for (int row = 0; row < expected.Count; row++)
        {
            if (actual.IsNull(row) != expected.IsNull(row))
                return false;
            if (!expected.IsNull(row) && !EqualityComparer<T>.Default.Equals(actual.Values[row], expected.Values[row]))
                return false;
        }
        return true;
    }
}
