using System.IO.Enumeration;
using Rouser.Core;
using Rouser.Reports.Tables;

namespace Rouser.Reports.Documents;

/// <summary>What of the tables is set in LaTeX: a paper has less room than a page.</summary>
/// <param name="Columns">Names of columns as the CSV files have them; <c>*</c> stands for any text. Empty for all. Columns
/// that name a row always stay, and a table that has none of these columns keeps all of its own.</param>
/// <param name="Seeds">Where the number of seeds is said.</param>
public sealed record LatexSelection(IReadOnlyList<string> Columns, LatexSeeds Seeds)
{
    /// <summary>All columns; the number of seeds once, where it is the same everywhere.</summary>
    public static LatexSelection All { get; } = new([], LatexSeeds.Once);

    /// <summary>The table with the columns that are asked for.</summary>
    internal ReportTable Of(ReportTable table)
    {
        int[] kept =
        [
            .. Enumerable
                .Range(0, table.Columns.Count)
                .Where(c =>
                    table.Columns[c].Kind == ColumnKind.RowHeader || Columns.Any(name => Matches(name, table.Columns[c]))
                ),
        ];
        bool isSelected = kept.Any(c => table.Columns[c].Kind != ColumnKind.RowHeader);
        return table with
        {
            Columns = isSelected ? [.. kept.Select(c => table.Columns[c])] : table.Columns,
            Rows =
            [
                .. table.Rows.Select(
                    IReadOnlyList<ReportCell> (row) => [.. (isSelected ? kept.Select(c => row[c]) : row).Select(WithoutSeeds)]
                ),
            ],
        };
    }

    /// <summary>The first name that no column of these tables has, as a mistake of whoever asked for it; null if there is none.</summary>
    internal UserError? Unknown(IEnumerable<ReportTable> tables)
    {
        ReportColumn[] columns = [.. tables.SelectMany(t => t.Columns)];
        return Columns.FirstOrDefault(name => !columns.Any(c => Matches(name, c))) is { } unknown
            ? new UserError("--latex-columns", $"no table has a column '{unknown}'; the first lines of tables/*.csv name them")
            : null;
    }

    private static bool Matches(string name, ReportColumn column) => FileSystemName.MatchesSimpleExpression(name, column.Key);

    private ReportCell WithoutSeeds(ReportCell cell) =>
        Seeds == LatexSeeds.Never && cell.CountsSeeds ? cell with { Aside = "" } : cell;
}

/// <summary>Where the number of seeds is said. How many of those planned are missing is always said.</summary>
public enum LatexSeeds
{
    /// <summary>In the caption where it is the same in all cells, else in each of them.</summary>
    Once,

    /// <summary>In each cell.</summary>
    Always,

    /// <summary>Nowhere.</summary>
    Never,
}
