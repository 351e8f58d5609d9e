using Rouser.Reports.Documents;
using Rouser.Reports.Model;
using Rouser.Reports.Tests.Fixtures;

namespace Rouser.Reports.Tests.Documents;

public sealed class NumbersCsvTests
{
    // From the trials' epochs again, by their identities alone: the file is what lets a reader do that.
    [Fact]
    public void Mean_of_the_trials_behind_a_number_is_the_number()
    {
        ReportModel model = ReportModel
            .From(
                new RunTables()
                    .Add("slayer", "", 0, 0.5, 0.6)
                    .Add("slayer", "", 1, 0.5, 0.8)
                    .Add("rouser", "", 0, 0.5, 0.7)
                    .Add("rouser", "", 1, 0.5, 0.9)
                    .Build()
            )
            .Value;
        Dictionary<string, TrialHistory> trials = model.Cells.ToDictionary(c => c.TrialId, c => c.History);
        string[][] lines =
        [
            .. NumbersCsv
                .Render(ReportDocument.Build(model))
                .Split('\n', StringSplitOptions.RemoveEmptyEntries)
                .Select(l => l.Split(',')),
        ];
        string[][] last = [.. lines.Where(l => l[0] == "accuracy-tiny" && l[2] == "test_accuracy_last_percent")];
        Assert.Equal(
            [70.0, 80.0],
            last.Select(l => double.Parse(l[3], System.Globalization.CultureInfo.InvariantCulture)).Select(v => Math.Round(v, 9))
        );
        Assert.All(
            last,
            l =>
                Assert.Equal(
                    double.Parse(l[3], System.Globalization.CultureInfo.InvariantCulture),
                    l[5].Split(' ').Average(id => 100 * trials[id].TestAccuracy(2)),
                    9
                )
        );

        string[] difference = Assert.Single(lines, l => l[0] == "over-seeds-tiny" && l[2] == "difference_points");
        Assert.Equal(trials.Keys.Order(), difference[5].Split(' ').Order());
    }

    [Fact]
    public void Every_estimate_of_a_table_names_its_trials()
    {
        Document document = ReportDocument.Build(ReportModel.From(SweepRun.Build()).Value);
        Assert.All(
            document
                .Tables.SelectMany(t =>
                    t.Rows.SelectMany(r => r.Select((cell, i) => (Table: t, Column: t.Columns[i], Cell: cell)))
                )
                .Where(c =>
                    c.Column.Kind == Rouser.Reports.Tables.ColumnKind.Estimate
                    && c.Cell is { Value: not null, Mark: not Rouser.Reports.Tables.CellMark.Published }
                ),
            c => Assert.True(c.Cell.Sources.Count > 0, $"{c.Table.Id}: {c.Column.Key}")
        );
    }
}
