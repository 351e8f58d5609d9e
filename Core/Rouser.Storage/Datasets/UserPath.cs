namespace Rouser.Storage.Datasets;

/// <summary>
/// A folder as a person writes it in a sweep file, where no shell has seen it: with <c>~</c> for the home folder and
/// <c>$NAME</c> or <c>${NAME}</c> for variables of the environment.
/// </summary>
public static partial class UserPath
{
    /// <summary>
    /// The path with both replaced. A variable that is not set stays as it is, so that the message about the missing
    /// folder shows it.
    /// </summary>
    public static string Expand(string path)
    {
        ArgumentNullException.ThrowIfNull(path);
        string home = Environment.GetFolderPath(Environment.SpecialFolder.UserProfile);
        if (
            home.Length > 0
            && (
                path == "~"
                || path.StartsWith("~/", StringComparison.Ordinal)
                || path.StartsWith($"~{Path.DirectorySeparatorChar}", StringComparison.Ordinal)
            )
        )
            path = home + path[1..];
        return Variable()
            .Replace(
                path,
                match =>
                    Environment.GetEnvironmentVariable(match.Groups[1].Length > 0 ? match.Groups[1].Value : match.Groups[2].Value)
                        is { Length: > 0 } value
                        ? value
                        : match.Value
            );
    }

    [System.Text.RegularExpressions.GeneratedRegex(@"\$(?:\{([A-Za-z_][A-Za-z0-9_]*)\}|([A-Za-z_][A-Za-z0-9_]*))")]
    private static partial System.Text.RegularExpressions.Regex Variable();
}
