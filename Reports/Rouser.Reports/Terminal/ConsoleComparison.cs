using Rouser.Reports.Comparison;
using Rouser.Reports.Documents;
using Rouser.Reports.Model;
using Rouser.Reports.Statistics;
using Rouser.Reports.Tables;

namespace Rouser.Reports.Terminal;

/// <summary>
/// A comparison of two runs, narrow enough for a console: conditions as lines, because a command or a version may be
/// long, and results as a table per measure.
/// </summary>
public static class ConsoleComparison
{
    /// <summary>
    /// What sums it up, after a warning where there is one; then what the runs differ in, and what only one of them
    /// has.
    /// </summary>
    public static IEnumerable<string> Lines(RunComparison comparison) =>
        [
            .. ComparisonDocument
                .Build(comparison)
                .Blocks.TakeWhile(b => b is not Heading)
                .Select(b =>
                    b switch
                    {
                        Warning w => w.Text,
                        Paragraph p => p.Text,
                        _ => "",
                    }
                ),
            .. comparison.Conditions.Select(c => $"  {c.What}: {c.Before} → {c.After}"),
            .. comparison.Parameters.Select(p =>
                $"  {p.Name}: {p.Before} → {p.After} in {p.Rows} {(p.Rows == 1 ? "row" : "rows")}"
            ),
            .. comparison.OnlyBefore.Select(r => $"  only before: {Name(r)}"),
            .. comparison.OnlyAfter.Select(r => $"  only after: {Name(r)}"),
        ];

    /// <summary>The rows with other numbers, for each measure; none if there are no such rows.</summary>
    public static IEnumerable<TextTable> Tables(RunComparison comparison) =>
        comparison.Changed.Any() ? Measure.All(comparison).Select(m => Table(comparison, m)) : [];

    private static TextTable Table(RunComparison comparison, Measure measure)
    {
        Footnotes notes = new();
        string unit = measure.Unit.OfValues.Length == 0 ? "" : $", {measure.Unit.OfValues}";
        IReadOnlyList<string>[] rows = [.. comparison.Changed.Select(Row)];
        return new TextTable(
            $"{measure.Name}{unit}: after minus before, paired by seed",
            ["row", "before", "after", "difference, 95 %", "by the rule"],
            [false, true, true, true, false],
            rows,
            [.. notes.Texts.Select((note, i) => $"[{Format.Mark(i)}] {note}")]
        );

        IReadOnlyList<string> Row(RowPair pair)
        {
            Estimate? difference = pair.Difference(measure);
            return
            [
                Name(pair.Before),
                Text(notes, pair.Before, measure),
                Text(notes, pair.After, measure),
                ReportCell.Difference(difference, measure.Decimals, pair.Before, pair.After).Text,
                ComparisonDocument.Describe(difference),
            ];
        }
    }

    private static string Text(Footnotes notes, ResultRow row, Measure measure)
    {
        ReportCell cell = notes.Cell(row, measure.Value, 1, measure.Decimals);
        string partial = cell.Mark == CellMark.Partial ? $" ({cell.Aside})" : "";
        return cell.Value is { } e
            ? Format.Fixed(e.Value, measure.Decimals) + partial
            : $"{cell.Text} [{Format.Mark(cell.Note)}]";
    }

    private static string Name(ResultRow row) => $"{row.Study}: {SettingLabel.Name(row)}";
}
