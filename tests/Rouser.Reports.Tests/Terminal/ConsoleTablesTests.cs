using Rouser.Reports.Model;
using Rouser.Reports.Paper;
using Rouser.Reports.Terminal;
using Rouser.Reports.Tests.Fixtures;
using Rouser.Storage.Parquet;
using Rouser.Testing;

namespace Rouser.Reports.Tests.Terminal;

public sealed class ConsoleTablesTests
{
    [Theory]
    [InlineData(1, 80)]
    [InlineData(10, 80)]
    [InlineData(200, 80)]
    [InlineData(10, 100)]
    [InlineData(200, 100)]
    [InlineData(200, 160)]
    public void Tables_and_their_notes_fit_the_terminal(int epochs, int width)
    {
        ReportModel model = ReportModel.From(PlausibleRun.Build(epochs: epochs)).Value;
        TextTable[] tables = Tables(model, width);
        Assert.NotEmpty(tables);
        foreach (TextTable table in tables)
        {
            string[] lines = [.. table.Lines(width)];
            Assert.All(lines, line => Assert.InRange(line.Length, 0, width));
            // What is shown of a row is whole.
            Assert.All(
                table.Rows.SelectMany(row => row.Take(3)),
                cell => Assert.Contains(lines, l => l.Contains(cell, StringComparison.Ordinal))
            );
        }
    }

    /// <summary>
    /// What someone sees who runs the quickstart. The differences are looked at like any other change.
    /// </summary>
    [Theory]
    [InlineData(80)]
    [InlineData(100)]
    [InlineData(160)]
    public void Quickstart_is_shown_whole(int width)
    {
        ReportModel model = TableFiles.Read(Repository.Path("docs", "quickstart")).Then(ReportModel.From).Value;
        string[] lines =
        [
            .. Tables(model, width).SelectMany(t => t.Lines(width).Append("")),
            .. ConsoleAnswer.Lines(model, width),
        ];
        Assert.All(lines, line => Assert.InRange(line.Length, 0, width));
        Snapshot.Match(string.Join('\n', lines), $"quickstart-{width}");
    }

    [Fact]
    public void Names_that_are_too_long_are_cut_in_the_middle()
    {
        TextTable table = new(
            "A table",
            ["arm", "n"],
            [false, true],
            [
                ["fixed_threshold_with_weight_normalization_and_a_long_name_1", "3"],
                ["fixed_threshold_with_weight_normalization_and_a_long_name_2", "3"],
            ],
            []
        );
        string[] lines = [.. table.Lines(40)];
        Assert.All(lines, line => Assert.InRange(line.Length, 0, 40));
        Assert.Contains(
            lines,
            l => l.StartsWith(" fixed_", StringComparison.Ordinal) && l.EndsWith("_name_1  3", StringComparison.Ordinal)
        );
        Assert.Contains(
            lines,
            l => l.StartsWith(" fixed_", StringComparison.Ordinal) && l.EndsWith("_name_2  3", StringComparison.Ordinal)
        );
    }

    [Fact]
    public void What_names_a_row_and_its_last_accuracy_are_kept_on_a_narrow_terminal()
    {
        ReportModel model = ReportModel.From(PlausibleRun.Build()).Value;
        TextTable table = ConsoleTables.Convergence(model.Studies[0], model.Run, 80);
        Assert.Equal(["setting", "arm", "n"], table.Headers.Take(3));
        Assert.Contains("last, 95 %", table.Headers);
    }

    [Fact]
    public void Long_name_does_not_take_the_room_of_the_numbers()
    {
        RunTables run = new() { Arms = ["slayer", new string('x', 100)] };
        foreach (string arm in run.Arms)
            run.Add(arm, "threshold.init=1", 0, 0.1, 0.5).Add(arm, "threshold.init=1", 1, 0.2, 0.6);
        ReportModel model = ReportModel.From(run.Build()).Value;
        string[] lines = [.. ConsoleTables.Convergence(model.Studies.Single(), model.Run, 80).Lines(80)];
        Assert.Contains(lines, l => l.Contains('…') && l.Contains("55.0 ± ", StringComparison.Ordinal));
        Assert.All(lines, l => Assert.InRange(l.Length, 0, 80));
    }

    [Fact]
    public void More_columns_stand_on_a_wider_terminal()
    {
        ReportModel model = ReportModel.From(PlausibleRun.Build(epochs: 100)).Value;
        int[] columns =
        [
            .. ((int[])[80, 100, 160]).Select(width =>
                ConsoleTables.Convergence(model.Studies[0], model.Run, width).Headers.Count
            ),
        ];
        Assert.True(columns[0] < columns[1] && columns[1] <= columns[2], string.Join(", ", columns));
    }

    [Fact]
    public void Every_row_has_a_cell_for_every_header()
    {
        ReportModel model = ReportModel.From(PlausibleRun.Build()).Value;
        foreach (TextTable table in Tables(model, 80))
        {
            Assert.Equal(table.Headers.Count, table.RightAligned.Count);
            Assert.All(table.Rows, row => Assert.Equal(table.Headers.Count, row.Count));
        }
    }

    [Fact]
    public void Mean_of_some_of_the_seeds_says_of_how_many()
    {
        ReportModel model = ReportModel.From(PlausibleRun.Build()).Value;
        TextTable table = ConsoleTables.Convergence(model.Studies[0], model.Run, 160);
        IReadOnlyList<string> row = table.Rows.Single(r => r.Contains("2/3"));
        Assert.Contains(row, cell => cell.EndsWith("(2 of 3)", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(40)]
    [InlineData(80)]
    public void Answer_is_wrapped_between_words_and_says_what_the_report_begins_with(int width)
    {
        ReportModel model = ReportModel.From(PlausibleRun.Build()).Value;
        string[] lines = [.. ConsoleAnswer.Lines(model, width)];
        Assert.All(lines, line => Assert.InRange(line.Length, 0, width));
        string joined = string.Join(' ', lines.Where(l => l.Length > 0));
        foreach (StudyResults study in model.Studies)
            Assert.Contains(Rouser.Reports.Tables.StudyAnswer.Sentence(study, model), joined, StringComparison.Ordinal);
    }

    private static TextTable[] Tables(ReportModel model, int width) =>
        [
            .. model.Studies.SelectMany(s =>
                (TextTable[])[ConsoleTables.Convergence(s, model.Run, width), ConsoleTables.DeadNeurons(s, new PaperReport())]
            ),
            .. new PaperReport().Section(model) is { } section ? (TextTable[])[ConsoleTables.Overview(section)] : [],
        ];
}
