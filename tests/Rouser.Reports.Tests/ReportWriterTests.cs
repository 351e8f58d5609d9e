using System.Xml;
using Rouser.Coordination;
using Rouser.Core;
using Rouser.Reports.Paper;
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
        Assert.Contains("No trial of this study has its result yet.", File.ReadAllText(files.Markdown), StringComparison.Ordinal);
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
