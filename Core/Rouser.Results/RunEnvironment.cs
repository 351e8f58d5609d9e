namespace Rouser.Results;

/// <summary>Where results were made, for the report. Gathered once when a run starts.</summary>
/// <param name="RouserVersion">Version of the program, with the commit it was built from if that is known:
/// <c>0.1.0+4f2a…</c>, <c>.dirty</c> after it where files had been changed since.</param>
/// <param name="Engine">The training engines of the program and their versions, <c>fused/1</c>.</param>
/// <param name="Runtime">.NET's version.</param>
/// <param name="OperatingSystem">Name and version.</param>
/// <param name="Processor">The processor's name, and the widest vectors in use.</param>
/// <param name="Cores">Logical cores.</param>
/// <param name="CommandLine">The command that made the run.</param>
/// <param name="Packages">The packages in the program with their versions, <c>NLog 6.2.0, Npgsql 10.0.0</c>; null if
/// unknown.</param>
public sealed record RunEnvironment(
    string RouserVersion,
    string Engine,
    string Runtime,
    string OperatingSystem,
    string Processor,
    int Cores,
    string CommandLine,
    string? Packages = null
)
{
    private const string Dirty = ".dirty";

    /// <summary>The commit that the program was built from; null if the build did not know it.</summary>
    public string? Commit =>
        RouserVersion.IndexOf('+', StringComparison.Ordinal) is >= 0 and int plus
            ? RouserVersion[(plus + 1)..].Replace(Dirty, "", StringComparison.Ordinal)
            : null;

    /// <summary>Whether files had been changed since that commit.</summary>
    public bool IsDirty => RouserVersion.EndsWith(Dirty, StringComparison.Ordinal);
}
