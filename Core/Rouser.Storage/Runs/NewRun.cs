using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using Rouser.Core;
using Rouser.Storage.Files;
using Rouser.Storage.Journals;

namespace Rouser.Storage.Runs;

/// <summary>
/// Makes a run's folder under a hidden name beside its place, <c>.name.PID.new</c>, and renames it: whatever is
/// killed meanwhile, the place holds a whole run or nothing.
/// </summary>
internal static class NewRun
{
    private const string Suffix = ".new";

    private const int MostTries = 10;

    /// <summary>Makes the folder; its place is free or an empty folder.</summary>
    /// <returns>Null if all is well.</returns>
    /// <exception cref="IOException">The disk refused; nothing is left.</exception>
    /// <exception cref="UnauthorizedAccessException">The folder above may not be written.</exception>
    public static UserError? Make(string path, RunText run, string specText, string planJson, string environmentJson)
    {
        string place = Path.TrimEndingDirectorySeparator(Path.GetFullPath(path));
        string parent = Path.GetDirectoryName(place) ?? throw new IOException("a run cannot take the place of the root folder");
        Directory.CreateDirectory(parent);
        DeleteLeftovers(parent, Path.GetFileName(place));
        string temporary = Path.Combine(parent, $".{Path.GetFileName(place)}.{Environment.ProcessId}{Suffix}");
        try
        {
            // The mistake names the place, because by now the hidden folder is gone.
            if (Fill(new RunPaths(temporary), run, specText, planJson, environmentJson) is UserError wrong)
                return new UserError(path, wrong.Message);
            Put(temporary, place);
        }
        finally
        {
            if (Directory.Exists(temporary))
                Directory.Delete(temporary, recursive: true);
        }
        FolderSync.Flush(parent);
        return null;
    }

    /// <summary>
    /// Moves the folder to its place. Of several processes that make the same one it is the first one's; the others
    /// leave theirs.
    /// </summary>
    private static void Put(string temporary, string place)
    {
        for (int tries = 0; ; tries++)
        {
            try
            {
                if (Directory.Exists(place))
                    Directory.Delete(place);
                Directory.Move(temporary, place);
                return;
            }
            catch (IOException) when (File.Exists(new RunPaths(place).Run))
            {
                return;
            }
            catch (IOException) when (tries < MostTries)
            {
                // Another process has just deleted the empty folder, or is about to put its own there.
            }
        }
    }

    private static UserError? Fill(RunPaths paths, RunText run, string specText, string planJson, string environmentJson)
    {
        foreach (string folder in (string[])[paths.Folder, paths.Metrics, paths.Checkpoints, paths.Report])
            Directory.CreateDirectory(folder);
        DurableFile.WriteText(paths.Spec, specText);
        DurableFile.WriteText(paths.Plan, planJson);
        DurableFile.WriteText(paths.Environment, environmentJson);
        Result<SqliteJournal> journal = SqliteJournal.Open(paths.Journal);
        if (!journal.IsOk)
            return journal.Errors[0];
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
                Delete(leftover);
        }
    }

    private static void Delete(string leftover)
    {
        try
        {
            Directory.Delete(leftover, recursive: true);
        }
        catch (DirectoryNotFoundException)
        {
            // Another process has found it too.
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
