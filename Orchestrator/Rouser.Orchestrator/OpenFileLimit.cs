using System.Globalization;
using Rouser.Core;

namespace Rouser.Orchestrator;

/// <summary>
/// The most files that the process may have open. Too few end it anywhere, in the runtime's own threads too, where no
/// error can be told of.
/// </summary>
internal static class OpenFileLimit
{
    /// <summary>
    /// What a small run needs (<c>ulimit -n</c> of 160 was too few, of 176 enough), with room to spare.
    /// </summary>
    private const int Least = 256;

    /// <summary>
    /// A limit that is too low to begin with; null if it is not, or cannot be known. The runtime has raised it as far
    /// as it may.
    /// </summary>
    public static UserError? Check() =>
        OperatingSystem.IsLinux() && Read("/proc/self/limits") is { } limit && limit < Least
            ? new UserError(
                "",
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"the limit of open files is {limit}, and rouser needs {Least}; raise it with: ulimit -n {Least}"
                )
            )
            : null;

    /// <summary>The soft limit; null if there is none.</summary>
    private static int? Read(string path)
    {
        string? line = File.ReadLines(path).FirstOrDefault(line => line.StartsWith("Max open files", StringComparison.Ordinal));
        string? soft = line?["Max open files".Length..].Split(' ', StringSplitOptions.RemoveEmptyEntries).FirstOrDefault();
        return int.TryParse(soft, NumberStyles.None, CultureInfo.InvariantCulture, out int limit) ? limit : null;
    }
}
