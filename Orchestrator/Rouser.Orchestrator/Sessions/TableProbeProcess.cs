using System.Diagnostics;
using Rouser.Storage.Parquet;

namespace Rouser.Orchestrator.Sessions;

/// <summary>This program as the process that <see cref="TableProbe"/> asks whether a table can be read.</summary>
internal static class TableProbeProcess
{
    /// <summary>The command that it is started with.</summary>
    public const string Command = "read-tables";

    /// <summary>This program with that command, without its files.</summary>
    public static ProcessStartInfo Describe()
    {
        string program = Environment.ProcessPath!;
        ProcessStartInfo start = new(program);
        // Without a host of its own the program is an argument of dotnet's.
        if (Path.GetFileNameWithoutExtension(program) == "dotnet")
            start.ArgumentList.Add(Path.Combine(AppContext.BaseDirectory, "rouser.dll"));
        start.ArgumentList.Add(Command);
        return start;
    }
}
