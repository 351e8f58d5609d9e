using System.Globalization;
using System.Text.Json.Nodes;
using Rouser.Coordination;
using Rouser.Reports.Documents;
using Rouser.Reports.Model;
using Rouser.Reports.Paper;
using Rouser.Reports.Tables;
using Rouser.Reports.Tests.Fixtures;
using Rouser.Results;
using Rouser.Storage.Parquet;
using Rouser.Testing;

namespace Rouser.Reports.Tests.Agreement;

/// <summary>
/// The report's numbers, read back from each of its forms, against what DuckDB computes from the Parquet files that
/// the report was made of.
/// </summary>
[Trait("Needs", DuckDb.Trait)]
public sealed class AgreementTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("rouser-agreement-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [SkippableFact]
    public void Every_form_prints_what_DuckDb_computes_from_the_Parquet_files()
    {
        DuckDb.Require();
        TableFiles.Write(_folder, Run());
        ResultTables tables = TableFiles.Read(_folder).Value;
        ReportModel model = ReportModel.From(tables).Value;
        string report = Path.Combine(_folder, "report");
        ReportFiles files = ReportWriter.Write(model, report, new PaperReport()).Value;
        var (html, markdown, commands) = (
            ReportForms.Html(files.Html),
            ReportForms.Markdown(files.Markdown),
            ReportForms.Commands(Path.Combine(report, "latex", "numbers.tex"))
        );
        Dictionary<string, ReportTable> shapes = ReportDocument.Build(model, new PaperReport()).Tables.ToDictionary(t => t.Id);
        int compared = 0,
            intervals = 0;
        foreach (Expected expected in DuckDb.Report(_folder).AsArray().Select(n => new Expected(n!)))
        {
            string id = $"{expected.Report}-{new StudyResults(expected.Study, []).Slug}";
            if (!shapes.TryGetValue(id, out ReportTable? shape))
                continue;
            int column = shape.Columns.TakeWhile(c => c.Key != expected.Key).Count();
            if (column == shape.Columns.Count)
                continue;
            string setting = SettingLabel.Short(expected.Setting),
                place = $"{id}, {setting}, {expected.Arm}, {expected.Key}";
            string[][] latex = ReportForms.Latex(Path.Combine(report, "latex", $"{id}.tex")),
                csv = ReportForms.Csv(Path.Combine(report, "tables", $"{id}.csv"));
            foreach (
                (string form, string[][] rows) in ((string, string[][])[])
                    [("HTML", html[id]), ("Markdown", markdown[id]), ("LaTeX", latex)]
            )
            {
                PrintedNumber? printed = PrintedNumber.Read(Row(rows)[column]);
                Assert.True(printed is not null, $"{place}: {form} has '{Row(rows)[column]}', DuckDB {expected.Value}");
                AssertPrinted(expected, printed, $"{place}, {form}");
            }
            string[] fields = Row(csv);
            string Field(string suffix) => fields[Array.IndexOf(csv[0], expected.Key + suffix)];
            AssertClose(expected.Value, Field(""), $"{place}, CSV");
            bool estimate = shape.Columns[column].Kind == ColumnKind.Estimate;
            if (estimate)
                Assert.Equal(expected.N.ToString(CultureInfo.InvariantCulture), Field("_n"));
            bool isPartial =
                shape.Rows.Single(r => r[0].Text == setting && r[1].Text == expected.Arm)[column].Mark == CellMark.Partial;
            if (isPartial && estimate)
                Assert.Equal("", Field("_low"));
            else if (expected.Low is { } low && expected.High is { } high)
            {
                AssertClose(low, Field("_low"), $"{place}, CSV");
                AssertClose(high, Field("_high"), $"{place}, CSV");
                intervals++;
            }
            string name =
                $"Rouser{LatexNumbers.Name(id)}{LatexNumbers.Name(setting)}{LatexNumbers.Name(expected.Arm)}{LatexNumbers.Name(expected.Key)}";
            AssertPrinted(
                expected,
                PrintedNumber.Read(commands[name].Replace(@"\ensuremath{-", "-", StringComparison.Ordinal).TrimEnd('}'))! with
                {
                    N = estimate ? int.Parse(commands[name + "N"], CultureInfo.InvariantCulture) : null,
                },
                $"{place}, numbers.tex"
            );
            compared++;

            string[] Row(string[][] rows) => rows.Single(r => r[0] == setting && r[1] == expected.Arm);
        }
        // Twelve rows, two of which lack seeds; every table and column of them.
        Assert.True(compared > 200, $"only {compared} numbers were compared");
        Assert.True(intervals > 50, $"only {intervals} intervals were compared");
    }

    [SkippableFact]
    public void Numbers_beside_the_paper_are_those_of_the_row_that_they_name()
    {
        DuckDb.Require();
        TableFiles.Write(_folder, Run());
        ReportModel model = ReportModel.From(TableFiles.Read(_folder).Value).Value;
        Dictionary<string, string[][]> tables = ReportForms.Markdown(
            ReportWriter.Write(model, Path.Combine(_folder, "report"), new PaperReport()).Value.Markdown
        );
        Expected[] all = [.. DuckDb.Report(_folder).AsArray().Select(n => new Expected(n!))];
        int compared = 0;
        foreach (
            (string id, Func<string, (string Report, string Key)> source) in ((string, Func<string, (string, string)>)[])
                [
                    ("paper-table-1", _ => ("accuracy", "test_accuracy_last_percent")),
                    ("paper-figure-4", _ => ("curve", "mean")),
                    (
                        "paper-table-3",
                        what =>
                            (
                                what.Contains("whole epoch", StringComparison.Ordinal) ? "dead" : "first-input-dead",
                                $"dead_mean_layer_{what["dead in layer ".Length]}_percent"
                            )
                    ),
                ]
        )
        {
            foreach (string[] row in tables[id])
            {
                if (PrintedNumber.Read(row[3]) is not { } number)
                    continue;
                (string report, string key) = source(row[1]);
                Expected expected = all.Single(e =>
                    e.Report == report && e.Key == key && $"{e.Study}: {e.Arm}, {SettingLabel.Short(e.Setting)}" == row[2]
                );
                AssertPrinted(expected, number, $"{id}, {row[0]}");
                compared++;
            }
        }
        Assert.True(compared >= 14, $"only {compared} numbers were compared");
    }

    [Fact]
    public void Rows_with_failed_missing_and_pruned_trials_are_marked_in_every_form_and_have_no_interval()
    {
        ReportModel model = ReportModel.From(Run()).Value;
        string report = Path.Combine(_folder, "report");
        ReportFiles files = ReportWriter.Write(model, report, new PaperReport()).Value;
        string setting = SettingLabel.Short(PlausibleRun.Bad);
        foreach (
            string[][] rows in (string[][][])
                [
                    ReportForms.Html(files.Html)["over-seeds-marks"],
                    ReportForms.Markdown(files.Markdown)["over-seeds-marks"],
                    ReportForms.Latex(Path.Combine(report, "latex", "over-seeds-marks.tex")),
                ]
        )
        {
            string[] incomplete = rows.Single(r => r[0] == setting && r[1] == "slayer");
            Assert.All(
                (string[])[incomplete[2], incomplete[4], incomplete[5]],
                cell => Assert.Matches(@"^\d+\.\d \^[a-z] \(1 of 4\)$", cell)
            );
            // The arm beside it has all of its seeds, but one pair only.
            string[] complete = rows.Single(r => r[0] == setting && r[1] == "rouser");
            Assert.True(PrintedNumber.Read(complete[2])!.N is null or 4);
            Assert.Matches(@"^[+−-]\d+\.\d \^[a-z] \(1 of 4\)$", complete[6]);
        }
        string[][] csv = ReportForms.Csv(Path.Combine(report, "tables", "over-seeds-marks.csv"));
        string[] row = csv.Single(r => r[0] == setting && r[1] == "slayer");
        Assert.Equal(("", "", "1"), (row[3], row[4], row[6]));
        Assert.Contains(Footnotes.OfPartial, row[^1], StringComparison.Ordinal);
        Dictionary<string, string> commands = ReportForms.Commands(Path.Combine(report, "latex", "numbers.tex"));
        const string name = "RouserOverSeedsMarksThZeroPointTwoFiveTauThreeSThreeSlayerTestAccuracyMeanPercent";
        Assert.Equal("1", commands[name + "N"]);
        Assert.DoesNotContain(name + "Low", commands.Keys);
    }

    /// <summary>
    /// Three studies: one of three seeds with a failed trial, one of five seeds, and one that has a failed, a pruned
    /// and a queued trial in one row.
    /// </summary>
    private static ResultTables Run()
    {
        RunTables run = new() { Arms = ["slayer", "rouser"], Reach = [0.8, 0.9, 0.95] };
        foreach (string setting in (string[])[PlausibleRun.Good, PlausibleRun.Bad])
        {
            foreach (string arm in (string[])["slayer", "rouser"])
            {
                for (int seed = 0; seed < 3; seed++)
                    run.Add(
                        PlausibleRun.Trial("three", arm, setting, seed, 10) with
                        {
                            State =
                                arm == "rouser" && setting == PlausibleRun.Bad && seed == 1
                                    ? TrialState.Failed
                                    : TrialState.Completed,
                        }
                    );
                for (int seed = 10; seed < 15; seed++)
                    run.Add(PlausibleRun.Trial("five", arm, setting, seed, 6));
                for (int seed = 20; seed < 24; seed++)
                {
                    TrialState state =
                        arm == "slayer" && setting == PlausibleRun.Bad
                            ? seed switch
                            {
                                21 => TrialState.Failed,
                                22 => TrialState.Pruned,
                                23 => TrialState.Queued,
                                _ => TrialState.Completed,
                            }
                            : TrialState.Completed;
                    run.Add(
                        PlausibleRun.Trial(
                            "marks",
                            arm,
                            setting,
                            seed,
                            state switch
                            {
                                TrialState.Queued => 0,
                                TrialState.Completed => 8,
                                _ => 3,
                            }
                        ) with
                        {
                            State = state,
                        }
                    );
                }
            }
        }
        return run.Build();
    }

    private static void AssertPrinted(Expected expected, PrintedNumber printed, string place)
    {
        // Half a unit of the last digit that is printed.
        double tolerance = 0.5 * Math.Pow(10, -printed.Decimals) + 1e-9;
        Assert.True(Math.Abs(expected.Value - printed.Value) <= tolerance, $"{place}: {printed.Value}, DuckDB {expected.Value}");
        if (printed.N is { } n)
            Assert.True(n == expected.N, $"{place}: n={n}, DuckDB {expected.N}");
        if (printed.Low is { } low && expected.Low is { } otherLow)
        {
            // Mean and half-width are rounded each.
            Assert.True(
                Math.Abs(low - otherLow) <= 2 * tolerance
                    && Math.Abs(printed.High!.Value - expected.High!.Value) <= 2 * tolerance,
                $"{place}: from {low} to {printed.High}, DuckDB {otherLow} to {expected.High}"
            );
        }
        else if (printed.Low is { } start)
            Assert.True(
                expected.N >= 5 && start <= printed.Value && printed.High >= printed.Value,
                $"{place}: an interval that DuckDB does not have"
            );
    }

    private static void AssertClose(double expected, string field, string place) =>
        Assert.True(
            Math.Abs(double.Parse(field, CultureInfo.InvariantCulture) - expected) <= 1e-9 * Math.Max(1, Math.Abs(expected)),
            $"{place}: {field}, DuckDB {expected}"
        );

    private sealed record Expected(
        string Report,
        string Key,
        string Study,
        string Setting,
        string Arm,
        double Value,
        int N,
        double? Low,
        double? High
    )
    {
        public Expected(JsonNode node)
            : this(
                Text(node, "report"),
                Text(node, "key"),
                Text(node, "study"),
                Text(node, "setting"),
                Text(node, "arm"),
                node["value"]!.GetValue<double>(),
                node["n"]!.GetValue<int>(),
                node["low"]?.GetValue<double>(),
                node["high"]?.GetValue<double>()
            ) { }

        private static string Text(JsonNode node, string key) => node[key]!.GetValue<string>();
    }
}
