using System.Reflection;
using System.Runtime.InteropServices;
using System.Text.Json;
using System.Text.RegularExpressions;
using Rouser.Orchestrator.Benchmarks;
using Rouser.Results;
using Rouser.Worker.Engines;

namespace Rouser.Orchestrator.Sessions;

/// <summary>Finds out where the program runs.</summary>
internal static partial class EnvironmentProbe
{
    /// <summary>The program's version, with the commit it was built from if the build knew it.</summary>
    public static string Version { get; } =
        typeof(EnvironmentProbe).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion
        ?? "unknown";

    /// <summary>
    /// The kind of this machine, as far as results of the torch engine depend on it; null if that engine cannot train
    /// here.
    /// </summary>
    public static string? TorchMachine() =>
        TrainingEngines.TorchLibraries is { } libraries
            ? $"{RuntimeInformation.RuntimeIdentifier}, {Processor.Description}, {libraries}"
            : null;

    public static RunEnvironment Gather() =>
        new(
            Version,
            TrainingEngines.InThisBuild,
            RuntimeInformation.FrameworkDescription,
            RuntimeInformation.OSDescription,
            Processor.Description,
            Environment.ProcessorCount,
            PasswordInUrl()
                .Replace(
                    string.Join(' ', ["rouser", .. RouserCommand.ShownArguments(Environment.GetCommandLineArgs().Skip(1))]),
                    "$1@"
                ),
            Packages()
        );

    // The command line goes into tables and reports, which are shown around: the password of --journal
    // postgres://user:password@host/database does not.
    [GeneratedRegex(@"(://[^:/@\s]*):\S*@", RegexOptions.CultureInvariant)]
    private static partial Regex PasswordInUrl();

    /// <summary>
    /// The version of a package in the program. An assembly's own may be another: Parquet.Net 6.1.0 calls itself
    /// 6.0.0.0.
    /// </summary>
    /// <param name="package">Its name.</param>
    public static string PackageVersion(string package) =>
        ReadPackages()?.FirstOrDefault(listed => string.Equals(listed.Name, package, StringComparison.OrdinalIgnoreCase)).Version
        ?? "of unknown version";

    private static string? Packages() =>
        ReadPackages() is { } packages
            ? string.Join(", ", packages.Select(package => $"{package.Name} {package.Version}").Order(StringComparer.Ordinal))
            : null;

    /// <summary>
    /// The packages in the program, from the list that the build left beside it; null without that list.
    /// </summary>
    private static (string Name, string Version)[]? ReadPackages()
    {
        string path = Path.Combine(AppContext.BaseDirectory, $"{typeof(EnvironmentProbe).Assembly.GetName().Name}.deps.json");
        if (!File.Exists(path))
            return null;
        using JsonDocument list = JsonDocument.Parse(File.ReadAllBytes(path));
        return
        [
            .. list
                .RootElement.GetProperty("libraries")
                .EnumerateObject()
                .Where(library => library.Value.GetProperty("type").GetString() == "package")
                .Select(library => library.Name.Split('/', 2))
                .Select(parts => (parts[0], parts[1])),
        ];
    }
}
