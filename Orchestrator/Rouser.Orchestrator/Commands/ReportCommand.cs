using System.CommandLine;
using Rouser.Core;
using Rouser.Orchestrator.Sessions;
using Rouser.Reports.Documents;
using Rouser.Reports.Figures;
using Rouser.Reports.Model;
using Rouser.Storage.Runs;

namespace Rouser.Orchestrator.Commands;

/// <summary>
/// <c>rouser report DIR…</c>: the tables and the report of a run, finished or not, or of several runs as one.
/// </summary>
internal static class ReportCommand
{
    // In the order of LatexSeeds.
    private static readonly string[] SeedsWords = [.. Enum.GetNames<LatexSeeds>().Select(name => name.ToLowerInvariant())];

    public static Command Build()
    {
        Argument<string[]> folders = Options.ResultFolders();
        Option<string?> output = Options.Output("Folder of the report (default: DIR/report; required for several runs).");
        Option<string?> journal = Options.Journal();
        var format = new Option<string[]>("--format")
        {
            Description =
                "Also write each figure as png (twice as large), or as pdf (as wide as a column of a paper), with "
                + "rsvg-convert, inkscape or chromium, whichever is on PATH.",
            HelpName = string.Join('|', PictureRenderer.Formats),
        };
        format.AcceptOnlyFromAmong([.. PictureRenderer.Formats]);
        var columns = new Option<string[]>("--latex-columns")
        {
            Description =
                "Columns of the LaTeX tables, by their names in the first lines of tables/*.csv, where * stands for any "
                + "text (default: all). Columns that name a row stay, and a table that has none of them keeps all. Can be "
                + "repeated.",
            HelpName = "NAME,…",
        };
        var seeds = new Option<string>("--latex-n")
        {
            Description =
                "Where the LaTeX tables say the number of seeds: once, in the caption, where it is the same in all "
                + "cells; always, in each cell; never.",
            HelpName = string.Join('|', SeedsWords),
            DefaultValueFactory = _ => SeedsWords[0],
        };
        seeds.AcceptOnlyFromAmong(SeedsWords);
        var command = new Command(
            "report",
            "Write the Parquet tables and the report of a run, even while it is being trained. Several runs make "
                + "one report; a trial that they share counts once."
        )
        {
            folders,
            output,
            journal,
            format,
            columns,
            seeds,
        };
        command.SetAction(parsed =>
            Execute(
                parsed.GetRequiredValue(folders),
                parsed.GetValue(output),
                parsed.GetValue(journal),
                parsed.GetValue(format) ?? [],
                new LatexSelection(
                    [.. (parsed.GetValue(columns) ?? []).SelectMany(list => list.Split(',', NameParts))],
                    (LatexSeeds)Array.IndexOf(SeedsWords, parsed.GetRequiredValue(seeds))
                )
            )
        );
        return command;
    }

    private const StringSplitOptions NameParts = StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries;

    private static int Execute(string[] paths, string? output, string? journal, string[] formats, LatexSelection latex)
    {
        // Looked for first, so that nobody waits for a report to learn that a program is missing.
        List<PictureRenderer> renderers = [];
        foreach (string format in formats.Distinct())
        {
            Result<PictureRenderer> renderer = PictureRenderer.Find(Environment.GetEnvironmentVariable("PATH"), format);
            if (!renderer.IsOk)
                return Terminal.WriteError(renderer.Errors);
            renderers.Add(renderer.Value);
        }
        if (paths.Length > 1 && output is null)
            return Terminal.WriteError([new UserError("--out", "name a folder for the report of several runs")]);
        Result<IReadOnlyList<NamedRun>> runs = ReadAll(paths, journal);
        Result<int> reported = runs.Then(r =>
            ReportOutput.WriteAndShow(r, output ?? new RunPaths(paths[0]).Report, latex, renderers)
        );
        return reported.IsOk ? reported.Value : Terminal.WriteError(reported.Errors);
    }

    /// <summary>The results in each folder, or what is wrong with the first that has none.</summary>
    internal static Result<IReadOnlyList<NamedRun>> ReadAll(IReadOnlyList<string> paths, string? journal)
    {
        List<NamedRun> runs = [];
        foreach (string path in paths)
        {
            Result<NamedRun> run = RunResults.Read(path, journal);
            if (!run.IsOk)
                return Result<IReadOnlyList<NamedRun>>.Failed(run.Errors);
            runs.Add(run.Value);
        }
        return runs;
    }
}
