using System.CommandLine;
using Rouser.Orchestrator.Sessions;
using Rouser.Storage.Parquet;

namespace Rouser.Orchestrator.Commands;

/// <summary>
/// <c>rouser read-tables FILE…</c>: the process that <see cref="TableProbe"/> asks whether a table can be read.
/// Nobody types it, so help does not show it.
/// </summary>
internal static class ReadTablesCommand
{
    public static Command Build()
    {
        var files = new Argument<string[]>("FILE") { Description = "Parquet files.", Arity = ArgumentArity.OneOrMore };
        var command = new Command(
            TableProbeProcess.Command,
            "Print the SHA-256 of each file that can be read as a table, or what is wrong with it."
        )
        {
            files,
        };
        command.Hidden = true;
        command.SetAction(parsed => Execute(parsed.GetRequiredValue(files)));
        return command;
    }

    private static int Execute(string[] files)
    {
        new Thread(ExitWithParent) { IsBackground = true }.Start();
        TableProbe.Answer(files, Console.Out);
        return ExitCode.Ok;
    }

    // Whoever asked holds the other end of standard input: when they are gone, so is the reason to go on.
    private static void ExitWithParent()
    {
        Console.In.ReadToEnd();
        Environment.Exit(ExitCode.OurError);
    }
}
