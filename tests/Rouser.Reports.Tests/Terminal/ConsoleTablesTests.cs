using Rouser.Reports.Model;
using Rouser.Reports.Paper;
using Rouser.Reports.Terminal;
using Rouser.Reports.Tests.Fixtures;

namespace Rouser.Reports.Tests.Terminal;

public sealed class ConsoleTablesTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(10)]
    [InlineData(200)]
    public void Tables_fit_the_console(int epochs)
    {
        ReportModel model = ReportModel.From(PlausibleRun.Build(epochs: epochs)).Value;
        foreach (StudyResults study in model.Studies)
        {
            Assert.InRange(ConsoleTables.Convergence(study, model.Run).Width, 1, ConsoleTables.MostCharacters);
            Assert.InRange(ConsoleTables.DeadNeurons(study, new PaperReport()).Width, 1, ConsoleTables.MostCharacters);
        }
    }

    [Fact]
    public void Every_row_has_a_cell_for_every_header()
    {
        ReportModel model = ReportModel.From(PlausibleRun.Build()).Value;
        foreach (
            TextTable table in model.Studies.SelectMany(s =>
                (TextTable[])[ConsoleTables.Convergence(s, model.Run), ConsoleTables.DeadNeurons(s, new PaperReport())]
            )
        )
        {
            Assert.Equal(table.Headers.Count, table.RightAligned.Count);
            Assert.All(table.Rows, row => Assert.Equal(table.Headers.Count, row.Count));
        }
    }

    [Fact]
    public void Missing_seeds_leave_no_mean_and_a_note()
    {
        ReportModel model = ReportModel.From(PlausibleRun.Build()).Value;
        TextTable table = ConsoleTables.Convergence(model.Studies[0], model.Run);
        IReadOnlyList<string> row = table.Rows.Single(r => r.Contains("2/3"));
        Assert.Contains("[a]", row);
        Assert.Contains(
            table.Notes,
            n => n.StartsWith("[a]", StringComparison.Ordinal) && n.Contains("seed 2 failed", StringComparison.Ordinal)
        );
    }
}
