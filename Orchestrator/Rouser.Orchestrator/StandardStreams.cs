using System.Globalization;
using Microsoft.Win32.SafeHandles;

namespace Rouser.Orchestrator;

/// <summary>
/// Standard streams that were closed when the process was started, as some cron and daemon wrappers do (<c>rouser …
/// &gt;&amp;-</c>).
/// </summary>
/// <remarks>
/// The number of a closed stream is free, so that the next file to be opened gets it, be it an assembly or the
/// journal, and every line for the terminal would be written into that file. Linux tells the two apart: what was
/// inherited has stayed open across exec, while the runtime opens its files to be closed there.
/// </remarks>
internal static class StandardStreams
{
    /// <summary>O_CLOEXEC, octal 02000000, in <c>/proc/self/fdinfo</c>.</summary>
    private const int CloseOnExec = 1 << 19;

    /// <summary>They keep the numbers taken, to the end of the process.</summary>
    private static readonly List<SafeFileHandle> Placeholders = [];

    /// <summary>Sends what is said to a closed stream nowhere. Called before anything is said.</summary>
    public static void ReplaceClosed()
    {
        if (!OperatingSystem.IsLinux())
            return;
        bool[] closed = [.. Enumerable.Range(0, 3).Select(WasClosed)];
        for (int number = 0; number < closed.Length; number++)
        {
            // The lowest number that is free is given, and those below are taken by now.
            if (closed[number] && !File.Exists(Info(number)))
                Placeholders.Add(File.OpenHandle("/dev/null", access: FileAccess.ReadWrite, share: FileShare.ReadWrite));
        }
        if (closed[0])
            Console.SetIn(TextReader.Null);
        if (closed[1])
            Console.SetOut(TextWriter.Null);
        if (closed[2])
            Console.SetError(TextWriter.Null);
    }

    private static bool WasClosed(int number)
    {
        try
        {
            string flags = File.ReadLines(Info(number)).First(line => line.StartsWith("flags:", StringComparison.Ordinal));
            return (Convert.ToInt32(flags["flags:".Length..].Trim(), 8) & CloseOnExec) != 0;
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            return true;
        }
    }

    private static string Info(int number) => string.Create(CultureInfo.InvariantCulture, $"/proc/self/fdinfo/{number}");
}
