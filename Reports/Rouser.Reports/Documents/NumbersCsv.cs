using System.Text;
using Rouser.Reports.Model;
using Rouser.Reports.Tables;

namespace Rouser.Reports.Documents;

/// <summary>
/// Which trials are behind each number: a line per number of the tables that rests on trials, with its table, row and
/// column, its value with all digits, and the identities of the trials, whose rows in trials, epochs and layers it is
/// computed from. Counts and printed numbers rest on none. Tables seed by seed name their trial themselves.
/// </summary>
internal static class NumbersCsv
{
    /// <summary>
    /// CSV (RFC 4180, UTF-8, lines ending in <c>\n</c>); the identities of one number are set apart by blanks.
    /// </summary>
    public static string Render(Document document)
    {
        StringBuilder text = new("table,row,column,value,n,trials\n");
        Dictionary<IReadOnlyList<Replicate>, string> known = new(ReferenceEqualityComparer.Instance);
        foreach (ReportTable table in document.Tables)
        {
            foreach (IReadOnlyList<ReportCell> row in table.Rows)
            {
                string words = CsvText.Quote(
                    string.Join(" · ", row.Where((_, i) => table.Columns[i].Kind == ColumnKind.RowHeader).Select(c => c.Text))
                );
                for (int c = 0; c < row.Count; c++)
                {
                    if (row[c].Value is not { } value || row[c].Sources.Count == 0)
                        continue;
                    if (!known.TryGetValue(row[c].Sources, out string? trials))
                        known[row[c].Sources] = trials = Trials(row[c].Sources);
                    text.Append(table.Id)
                        .Append(',')
                        .Append(words)
                        .Append(',')
                        .Append(CsvText.Quote(table.Columns[c].Key))
                        .Append(',')
                        .Append(Format.Exact(value.Value))
                        .Append(',')
                        .Append(Format.Integer(value.N))
                        .Append(',')
                        .Append(trials)
                        .Append('\n');
                }
            }
        }
        return text.ToString();
    }

    private static string Trials(IReadOnlyList<Replicate> sources) => string.Join(' ', sources.Select(r => r.TrialId).Distinct());
}
