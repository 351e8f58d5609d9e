using Rouser.Coordination;
using Rouser.Core;
using Rouser.Orchestrator.Progress;
using Rouser.Reports;
using Rouser.Reports.Documents;
using Rouser.Reports.Figures;
using Rouser.Reports.Model;
using Rouser.Reports.Paper;
using Rouser.Reports.Terminal;
using Rouser.Storage.Datasets;

namespace Rouser.Orchestrator.Sessions;

/// <summary>Makes the report of one or several runs and shows its main tables on the console.</summary>
internal static class ReportOutput
{
    private static readonly IPublishedResults[] Published = [new PaperReport()];
    private static readonly string[] Elsewhere = ["--out", "FOLDER"];

    /// <param name="runs">One or several.</param>
    /// <param name="folder">Where the report goes.</param>
    /// <param name="latex">What of the tables is set in LaTeX.</param>
    /// <param name="pictures">What makes files of the figures; none for SVG alone.</param>
    /// <returns>The exit code: 3 if trials have ended without a result.</returns>
    public static Result<int> WriteAndShow(
        IReadOnlyList<NamedRun> runs,
        string folder,
        LatexSelection latex,
        params IReadOnlyList<PictureRenderer> pictures
    ) =>
        MergedRuns
            .Of(runs)
            .Then(merged =>
            {
                ReportModel model = merged with { Command = Command(runs) };
                return Write(model, folder, latex).Then(written => Show(model, written, pictures));
            });

    /// <summary>Makes the report of a run, and shows nothing of it.</summary>
    /// <param name="run">The run.</param>
    /// <param name="folder">Where the report goes.</param>
    /// <returns>The page.</returns>
    public static Result<string> WriteQuietly(NamedRun run, string folder) =>
        MergedRuns.Of([run]).Then(model => Write(model, folder, LatexSelection.All)).Then<string>(written => written.Html);

    private static Result<ReportFiles> Write(ReportModel model, string folder, LatexSelection latex)
    {
        using var view = DatasetProgressView.OnTerminal();
        return ReportWriter.Write(
            model,
            folder,
            (work, done, total) => view.Show(new DatasetProgress(work, done, total)),
            latex,
            Published
        );
    }

    /// <summary>What a run that is planned can say of published results, in lines.</summary>
    public static Result<IReadOnlyList<string>> Prospect(RunSession planned) =>
        planned
            .ReadTables()
            .Then(ReportModel.From)
            .Then(model => Result<IReadOnlyList<string>>.Of([.. Published.SelectMany(p => p.Prospect(model))]));

    private static Result<int> Show(ReportModel model, ReportFiles written, IReadOnlyList<PictureRenderer> pictures)
    {
        foreach (StudyResults study in model.Studies)
        {
            Terminal.Table(ConsoleTables.Convergence(study, model.Run, Terminal.Width));
            // Before the first result nobody knows how many layers there are.
            if (study.Layers > 0)
                Terminal.Table(ConsoleTables.DeadNeurons(study, Published));
        }
        foreach (PublishedSection section in Published.Select(p => p.Section(model)).OfType<PublishedSection>())
            Terminal.Table(ConsoleTables.Overview(section));
        Terminal.Line($"report: {written.Html}");
        foreach (PictureRenderer renderer in pictures)
        {
            Result<IReadOnlyList<string>> drawn = renderer.Render(written.Figures, written.FiguresFolder);
            if (!drawn.IsOk)
                return Result<int>.Failed(drawn.Errors);
            Terminal.Line($"figures as {renderer.Format}: {drawn.Value.Count}, by {renderer.Name}");
        }
        foreach (string line in ConsoleAnswer.Lines(model, Terminal.Width))
            Terminal.Line(line);
        bool someLack = model.Cells.Any(c => c.State.EndedWithoutResult());
        return someLack ? ExitCode.SomeTrialsFailed : ExitCode.Ok;
    }

    // Where the report goes is no part of it: the same runs give the same bytes in any folder.
    private static string Command(IReadOnlyList<NamedRun> runs) =>
        RouserCommand.Line(["report", .. runs.Select(r => RouserCommand.Path(r.Folder)), .. runs.Count > 1 ? Elsewhere : []]);
}
