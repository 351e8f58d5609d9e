using System.CommandLine;
using Rouser.Sweeps;

namespace Rouser.Orchestrator.Commands;

/// <summary><c>rouser schema</c>: the JSON Schema of the sweep file, for editors.</summary>
internal static class SchemaCommand
{
    public static Command Build()
    {
        var command = new Command("schema", "Print the JSON Schema of the sweep file, for editors.");
        command.SetAction(_ =>
        {
            Console.Out.Write(SweepFileSchema.Json());
            return ExitCode.Ok;
        });
        return command;
    }
}
