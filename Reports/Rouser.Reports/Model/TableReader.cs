using Rouser.Core;
using Rouser.Results;

namespace Rouser.Reports.Model;

/// <summary>
/// Takes typed columns out of a table and collects what is wrong with them, so that a damaged file ends in clear
/// lines.
/// </summary>
internal sealed class TableReader(Table table, List<Mistake> mistakes)
{
    private string File => $"{table.Name}.parquet";

    /// <summary>The column of that name and type; if it is not there, a mistake and a column of defaults.</summary>
    /// <param name="name">The column.</param>
    /// <param name="nullable">Whether null may stand in it.</param>
    public Column<T> Require<T>(string name, bool nullable = false)
    {
        Column? column = table.Find(name);
        if (column is not Column<T> typed)
        {
            string found = column is null ? "is missing" : $"has another type than {typeof(T).Name}";
            mistakes.Add(
                new Mistake(
                    File,
                    $"column {name} {found}; the file is not one of this version's, run the sweep again or use the version that wrote it"
                )
            );
            return new Column<T>(name, new T[table.RowCount]);
        }
        int missing = nullable || typed.Nulls is null ? -1 : Array.IndexOf(typed.Nulls, true);
        if (missing >= 0)
            mistakes.Add(
                new Mistake(
                    File,
                    $"column {name} has no value in row {missing + 1}; the file is damaged, run 'rouser resume' to write it again"
                )
            );
        return typed;
    }
}
