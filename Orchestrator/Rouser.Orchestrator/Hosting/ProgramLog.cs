using NLog;
using NLog.Config;
using NLog.Targets;
using Rouser.Core;

namespace Rouser.Orchestrator.Hosting;

/// <summary>
/// Where the program's log goes. Info is what happened, as it should; a warning is about something that the program
/// lives with, and is one line without a stack trace; an error is a defect or a disk, and is told in full in a file.
/// </summary>
internal static class ProgramLog
{
    private const int LongestLine = 4000;

    /// <summary>On one harmless line, whatever was said by whom.</summary>
    private const string Message = "${one-line}";

    private const string InFull = "${when:when=level>=LogLevel.Error:inner=${stack-trace}}";

    private static readonly LoggingConfiguration Configuration = new();

    /// <summary>
    /// Sends the log to a file; without this call, and without <see cref="ToConsole"/>, nothing is logged.
    /// </summary>
    public static void ToFile(string path) =>
        Add(
            new FileTarget("file")
            {
                // NLog would take a relative path from the program's folder.
                FileName = Path.GetFullPath(path),
                Layout =
                    $"${{longdate:universalTime=true}}Z ${{level:uppercase=true:padding=-5}} ${{logger:shortName=true}} {Message}{InFull}",
            },
            LogLevel.Info
        );

    /// <summary>Prints the log, for a command that has no progress to show.</summary>
    /// <param name="quiet">Warnings and errors only.</param>
    public static void ToConsole(bool quiet) =>
        Add(
            new ConsoleTarget("console")
            {
                Layout =
                    $"${{date:universalTime=true:format=HH\\:mm\\:ss}}Z "
                    + $"${{when:when=level>=LogLevel.Warn:inner=${{level:lowercase=true}}\\: }}{Message}",
            },
            quiet ? LogLevel.Warn : LogLevel.Info
        );

    /// <summary>
    /// What a worker, a file or a library wrote reaches every message and exception sooner or later. So it is cleaned
    /// here, where all of them end, and no caller can forget it.
    /// </summary>
    static ProgramLog() =>
        LogManager
            .Setup()
            .SetupExtensions(extensions =>
                extensions.RegisterLayoutRenderer("one-line", Line).RegisterLayoutRenderer("stack-trace", StackTrace)
            );

    private static string Line(LogEventInfo said) =>
        OneLine.Of(
            said.Exception is { } error ? $"{said.FormattedMessage}: {error.Message}" : said.FormattedMessage,
            LongestLine
        );

    /// <summary>Each line indented, so that none can pass for an entry of the log.</summary>
    private static string StackTrace(LogEventInfo said) =>
        said.Exception is { } error
            ? string.Concat(
                error
                    .ToString()
                    .Split('\n')
                    .Select(line => $"{Environment.NewLine}    {OneLine.Of(line.TrimEnd('\r'), LongestLine)}")
            )
            : "";

    private static void Add(Target target, LogLevel from)
    {
        Configuration.AddRule(from, LogLevel.Fatal, target);
        LogManager.Configuration = Configuration;
    }
}
