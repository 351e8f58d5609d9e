using System.Globalization;
using System.Text;
using Rouser.Reports.Tables;

namespace Rouser.Reports.Documents;

/// <summary>
/// Each number of the report as a <c>\newcommand</c>, so that a paper cites it by name and never by hand. A name is
/// made of the table, the words of the row and the column's key: it stays what it is as long as these do, whatever
/// else the report holds.
/// </summary>
internal static class LatexNumbers
{
    /// <summary>
    /// The file's text. An estimate has up to four commands: its value, <c>…Low</c>, <c>…High</c> and <c>…N</c>.
    /// </summary>
    public static string Render(Document document)
    {
        StringBuilder text = new(
            $"% The numbers of the {LatexText.Escape(document.Title)}: \\input this file and write, say, \\RouserStatesAllCells{{}}.\n"
        );
        text.Append("% Digits are those of the tables. Seed by seed, the numbers stand in the CSV files.\n");
        HashSet<string> taken = new(StringComparer.Ordinal);
        foreach (ReportTable table in document.All.OfType<TableBlock>().Where(b => b.Fold is null).Select(b => b.Table))
        {
            text.Append($"\n% {LatexText.Escape(table.Id)}\n");
            foreach (IReadOnlyList<ReportCell> row in table.Rows)
                Append(text, taken, table, row);
        }
        return text.ToString();
    }

    private static void Append(StringBuilder text, HashSet<string> taken, ReportTable table, IReadOnlyList<ReportCell> row)
    {
        string words = string.Concat(
            row.Where((_, i) => table.Columns[i].Kind == ColumnKind.RowHeader).Select(c => Name(c.Text))
        );
        for (int c = 0; c < row.Count; c++)
        {
            if (row[c].Value is not { } value || table.Columns[c].Kind is ColumnKind.RowHeader or ColumnKind.Text)
                continue;
            string name = $"Rouser{Name(table.Id)}{words}{Name(table.Columns[c].Key)}";
            while (!taken.Add(name))
                name += "Again";
            int decimals = CellText.Decimals(row[c].Text);
            Command(name, value.Value);
            if (table.Columns[c].Kind != ColumnKind.Estimate)
                continue;
            if (value is { Low: { } low, High: { } high })
            {
                Command(name + "Low", low);
                Command(name + "High", high);
            }
            text.Append(CultureInfo.InvariantCulture, $"\\newcommand{{\\{name}N}}{{{value.N}}}\n");

            void Command(string command, double number) =>
                text.Append($"\\newcommand{{\\{command}}}{{{Number(number, decimals)}}}\n");
        }
    }

    // In text and in formulas alike.
    private static string Number(double value, int decimals)
    {
        string digits = Format.Fixed(value, decimals);
        return digits[0] == '−' ? $"\\ensuremath{{-{digits[1..]}}}" : digits;
    }

    /// <summary>
    /// Letters alone, as TeX wants them: <c>Th=1.25, slayer-wn</c> becomes <c>ThOnePointTwoFiveSlayerWn</c>.
    /// </summary>
    internal static string Name(string words)
    {
        StringBuilder name = new();
        bool starts = true;
        for (int i = 0; i < words.Length; i++)
        {
            char c = words[i];
            string part = c switch
            {
                >= '0' and <= '9' => Digits[c - '0'],
                '.' when i > 0 && char.IsAsciiDigit(words[i - 1]) && i + 1 < words.Length && char.IsAsciiDigit(words[i + 1]) =>
                    "Point",
                '+' => "Plus",
                '−' => "Minus",
                'τ' => "Tau",
                _ when char.IsAsciiLetter(c) => (starts ? char.ToUpperInvariant(c) : c).ToString(),
                _ => "",
            };
            starts = !char.IsAsciiLetter(c);
            name.Append(part);
        }
        return name.ToString();
    }

    private static readonly string[] Digits = ["Zero", "One", "Two", "Three", "Four", "Five", "Six", "Seven", "Eight", "Nine"];
}
