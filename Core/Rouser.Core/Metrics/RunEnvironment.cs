namespace Rouser.Core.Metrics;

/// <summary>Where results were made, for the report. Gathered once when a run starts.</summary>
/// <param name="RouserVersion">Version of the program, with the commit it was built from if that is known.</param>
/// <param name="Engine">The training engines of the program and their versions, <c>fused/1</c>.</param>
/// <param name="Runtime">.NET's version.</param>
/// <param name="OperatingSystem">Name and version.</param>
/// <param name="Processor">The processor's name, and the widest vectors in use.</param>
/// <param name="Cores">Logical cores.</param>
/// <param name="CommandLine">The command that made the run.</param>
public sealed record RunEnvironment(
    string RouserVersion, string Engine, string Runtime, string OperatingSystem, string Processor, int Cores, string CommandLine);
