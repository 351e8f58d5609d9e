using System.CommandLine;
using System.Diagnostics;
using Rouser.Storage.Parquet;

namespace Rouser.Orchestrator.Commands;

/// <summary>
/// <c>rouser read-tables FILE…</c>: the process that <see cref="TableProbe"/> asks whether a table can be read.
/// Nobody types it, so help does not show it.
/// </summary>
internal static class ReadTablesCommand
{
    private const string Name = "read-tables";

    public static Command Build()
    {
        var files = new Argument<string[]>("FILE") { Description = "Parquet files.", Arity = ArgumentArity.OneOrMore };
        var command = new Command(Name, "Print the SHA-256 of each file that can be read as a table, or what is wrong with it.")
        {
            files,
        };
        command.Hidden = true;
        command.SetAction(parsed => Execute(parsed.GetRequiredValue(files)));
        return command;
    }

    /// <summary>This program with this command, without its files.</summary>
    public static ProcessStartInfo Process()
    {
        string program = Environment.ProcessPath!;
        ProcessStartInfo start = new(program);
        // Without a host of its own the program is an argument of dotnet's.
        if (Path.GetFileNameWithoutExtension(program) == "dotnet")
            start.ArgumentList.Add(Path.Combine(AppContext.BaseDirectory, "rouser.dll"));
        start.ArgumentList.Add(Name);
        return start;
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
