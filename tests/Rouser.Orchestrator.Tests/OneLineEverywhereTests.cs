using System.Text.RegularExpressions;
using NLog;
using Rouser.Orchestrator.Hosting;
using Rouser.Orchestrator.Output;
using Rouser.Testing;

namespace Rouser.Orchestrator.Tests;

/// <summary>
/// Whatever a worker, a file or a page wrote, it reaches a terminal or the log as one harmless line. That is so because
/// there are two ways out, <see cref="Terminal"/> and <see cref="ProgramLog"/>, and both clean.
/// </summary>
public class OneLineEverywhereTests
{
    private const string Hostile =
        "a\r\n2026-01-01 00:00:00.0000Z INFO  EventLog forged\u001b[2J\u001b]0;title\u0007\u202e\u2028end";

    [Fact]
    public void Nothing_that_is_logged_forges_a_line_or_steers_a_terminal()
    {
        using var folder = new TemporaryFolder();
        ProgramLog.ToFile(folder["test.log"]);
        Logger log = LogManager.GetLogger("test");
        log.Info("a message: {0}", Hostile);
        log.Warn(new IOException(Hostile), "an exception");
        log.Error(new InvalidOperationException(Hostile, new IOException(Hostile)), "in full");
        LogManager.Shutdown();

        string[] lines = File.ReadAllLines(folder["test.log"]);
        Assert.Equal(3, lines.Count(line => Regex.IsMatch(line, @"^\d{4}-\d\d-\d\d ")));
        Assert.All(lines, line => Assert.True(Regex.IsMatch(line, @"^(\d{4}-\d\d-\d\d |    |$)"), line));
        Assert.DoesNotContain(lines, line => line.Any(c => char.IsControl(c) || c is '\u202e' or '\u2028'));
        Assert.Contains("a message: a  2026-01-01 00:00:00.0000Z INFO  EventLog forged", lines[0], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("line")]
    [InlineData("warning")]
    [InlineData("complaint")]
    [InlineData("notice")]
    public void Nothing_that_is_printed_forges_a_line_or_steers_a_terminal(string way)
    {
        (TextWriter output, TextWriter error) = (Console.Out, Console.Error);
        using StringWriter said = new() { NewLine = "\n" };
        try
        {
            Console.SetOut(said);
            Console.SetError(said);
            Action print = way switch
            {
                "line" => () => Terminal.Line(Hostile),
                "warning" => () => Terminal.Warn(Hostile, Hostile),
                "complaint" => () => Terminal.WriteError(new Rouser.Core.UserError(Hostile, Hostile)),
                _ => () => Terminal.Notice(Hostile),
            };
            print();
        }
        finally
        {
            Console.SetOut(output);
            Console.SetError(error);
        }
        string line = said.ToString();
        Assert.Equal(line.Length - 1, line.IndexOf('\n', StringComparison.Ordinal));
        Assert.DoesNotContain(line[..^1], c => char.IsControl(c) || c is '\u202e' or '\u2028');
        Assert.Contains("forged", line, StringComparison.Ordinal);
    }

    /// <summary>
    /// Guards against a new way out. Those named here hand over standard streams, or draw what is the program's own.
    /// </summary>
    [Fact]
    public void Only_the_terminal_writes_to_the_console_and_only_the_program_log_makes_targets()
    {
        string[] console =

            [
                "Terminal.cs",
                "StandardStreams.cs",
                "ReadTablesCommand.cs",
                "ProgressView.cs",
                "DatasetProgressView.cs",
                "WatchView.cs",
            ],
            targets = ["ProgramLog.cs"];
        string[] sources =
        [
            .. ((string[])["Core", "Worker", "Orchestrator", "Reports"]).SelectMany(part =>
                Directory.EnumerateFiles(Repository.Path(part), "*.cs", SearchOption.AllDirectories)
            ),
        ];
        Assert.NotEmpty(sources);
        AssertOnly(console, new Regex(@"(?<![\w.])(Ansi)?Console\b"));
        AssertOnly(targets, new Regex(@"\busing NLog\.Targets\b|\bNLog\.Targets\.|AddConsole\(|AddSimpleConsole\("));

        void AssertOnly(string[] allowed, Regex use) =>
            Assert.Equal(
                allowed.Order(StringComparer.Ordinal),
                sources
                    .Where(file =>
                        File.ReadLines(file)
                            .Any(line =>
                                !line.StartsWith("using Spectre", StringComparison.Ordinal) && use.IsMatch(line.Split("//")[0])
                            )
                    )
                    .Select(Path.GetFileName)
                    .Order(StringComparer.Ordinal)
            );
    }
}
