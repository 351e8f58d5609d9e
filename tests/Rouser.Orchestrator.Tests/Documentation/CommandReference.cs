using System.CommandLine;
using System.CommandLine.Help;
using System.Text;

namespace Rouser.Orchestrator.Tests.Documentation;

/// <summary>docs/reference/commands.md, made from the definitions by which the program reads its command line.</summary>
internal static class CommandReference
{
    private const string Introduction = """
        # Commands

        This page is generated from the definitions of the commands. A test fails when they differ.
        `SNAPSHOT_UPDATE=1 dotnet test tests/Rouser.Orchestrator.Tests --filter
        FullyQualifiedName~Documentation` writes it anew. `rouser COMMAND --help` shows the same text in the
        terminal, and `rouser --version` the version.

        ## Exit codes

        | code | meaning |
        |---|---|
        | 0 | success |
        | 1 | a defect of Rouser |
        | 2 | wrong usage, sweep file, data or disk; or a limit of open files that is too low (`ulimit -n`) |
        | 3 | the sweep has ended, but some trials have no result (failed, lost, cancelled), or workers disagree on one; a stored result is wrong |
        | 4 | stopped by SIGTERM or SIGHUP; progress is saved, and a worker has handed its trials back |
        | 130 | stopped by Ctrl-C; otherwise as 4 |

        The first signal asks the command to stop. It finishes the batch in work, saves, and prints the
        command that continues. A second signal ends the process at once; training since the last checkpoint
        is then repeated.

        ## Environment variables

        | variable | meaning |
        |---|---|
        | `ROUSER_TOKEN` | HTTP token of the orchestrator, in place of `--token-file` |
        | `ROUSER_CACHE` | folder of packed data sets and of the results store (default on Linux: `~/.cache/rouser`) |
        | `ROUSER_STORE` | folder of [the results store](../how-to/store.md), or `none` |
        | `ROUSER_TRACE` | `1` prints the stack trace of a defect |
        | `OTEL_EXPORTER_OTLP_ENDPOINT`, … | where traces and metrics go, see [OpenTelemetry](notifications.md#opentelemetry) |
        | `ROUSER_MANAGEMENT_PORT` | port of cluster bootstrap on Kubernetes (default: 8558) |
        | `ROUSER_SERVICE_ACCOUNT` | folder of the Kubernetes service account, if it is not Kubernetes' own |
        | `PGPASSWORD` | password of the database that `--journal` names; `~/.pgpass` is read as well |

        """;

    public static string Markdown()
    {
        RootCommand root = Rouser.Orchestrator.RootCommands.Build();
        StringBuilder page = new(Introduction);
        foreach (Command command in Visible(root))
            Describe(command, "rouser", "##", page);
        return page.ToString().ReplaceLineEndings("\n");
    }

    private static IEnumerable<Command> Visible(Command command) => command.Subcommands.Where(c => !c.Hidden);

    private static void Describe(Command command, string before, string heading, StringBuilder page)
    {
        string path = $"{before} {command.Name}";
        page.Append($"\n{heading} {path}\n\n{Wrapped(command.Description!)}\n");
        if (Visible(command).Any())
        {
            foreach (Command inner in Visible(command))
                Describe(inner, path, heading + "#", page);
            return;
        }
        IEnumerable<string> arguments = command.Arguments.Select(a => a.Arity.MaximumNumberOfValues > 1 ? $"{a.Name}…" : a.Name);
        List<Option> options = [.. command.Options.Where(o => !o.Hidden && o is not HelpOption)];
        IEnumerable<string> usage = [path, .. arguments, .. options.Count > 0 ? (string[])["[OPTIONS]"] : []];
        page.Append($"\n    {string.Join(' ', usage)}\n");
        if (command.Arguments.Count + options.Count == 0)
            return;
        page.Append("\n| argument or option | meaning |\n|---|---|\n");
        foreach (Argument argument in command.Arguments)
            Row(argument.Name, argument.Description!);
        foreach (Option option in options)
        {
            string text = option.Description!;
            if (option.Required)
                text += " Required.";
            else if (option.HasDefaultValue && option.ValueType != typeof(bool) && option.GetDefaultValue() is { } value)
                text += $" Default: {(value is string[] several ? string.Join(' ', several) : value)}.";
            Row(option.ValueType == typeof(bool) ? option.Name : $"{option.Name} {option.HelpName}", text);
        }

        void Row(string name, string text) => page.Append($"| `{Cell(name)}` | {Cell(text)} |\n");
    }

    private static string Cell(string text) => text.Replace("|", "\\|", StringComparison.Ordinal);

    /// <summary>Prose at 100 columns, as in the pages that people write.</summary>
    private static string Wrapped(string text)
    {
        StringBuilder lines = new();
        int column = 0;
        foreach (string word in text.Split(' '))
        {
            if (column > 0 && column + 1 + word.Length > 100)
            {
                lines.Append('\n');
                column = 0;
            }
            else if (column > 0)
            {
                lines.Append(' ');
                column++;
            }
            lines.Append(word);
            column += word.Length;
        }
        return lines.ToString();
    }
}
