using System.Xml;
using Rouser.Coordination;
using Rouser.Core;
using Rouser.Reports.Model;
using Rouser.Reports.Paper;
using Rouser.Reports.Tables;
using Rouser.Reports.Terminal;
using Rouser.Reports.Tests.Fixtures;

namespace Rouser.Reports.Tests;

public sealed class ReportWriterTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("rouser-report-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Page_and_figures_are_well_formed()
    {
        ReportFiles files = ReportWriter.Write(PlausibleRun.Build(), _folder, new PaperReport()).Value;
        string[] figures = [.. files.Others.Where(f => f.EndsWith(".svg", StringComparison.Ordinal))];
        Assert.NotEmpty(figures);
        Assert.All(
            [files.Html, .. figures],
            path =>
            {
                using XmlReader reader = XmlReader.Create(path, new XmlReaderSettings { DtdProcessing = DtdProcessing.Ignore });
                while (reader.Read()) { }
            }
        );
    }

    [Fact]
    public void Same_tables_give_the_same_bytes()
    {
        string one = Path.Combine(_folder, "one"),
            two = Path.Combine(_folder, "two");
        ReportFiles files = ReportWriter.Write(PlausibleRun.Build(), one, new PaperReport()).Value;
        ReportWriter.Write(PlausibleRun.Build(), two, new PaperReport());
        Assert.All(
            [files.Html, files.Markdown, .. files.Others],
            path => Assert.Equal(File.ReadAllBytes(path), File.ReadAllBytes(Path.Combine(two, Path.GetRelativePath(one, path))))
        );
    }

    [Fact]
    public void Markdown_refers_to_files_that_are_there()
    {
        ReportFiles files = ReportWriter.Write(PlausibleRun.Build(), _folder, new PaperReport()).Value;
        string[] links =
        [
            .. System
                .Text.RegularExpressions.Regex.Matches(File.ReadAllText(files.Markdown), @"\]\(([^)]+)\)")
                .Select(m => m.Groups[1].Value)
                .Where(link => link[0] != '#'),
        ];
        Assert.NotEmpty(links);
        Assert.All(links, link => Assert.True(File.Exists(Path.Combine(_folder, link)), link));
    }

    [Fact]
    public void Nothing_but_the_report_is_left_in_the_folder()
    {
        ReportFiles files = ReportWriter.Write(PlausibleRun.Build(), _folder, new PaperReport()).Value;
        Assert.Equal(
            ((string[])[files.Html, files.Markdown, .. files.Others]).Order(),
            Directory.GetFiles(_folder, "*", SearchOption.AllDirectories).Order()
        );
    }

    [Fact]
    public void Folder_that_is_a_file_is_a_mistake()
    {
        string path = Path.Combine(_folder, "taken");
        File.WriteAllText(path, "");
        UserError mistake = Assert.Single(ReportWriter.Write(PlausibleRun.Build(), path, new PaperReport()).Errors);
        Assert.Equal(path, mistake.Location);
    }

    [Fact]
    public void Run_without_a_finished_trial_is_reported_too()
    {
        ReportFiles files = ReportWriter
            .Write(new RunTables().Add(new FixtureTrial("slayer", "", 0, []) { State = TrialState.Queued }).Build(), _folder)
            .Value;
        string markdown = File.ReadAllText(files.Markdown);
        Assert.Contains("No trial has its result yet: 1 queued.", markdown, StringComparison.Ordinal);
        Assert.DoesNotContain("Convergence", markdown, StringComparison.Ordinal);
    }

    // "yet" would promise a result that cannot come.
    [Fact]
    public void Run_of_which_every_trial_has_failed_says_so()
    {
        FixtureTrial failed = new("slayer", "", 0, []) { State = TrialState.Failed };
        ReportModel model = ReportModel.From(new RunTables().Add(failed).Add(failed with { Seed = 1 }).Build()).Value;
        Assert.Equal("No trial has its result: 2 failed.", StudyAnswer.Sentence(model.Studies.Single(), model));
        Assert.DoesNotContain("[a]", string.Join(' ', ConsoleTables.Convergence(model.Studies.Single(), model.Run, 100).Notes));
    }

    [Fact]
    public void One_epoch_and_one_seed_are_enough_for_every_figure()
    {
        ReportFiles files = ReportWriter
            .Write(new RunTables().Add("slayer", "", 0, 0.5).Add("rouser", "", 0, 0.5).Build(), _folder)
            .Value;
        Assert.All(
            files.Others.Where(f => f.EndsWith(".svg", StringComparison.Ordinal)),
            f => Assert.DoesNotContain("NaN", File.ReadAllText(f), StringComparison.Ordinal)
        );
    }
}
