using System.CommandLine;
using System.CommandLine.Parsing;
using NLog;
using Rouser.Core;
using Rouser.Core.Parameters;
using Rouser.Orchestrator.Commands;
using Rouser.Sweeps;
using Rouser.Worker.Extensions;

namespace Rouser.Orchestrator;

/// <summary>The <c>rouser</c> command line.</summary>
internal static class Program
{
    public static async Task<int> Main(string[] arguments)
    {
        StandardStreams.ReplaceClosed();
        if (OpenFileLimit.Check() is { } tooLow)
            return Terminal.WriteError([tooLow]);
        // What goes wrong on a thread of its own would end the process with a stack trace, and with an exit code that
        // says nothing.
        AppDomain.CurrentDomain.UnhandledException += (_, unhandled) =>
            Environment.Exit(Explain((Exception)unhandled.ExceptionObject));
        try
        {
            // Before anything asks which methods there are.
            Result<IReadOnlyList<Plugin>> plugins = PluginFolder.OfProgram.Load(MethodFamilies.All);
            if (plugins.IsOk)
                Plugins.Register(plugins.Value);
            // The doctor says it among the rest.
            else if (arguments is not [DoctorCommand.Name, ..])
                return Terminal.WriteError(plugins.Errors);
            ParseResult parsed = RootCommands.Build().Parse(arguments);
            if (parsed.Errors.Count > 0)
            {
                // A word that fits nowhere is named before what it leaves missing.
                string what =
                    parsed.UnmatchedTokens.Count > 0
                        ? $"there is no '{parsed.UnmatchedTokens[0]}'"
                        : parsed.Errors[0].Message.TrimEnd('.');
                Terminal.WriteError(new UserError("", $"{what}; see rouser {CommandPath(parsed)}--help"));
                return ExitCode.UserError;
            }
            return await parsed
                .InvokeAsync(
                    new InvocationConfiguration
                    {
                        EnableDefaultExceptionHandler = false,
                        // The parser would end the process 2 s after a signal, whatever is being saved; a command
                        // takes its signals itself (StopSignals).
                        ProcessTerminationTimeout = null,
                    }
                )
                .ConfigureAwait(false);
        }
#pragma warning disable CA1031 // The last line of defence: a user never sees a stack trace; it goes to the log.
        catch (Exception error)
        {
            return Explain(error);
        }
#pragma warning restore CA1031
        finally
        {
            LogManager.Shutdown();
        }
    }

    /// <summary>Says in one line what went wrong; the log has it in full.</summary>
    /// <returns>The exit code.</returns>
    private static int Explain(Exception error)
    {
        if (error is IOException or UnauthorizedAccessException or InvalidDataException)
        {
            // The disk, a pipe, a permission, a journal that does not fit its plan: the message of these says what
            // and where.
            LogManager.GetCurrentClassLogger().Error(error);
            Terminal.WriteError(new UserError("", error.Message));
            return ExitCode.UserError;
        }
        if (Plugins.ResponsibleFor(error) is not null)
        {
            LogManager.GetCurrentClassLogger().Error(error);
            Terminal.WriteError(new UserError("", Plugins.Explain(error, e => e.Message)));
            return ExitCode.UserError;
        }
        LogManager.GetCurrentClassLogger().Fatal(error);
        Terminal.WriteError(
            new UserError(
                "internal error",
                $"{error.GetType().Name}: {error.Message} (a defect of rouser's; ROUSER_TRACE=1 shows where, and "
                    + "rouser.log in the run folder has it in full)"
            )
        );
        if (Environment.GetEnvironmentVariable("ROUSER_TRACE") == "1")
            Terminal.Trace(error);
        return ExitCode.OurError;
    }

    private static string CommandPath(ParseResult parsed)
    {
        string path = "";
        for (
            SymbolResult? at = parsed.CommandResult;
            at is CommandResult { Command: not RootCommand and var command };
            at = at.Parent
        )
            path = $"{command.Name} {path}";
        return path;
    }
}
