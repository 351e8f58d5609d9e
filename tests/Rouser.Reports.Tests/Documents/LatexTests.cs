using System.Text;
using System.Text.RegularExpressions;
using Rouser.Core;
using Rouser.Reports.Documents;
using Rouser.Reports.Model;
using Rouser.Reports.Paper;
using Rouser.Reports.Statistics;
using Rouser.Reports.Tables;
using Rouser.Reports.Tests.Agreement;
using Rouser.Reports.Tests.Fixtures;
using Rouser.Storage.Parquet;
using Rouser.Testing;

namespace Rouser.Reports.Tests.Documents;

/// <summary>
/// Tables in LaTeX, set by pdfLaTeX where it is installed: what is too wide or too high is an overfull box.
/// </summary>
public sealed partial class LatexTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("rouser-latex-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [SkippableTheory]
    [InlineData("quickstart")]
    [InlineData("subset")]
    [InlineData("grid")]
    [InlineData("long names")]
    public void Tables_fit_an_article_of_one_column_and_of_two(string run)
    {
        Skip.If(ToolProcess.Run("pdflatex", "--version").Code != 0, "no pdflatex on PATH");
        ReportModel model =
            run == "quickstart"
                ? TableFiles.Read(Repository.Path("docs", "quickstart")).Then(ReportModel.From).Value
                : ReportModel
                    .From(
                        run == "subset" ? SubsetRun.Build()
                        : run == "grid" ? SweepRun.Build()
                        : LongNames()
                    )
                    .Value;
        Assert.True(ReportWriter.Write(model, _folder, new PaperReport()).IsOk);
        string[] tables =
        [
            .. Directory
                .GetFiles(Path.Combine(_folder, "latex"), "*.tex")
                .Select(f => Path.GetFileName(f)!)
                .Order(StringComparer.Ordinal),
        ];
        // The lower page and the narrower column.
        List<string> faults = [];
        foreach (string options in (string[])["letterpaper", "a4paper,twocolumn"])
        {
            string name = options.Replace(',', '-');
            StringBuilder text = new(
                $"\\documentclass[10pt,{options}]{{article}}\n\\usepackage{{array,booktabs}}\n\\begin{{document}}\n"
            );
            foreach (string table in tables)
                text.Append($"\\typeout{{<{table}>}}\\input{{latex/{table}}}\\clearpage\n");
            File.WriteAllText(Path.Combine(_folder, name + ".tex"), text.Append("\\end{document}\n").ToString());
            (int code, string output, _) = ToolProcess.Run(
                "pdflatex",
                "-interaction=nonstopmode",
                "-halt-on-error",
                $"-output-directory={_folder}",
                $"-jobname={name}",
                $"\\makeatletter\\def\\input@path{{{{{_folder}/}}}}\\makeatother\\input{{{name}.tex}}"
            );
            // The part of the log after the name of a table is about that table.
            faults.AddRange(
                output
                    .Split("\n<")
                    .Skip(1)
                    .Where(part => Fault().IsMatch(part))
                    .Select(part =>
                        $"{options}: {part[..part.IndexOf('>', StringComparison.Ordinal)]}: {Fault().Match(part).Value}"
                    )
            );
            if (code != 0)
                faults.Add($"exit code {code}");
        }
        Assert.Empty(faults);
    }

    [Fact]
    public void Wide_table_stands_in_parts_that_name_the_rows_again_and_says_a_common_n_once()
    {
        ReportTable table = Table(rows: 3, columns: 12);
        string latex = LatexRenderer.Render(table);
        Assert.Contains("Everywhere n = 4.", latex, StringComparison.Ordinal);
        Assert.DoesNotContain("(n=4)", latex, StringComparison.Ordinal);
        Assert.Contains(LatexRenderer.NextPart + "1", latex, StringComparison.Ordinal);
        AssertRows(table, latex);
    }

    [Fact]
    public void Long_table_goes_on_in_another_float()
    {
        ReportTable table = Table(rows: 200, columns: 2);
        string latex = LatexRenderer.Render(table);
        Assert.Equal(latex.Split("\\begin{table}").Length - 1, latex.Split("\\caption{").Length - 1);
        Assert.Contains("\\caption{(continued)}", latex, StringComparison.Ordinal);
        AssertRows(table, latex);
    }

    [Fact]
    public void Few_columns_keep_large_type_and_one_column_of_the_page()
    {
        string latex = LatexRenderer.Render(Table(rows: 3, columns: 1));
        Assert.Contains("\\begin{table}\n", latex, StringComparison.Ordinal);
        Assert.Contains("\\small", latex, StringComparison.Ordinal);
    }

    [Fact]
    public void Columns_asked_for_stand_beside_those_that_name_the_row_and_a_table_without_them_keeps_all()
    {
        ReportTable table = Table(rows: 3, columns: 12);
        ReportTable asked = table with
        {
            Columns = [table.Columns[0], table.Columns[2], .. table.Columns.Skip(11)],
            Rows = [.. table.Rows.Select(IReadOnlyList<ReportCell> (row) => [row[0], row[2], .. row.Skip(11)])],
        };
        AssertRows(asked, LatexRenderer.Render(table, new LatexSelection(["after_1?", "after_1"], LatexSeeds.Once)));
        AssertRows(table, LatexRenderer.Render(table, new LatexSelection(["other"], LatexSeeds.Once)));
    }

    [Theory]
    [InlineData(LatexSeeds.Always, 3, false)]
    [InlineData(LatexSeeds.Once, 0, true)]
    [InlineData(LatexSeeds.Never, 0, false)]
    public void Number_of_seeds_is_said_where_it_is_asked_for(LatexSeeds seeds, int inCells, bool inCaption)
    {
        string latex = LatexRenderer.Render(Table(rows: 3, columns: 1), new LatexSelection([], seeds));
        Assert.Equal(inCells, latex.Split("(n=4)").Length - 1);
        Assert.Equal(inCaption, latex.Contains("Everywhere n = 4.", StringComparison.Ordinal));
    }

    [Fact]
    public void Column_that_no_table_has_is_named()
    {
        ReportModel model = ReportModel.From(PlausibleRun.Build()).Value;
        UserError mistake = Assert.Single(
            ReportWriter
                .Write(model, _folder, null, new LatexSelection(["test_accuracy_last_percent", "best"], LatexSeeds.Once))
                .Errors
        );
        Assert.Contains("no table has a column 'best'", mistake.ToString(), StringComparison.Ordinal);
        Assert.Empty(Directory.GetFileSystemEntries(_folder));
    }

    private void AssertRows(ReportTable table, string latex)
    {
        string path = Path.Combine(_folder, "table.tex");
        File.WriteAllText(path, latex);
        Assert.Equal(
            table.Rows.Select(row => string.Join('|', row.Select(c => c.Text))),
            ReportForms.Latex(path).Select(row => string.Join('|', row))
        );
    }

    private static ReportTable Table(int rows, int columns)
    {
        TableBuilder<int> table = new TableBuilder<int>().AddHeader("setting", "setting", row => $"Th={row}, τ=3");
        for (int c = 0; c < columns; c++)
        {
            double offset = 10 * c;
            table.AddEstimate(
                $"after {c}",
                $"after_{c}",
                row => ReportCell.Of(Estimate.Of([row + offset, row + offset + 1, row + offset + 2, row + offset + 4]), 1)
            );
        }
        return table.Build("tall", "A table.", Enumerable.Range(0, rows));
    }

    // Names that nobody should give, and somebody will.
    private static Results.ResultTables LongNames()
    {
        RunTables run = new()
        {
            Arms = ["fixed_threshold_with_weight_normalization_and_more_words", "rouser \"learned\" 100 % & {all} #1"],
            CompareTo = "fixed_threshold_with_weight_normalization_and_more_words",
        };
        foreach (string arm in run.Arms)
        {
            for (int seed = 0; seed < 3; seed++)
                run.Add(
                    new FixtureTrial(
                        arm,
                        "threshold.init=1.25 surrogate.tau=3.75 surrogate.scale=1.5",
                        seed,
                        [0.5, 0.6 + 0.1 * seed]
                    )
                    {
                        Study = "A study with a long name, of_which_one_word_is_longer_than_a_column_of_a_page_of_two <x>",
                        State = seed == 2 ? Coordination.TrialState.Failed : Coordination.TrialState.Completed,
                        Reason =
                            seed == 2
                                ? "cannot read /somewhere/far/away/in/a/folder/with/a/very/long/name/recording_00001.bin ~ ^ \\"
                                : null,
                    }
                );
        }
        return run.Build();
    }

    [GeneratedRegex(@"^Overfull.*|^!.*|.*Float too large.*", RegexOptions.Multiline)]
    private static partial Regex Fault();
}
