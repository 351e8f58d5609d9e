using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using Rouser.Core;
using Rouser.Storage.Files;
using Rouser.Storage.Journals;

namespace Rouser.Storage.Runs;

/// <summary>
/// Makes a run's folder under a hidden name beside its place, <c>.name.PID.new</c>, and renames it: whatever is killed meanwhile, the place
/// holds a whole run or nothing.
/// </summary>
internal static class NewRun
{
    private const string Suffix = ".new";

    /// <summary>Makes the folder; its place is free or an empty folder.</summary>
    /// <returns>Null if all is well.</returns>
    /// <exception cref="IOException">The disk refused; nothing is left.</exception>
    /// <exception cref="UnauthorizedAccessException">The folder above may not be written.</exception>
    public static Mistake? Make(string path, RunText run, string specText, string planJson, string environmentJson)
    {
        string place = Path.TrimEndingDirectorySeparator(Path.GetFullPath(path));
        string parent = Path.GetDirectoryName(place) ?? throw new IOException("a run cannot take the place of the root folder");
        Directory.CreateDirectory(parent);
        DeleteLeftovers(parent, Path.GetFileName(place));
        string temporary = Path.Combine(parent, $".{Path.GetFileName(place)}.{Environment.ProcessId}{Suffix}");
        try
        {
            // The mistake names the place, because by now the hidden folder is gone.
            if (Fill(new RunPaths(temporary), run, specText, planJson, environmentJson) is Mistake wrong) return new Mistake(path, wrong.Message);
            if (Directory.Exists(place)) Directory.Delete(place);
            Directory.Move(temporary, place);
        }
        finally
        {
            if (Directory.Exists(temporary)) Directory.Delete(temporary, recursive: true);
        }
        FolderSync.Flush(parent);
        return null;
    }

    private static Mistake? Fill(RunPaths paths, RunText run, string specText, string planJson, string environmentJson)
    {
        foreach (string folder in (string[])[paths.Folder, paths.Metrics, paths.Checkpoints, paths.Report]) Directory.CreateDirectory(folder);
        DurableFile.WriteText(paths.Spec, specText);
        DurableFile.WriteText(paths.Plan, planJson);
        DurableFile.WriteText(paths.Environment, environmentJson);
        Result<SqliteJournal> journal = SqliteJournal.Open(paths.Journal);
        if (!journal.IsOk) return journal.Mistakes[0];
        journal.Value.Dispose();
        DurableFile.WriteText(paths.Run, JsonSerializer.Serialize(run, RunJsonContext.Default.RunText));
        return null;
    }

    // Of processes that were killed while they made the same folder.
    private static void DeleteLeftovers(string parent, string name)
    {
        foreach (string leftover in Directory.GetDirectories(parent, $".{name}.*{Suffix}"))
        {
            string pid = Path.GetFileName(leftover)[(name.Length + 2)..^Suffix.Length];
            if (int.TryParse(pid, NumberStyles.None, CultureInfo.InvariantCulture, out int id) && !IsAlive(id))
                Directory.Delete(leftover, recursive: true);
        }
    }

    private static bool IsAlive(int pid)
    {
        try
        {
            using Process process = Process.GetProcessById(pid);
            return true;
        }
        catch (ArgumentException)
        {
            return false;
        }
    }
}
