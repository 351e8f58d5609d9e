using System.CommandLine;
using Rouser.Sweeps;

namespace Rouser.Orchestrator.Commands;

/// <summary><c>rouser schema</c>: the JSON Schema of the sweep file for editors, or its reference for people.</summary>
internal static class SchemaCommand
{
    public static Command Build()
    {
        Option<bool> markdown = new("--markdown")
        {
            Description = "Print the reference of the sweep file in Markdown instead. Both include plug-ins.",
        };
        var command = new Command("schema", "Print the JSON Schema of the sweep file, for editors.") { markdown };
        command.SetAction(parsed =>
        {
            string document = parsed.GetValue(markdown) ? SweepFileGuide.Markdown() : SweepFileSchema.Json();
            Terminal.Document(document.TrimEnd('\n'));
            return ExitCode.Ok;
        });
        return command;
    }
}
