using Rouser.Core;
using Rouser.Reports.Terminal;
using Spectre.Console;

namespace Rouser.Orchestrator.Output;

/// <summary>
/// Where the program speaks: results on standard output, complaints on standard error. Nothing else in the program
/// writes to the console (a test reads the sources for that), and every text that passes here is cleaned by
/// <see cref="OneLine"/>, wherever it comes from.
/// </summary>
internal static class Terminal
{
    /// <summary>The longest complaint or notice, in characters.</summary>
    private const int LongestNotice = 4000;

    // Asked for at the start, because a terminal that has gone no longer counts as one.
    private static readonly bool OutputIsTerminal = !Console.IsOutputRedirected,
        ErrorIsTerminal = !Console.IsErrorRedirected;

    /// <summary>Whether someone looks on: standard output is a terminal that can redraw.</summary>
    public static bool IsLive =>
        !Console.IsOutputRedirected && AnsiConsole.Profile.Capabilities.Ansi && Environment.GetEnvironmentVariable("CI") is null;

    /// <summary>Whether someone is there to answer a question.</summary>
    public static bool CanAsk => !Console.IsInputRedirected && OutputIsTerminal;

    /// <summary>Asks, and waits for an answer.</summary>
    /// <param name="question">What is answered with yes or no.</param>
    /// <param name="stop">Ends the waiting.</param>
    /// <returns>Whether the answer is yes; whatever else is typed means no.</returns>
    /// <exception cref="OperationCanceledException">Before there was an answer.</exception>
    public static bool Confirms(string question, CancellationToken stop)
    {
        Console.Out.Write($"{Clean(question)} [y/N] ");
        string? answer = Task.Run(Console.In.ReadLine, CancellationToken.None).WaitAsync(stop).GetAwaiter().GetResult();
        return answer?.Trim().ToUpperInvariant() is "Y" or "YES";
    }

    /// <summary>
    /// The columns of the terminal that standard error is; null if it is none that can redraw a line.
    /// </summary>
    public static int? ErrorWidth
    {
        get
        {
            if (
                Console.IsErrorRedirected
                || Environment.GetEnvironmentVariable("CI") is not null
                || Environment.GetEnvironmentVariable("TERM") == "dumb"
            )
                return null;
            try
            {
                // A terminal may not know its width.
                return Console.WindowWidth is > 1 and int width ? width : 80;
            }
            catch (IOException)
            {
                return 80;
            }
        }
    }

    /// <summary>
    /// The columns that text on standard output is wrapped for; a fixed number where it is no terminal.
    /// </summary>
    public static int Width
    {
        get
        {
            if (!OutputIsTerminal)
                return WidthOfFiles;
            try
            {
                return Math.Clamp(Console.WindowWidth, 40, 240);
            }
            catch (IOException)
            {
                return 80;
            }
        }
    }

    private const int WidthOfFiles = 120;

    /// <summary>
    /// From now on nothing is said to a terminal that has gone: each word would be an error of the disk's kind, and
    /// end what is being saved.
    /// </summary>
    public static void CloseOutput()
    {
        if (OutputIsTerminal)
            Console.SetOut(TextWriter.Null);
        if (ErrorIsTerminal)
            Console.SetError(TextWriter.Null);
    }

    /// <summary>Prints one line, without wrapping or markup.</summary>
    public static void Line(string text = "") => Console.Out.WriteLine(Clean(text));

    /// <summary>Prints a text of several lines that the program made, such as JSON.</summary>
    public static void Document(string text)
    {
        foreach (string line in text.Split('\n'))
            Line(line.TrimEnd('\r'));
    }

    /// <summary>
    /// Prints a word to whoever looks on; above the progress where that redraws itself, on standard error elsewhere.
    /// </summary>
    public static void Notice(string text)
    {
        // Padded, because the live display leaves what stood on the line before.
        if (IsLive)
            AnsiConsole.WriteLine(OneLine.Of(text, LongestNotice).PadRight(AnsiConsole.Profile.Width - 1));
        else
            Error(text);
    }

    /// <summary>Prints one line on standard error.</summary>
    public static void WriteError(UserError mistake) => Error(mistake.ToString());

    /// <summary>
    /// Prints what is no mistake but should be known, on standard error, however quiet the command is.
    /// </summary>
    public static void Warn(string place, string what) => Error($"{place}: warning: {what}");

    /// <summary>Prints an exception in full, for whoever looks for a defect (<c>ROUSER_TRACE</c>).</summary>
    public static void Trace(Exception error)
    {
        foreach (string line in error.ToString().Split('\n'))
            Console.Error.WriteLine(Clean(line.TrimEnd('\r')));
    }

    /// <summary>Prints every mistake and gives the exit code for them.</summary>
    public static int WriteError(IReadOnlyList<UserError> mistakes)
    {
        foreach (UserError mistake in mistakes)
            WriteError(mistake);
        return ExitCode.UserError;
    }

    /// <summary>Prints a table of the report.</summary>
    public static void Table(TextTable table)
    {
        foreach (string line in table.Lines(Width))
            Line(line);
        Line();
    }

    /// <summary>Prints a table; on a terminal in its width, elsewhere in a fixed one.</summary>
    public static void Table(Table table)
    {
        IAnsiConsole console = Console.IsOutputRedirected
            ? AnsiConsole.Create(
                new AnsiConsoleSettings
                {
                    Ansi = AnsiSupport.No,
                    ColorSystem = ColorSystemSupport.NoColors,
                    Out = new FixedWidthOutput(Console.Out),
                }
            )
            : AnsiConsole.Console;
        console.Write(table);
    }

    private static void Error(string text) => Console.Error.WriteLine($"rouser: {OneLine.Of(text, LongestNotice)}");

    /// <summary>What is printed on request is not cut.</summary>
    private static string Clean(string text) => OneLine.Of(text, int.MaxValue);

    /// <summary>A redirected output has no width of its own; tables are laid out for this one.</summary>
    private sealed class FixedWidthOutput(TextWriter writer) : IAnsiConsoleOutput
    {
        public TextWriter Writer => writer;

        public bool IsTerminal => false;

        public int Width => WidthOfFiles;

        public int Height => 50;

        public void SetEncoding(System.Text.Encoding encoding) { }
    }
}
