using System.Text.RegularExpressions;
using Rouser.Reports.Documents;
using Rouser.Reports.Figures;
using Rouser.Reports.Model;
using Rouser.Reports.Tables;
using Rouser.Reports.Terminal;
using Rouser.Snn;
using Rouser.Storage.Parquet;
using Rouser.Sweeps;
using Rouser.Testing;

namespace Rouser.Reports.Tests;

/// <summary>
/// README's pictures and its sentence, which are made of the tables of the quickstart in <c>docs/quickstart</c>. With
/// <c>SNAPSHOT_UPDATE=1</c> these tests make them. A trial's results follow from its identity alone, so the numbers
/// hold as long as the quickstart asks for the trials of those tables.
/// </summary>
public sealed partial class ReadmeTests
{
    private static readonly ReportModel Quickstart = TableFiles
        .Read(Repository.Path("docs", "quickstart"))
        .Then(ReportModel.From)
        .Value;

    [Fact]
    public void Tables_that_the_pictures_are_made_of_hold_the_trials_of_the_quickstart()
    {
        string path = Repository.Path("sweeps", "quickstart.yaml");
        SweepSpec spec = SpecReader.Read(path, File.ReadAllText(path), []).Value;
        string data = Assert.Single(Quickstart.Cells.Select(c => c.DatasetDigest).Distinct());
        Plan plan = Planner.Create(spec, _ => data, _ => FusedEngine.Version).Value;
        Assert.Equal(plan.Trials.Select(t => t.Id.Value).Order(), Quickstart.Cells.Select(c => c.TrialId).Order());
        Assert.All(Quickstart.Cells, c => Assert.True(c.IsComplete));
    }

    [Fact]
    public void Pictures_show_the_numbers_of_the_quickstart()
    {
        StudyResults study = Assert.Single(Quickstart.Studies);
        AssertFile("quickstart-answer.svg", FigureSvg.Render(AnswerFigure.Build(Quickstart)!));
        AssertFile(
            "quickstart-accuracy.svg",
            FigureSvg.Render(StudyFigures.Accuracy(study, StudyAnswer.Finding(study, Quickstart))!)
        );
    }

    [Fact]
    public void Readme_report_and_the_last_lines_on_a_terminal_say_the_same()
    {
        StudyResults study = Assert.Single(Quickstart.Studies);
        string sentence = StudyAnswer.Sentence(study, Quickstart),
            path = Repository.Path("README.md"),
            readme = File.ReadAllText(path);
        if (Snapshot.Rewrite)
        {
            string quoted = string.Join('\n', Format.Wrap(sentence, 96).Select(line => $"> {line}"));
            readme = Quoted().Replace(readme, $"<!-- quickstart -->\n{quoted}\n<!-- end of quickstart -->");
            File.WriteAllText(path, readme);
        }
        string said = string.Join(
            ' ',
            Quoted().Match(readme).Groups["lines"].Value.Split('\n').Select(line => line.TrimStart('>').Trim())
        );
        Assert.Equal(sentence, said.Trim());
        Assert.EndsWith(sentence, string.Join(' ', ConsoleAnswer.Lines(Quickstart, 80)), StringComparison.Ordinal);
        Bullets answers = ReportDocument.Build(Quickstart).Blocks.OfType<Bullets>().First();
        Assert.Equal(sentence, Assert.Single(answers.Items).Text);
    }

    private static void AssertFile(string name, string text)
    {
        string path = Repository.Path("docs", name);
        if (Snapshot.Rewrite)
            File.WriteAllText(path, text);
        Assert.True(File.ReadAllText(path).ReplaceLineEndings("\n") == text, $"docs/{name} is not what the quickstart gives");
    }

    [GeneratedRegex("<!-- quickstart -->\n(?<lines>.*?)\n<!-- end of quickstart -->", RegexOptions.Singleline)]
    private static partial Regex Quoted();
}
