using System.Diagnostics;
using System.Globalization;
using Rouser.Core;
using Rouser.Storage.Files;

namespace Rouser.Storage.Parquet;

/// <summary>
/// Vouches for tables that no digest vouches for: a process of its own reads them first, within bounds of time and
/// memory, and names the digests of those that can be read. What damage does to Parquet.Net is then that process's
/// end: a loop without an end cannot be cancelled in .NET, and neither can a stack that overflows or memory that runs
/// out be caught for sure, but a process can be ended from outside.
/// </summary>
/// <param name="program">What to start to have a process that calls <see cref="Answer"/> with the files that are
/// added to its arguments.</param>
/// <param name="patience">How long a file may take beside a second a megabyte; null for half a minute.</param>
public sealed class TableProbe(Func<ProcessStartInfo> program, TimeSpan? patience = null)
{
    // Reading takes some three times a file's length, and much more where a table repeats itself: ten bytes may stand
    // for any number of rows.
    private const long Memory = 512L << 20,
        MemoryPerByte = 16;

    private readonly TimeSpan _patience = patience ?? TimeSpan.FromSeconds(30);

    /// <summary>
    /// The digests of the three tables in a folder; a table that cannot be read is a mistake with its path.
    /// </summary>
    public Result<TableDigests> Digests(string folder)
    {
        IReadOnlyList<string> paths = TableFiles.PathsIn(folder);
        IReadOnlyList<Result<string>> digests = Digests(paths);
        UserError[] mistakes = [.. digests.SelectMany(d => d.Errors)];
        if (mistakes.Length > 0)
            return Result<TableDigests>.Failed(mistakes);
        return new TableDigests(paths.Zip(digests).ToDictionary(p => Path.GetFileName(p.First), p => p.Second.Value));
    }

    /// <summary>
    /// The digest of each file, or why it cannot be read. A file that takes too much ends its process, and another
    /// goes on with the next.
    /// </summary>
    public IReadOnlyList<Result<string>> Digests(IReadOnlyList<string> paths)
    {
        List<Result<string>> digests = [];
        while (digests.Count < paths.Count)
            AskOnce(paths, digests);
        return digests;
    }

    /// <summary>
    /// The process's side: reads the files and writes one line for each, its digest or what is wrong with it.
    /// </summary>
    /// <param name="paths">The files.</param>
    /// <param name="output">Where the other side reads.</param>
    public static void Answer(IEnumerable<string> paths, TextWriter output)
    {
        foreach (string path in paths)
        {
            Result<string> digest = DigestOfReadable(path);
            output.WriteLine(digest.IsOk ? digest.Value : $"{Wrong}{digest.Errors[0].Message.ReplaceLineEndings(" ")}");
            output.Flush();
        }
    }

    private const string Wrong = "! ",
        TooMuchMemory = "memory";

    private static Result<string> DigestOfReadable(string path)
    {
        try
        {
            using FileStream file = File.OpenRead(path);
            string digest = TableDigests.Of(file);
            file.Position = 0;
            return ParquetTableReader.Read(file, path).Then<string>(_ => digest);
        }
        catch (OutOfMemoryException)
        {
            return new UserError(path, TooMuchMemory);
        }
        catch (Exception e) when (DiskProblem.IsOne(e))
        {
            return TableFiles.Unreadable(path, e);
        }
    }

    // Until every file has its answer, or one has ended the process.
    private void AskOnce(IReadOnlyList<string> paths, List<Result<string>> digests)
    {
        string[] left = [.. paths.Skip(digests.Count)];
        long memory = Memory + MemoryPerByte * left.Max(Length);
        using Process process = Start(left, memory);
        foreach (string path in left)
        {
            TimeSpan limit = _patience + TimeSpan.FromSeconds(Length(path) / 1e6);
            Task<string?> line = process.StandardOutput.ReadLineAsync();
            if (!line.Wait(limit))
            {
                process.Kill();
                digests.Add(
                    Unreadable(path, string.Create(CultureInfo.InvariantCulture, $"takes longer than {limit.TotalSeconds:F0} s"))
                );
                break;
            }
            if (line.Result is not string answer)
            {
                process.WaitForExit();
                digests.Add(Unreadable(path, $"breaks the reader (exit code {process.ExitCode})"));
                break;
            }
            digests.Add(
                answer == Wrong + TooMuchMemory ? Unreadable(path, $"takes more than {memory >> 20} MiB of memory")
                : answer.StartsWith(Wrong, StringComparison.Ordinal) ? new UserError(path, answer[Wrong.Length..])
                : answer
            );
        }
        process.WaitForExit();
    }

    private Process Start(string[] paths, long memory)
    {
        ProcessStartInfo start = program();
        foreach (string path in paths)
            start.ArgumentList.Add(path);
        start.Environment["DOTNET_GCHeapHardLimit"] = memory.ToString("x", CultureInfo.InvariantCulture);
        (start.UseShellExecute, start.RedirectStandardInput, start.RedirectStandardOutput, start.RedirectStandardError) = (
            false,
            true,
            true,
            true
        );
        Process process = Process.Start(start)!;
        // What a broken reader has to say of itself is for nobody.
        process.ErrorDataReceived += static (_, _) => { };
        process.BeginErrorReadLine();
        return process;
    }

    private static UserError Unreadable(string path, string what) =>
        new(path, $"reading it {what}, so it is damaged or no table of rouser's; copy it again from where it was written");

    private static long Length(string path) => File.Exists(path) ? new FileInfo(path).Length : 0;
}
