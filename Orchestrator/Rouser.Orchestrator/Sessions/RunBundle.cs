using System.IO.Compression;
using Rouser.Cluster.Serving;
using Rouser.Coordination;
using Rouser.Core;
using Rouser.Orchestrator.Exports;
using Rouser.Reports.Model;
using Rouser.Storage.Files;
using Rouser.Storage.Runs;
using Rouser.Storage.Store;

namespace Rouser.Orchestrator.Sessions;

/// <summary>
/// All that a reader of a paper needs of a run, in one folder or one zip file: the sweep and its plan, the tables, the
/// report with its verdicts, and the result of every completed trial, to be trained again by <c>rouser verify</c>. It
/// names no folder of this machine, and the same run gives the same bytes.
/// </summary>
internal static class RunBundle
{
    /// <summary>The folder of the results in a bundle.</summary>
    public const string ResultsName = "results";

    private const string ZipEnding = ".zip";

    private const int EventsAtOnce = 1024;

    /// <summary>Makes a bundle.</summary>
    /// <param name="session">The run.</param>
    /// <param name="output">The folder, or the file if it ends in <c>.zip</c>; must not be there yet.</param>
    /// <param name="licence">Under which the files may be used; null if the user said nothing.</param>
    /// <returns>How many results are in it, and how many trials are planned.</returns>
    public static Result<(int Results, int Trials)> Write(RunSession session, string output, string? licence)
    {
        if (File.Exists(output) || Directory.Exists(output))
            return new UserError(output, "is there already; remove it, or name another file or folder with --out");
        using StagedFolder staged = new(output);
        try
        {
            Result<(int, int)> filled = Fill(session, staged.Path, licence);
            if (filled.IsOk && IsZip(output))
                Zip(staged.Path, output);
            else if (filled.IsOk)
                staged.Appear();
            return filled;
        }
        catch (Exception e) when (DiskProblem.IsOne(e))
        {
            return DiskProblem.ToUserError(output, e);
        }
    }

    /// <summary>Opens a bundle.</summary>
    /// <param name="path">A folder, or a zip file, which is unpacked.</param>
    /// <param name="temporary">Where a zip file is unpacked.</param>
    /// <returns>The folder.</returns>
    public static Result<string> Open(string path, string temporary)
    {
        if (Directory.Exists(path))
            return path;
        if (!File.Exists(path))
            return new UserError(path, "there is no such bundle; 'rouser bundle DIR' makes one of a run");
        try
        {
            ZipFile.ExtractToDirectory(path, temporary);
            return temporary;
        }
        catch (InvalidDataException)
        {
            return new UserError(path, "is no zip file, or a damaged one");
        }
        catch (Exception e) when (DiskProblem.IsOne(e))
        {
            return DiskProblem.ToUserError(path, e);
        }
    }

    private static Result<(int Results, int Trials)> Fill(RunSession session, string folder, string? licence)
    {
        // The report first: it makes the tables, and says what is wrong with them.
        Result<NamedRun> run = RunResults.Of(session);
        if (!run.IsOk)
            return Result<(int, int)>.Failed(run.Errors);
        (RunPaths from, RunPaths to) = (session.Folder.Paths, new(folder));
        Result<string> reported = ReportOutput.WriteQuietly(run.Value, to.Report);
        if (!reported.IsOk)
            return Result<(int, int)>.Failed(reported.Errors);
        File.Copy(from.Spec, to.Spec);
        File.Copy(from.Plan, to.Plan);
        File.Copy(from.Run, to.Run);
        Directory.CreateDirectory(to.Metrics);
        // Not what locks them.
        foreach (string table in Directory.GetFiles(from.Metrics).Where(f => Path.GetFileName(f)[0] != '.'))
            File.Copy(table, Path.Combine(to.Metrics, Path.GetFileName(table)));

        Result<IJournal> opened = session.OpenJournalToRead();
        if (!opened.IsOk)
            return Result<(int, int)>.Failed(opened.Errors);
        using IJournal journal = opened.Value;
        ResultStore store = new(Path.Combine(folder, ResultsName), Terminal.Notice, bound: long.MaxValue);
        StoredTrials results = new(
            store,
            session.Spec.Run.Keep,
            session.Models,
            session.Predictions,
            new ResultOrigin("", session.Spec.Name, EnvironmentProbe.Version, "", ".", null),
            machine: null,
            session.OpenJournalToRead
        )
        {
            IncludesReused = true,
        };
        CoordinatorState state = Coordinator.Open(session.Plan, session.Spec.Run, journal).State;
        DateTimeOffset ended = DateTimeOffset.UnixEpoch;
        // A part at a time: the journal of a large sweep does not fit into memory.
        foreach (Event[] part in journal.Read().Chunk(EventsAtOnce))
        {
            results.Record(state, part, put => put());
            ended = part.Select(e => e.At).Append(ended).Max();
        }
        ResearchCrate.Describe(folder, session.Spec.Name, licence, ended, session.Origin.Environment);
        return (store.Files().Count, session.Plan.Trials.Count);
    }

    private static bool IsZip(string output) => output.EndsWith(ZipEnding, StringComparison.OrdinalIgnoreCase);

    // In one order and with one time, so that the same folder gives the same bytes.
    private static void Zip(string folder, string output)
    {
        string temporary = folder + ZipEnding;
        using (ZipArchive zip = ZipFile.Open(temporary, ZipArchiveMode.Create))
        {
            string[] files =
            [
                .. Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories).Order(StringComparer.Ordinal),
            ];
            foreach (string file in files)
            {
                ZipArchiveEntry entry = zip.CreateEntry(Path.GetRelativePath(folder, file).Replace('\\', '/'));
                entry.LastWriteTime = new DateTimeOffset(1980, 1, 1, 0, 0, 0, TimeSpan.Zero);
                using Stream to = entry.Open();
                using FileStream from = File.OpenRead(file);
                from.CopyTo(to);
            }
        }
        File.Move(temporary, output);
    }
}
