using Rouser.Reports;
using Spectre.Console;

namespace Rouser.Orchestrator.Sessions;

/// <summary>Prints a table of the report on the console.</summary>
internal static class ConsoleTable
{
}
