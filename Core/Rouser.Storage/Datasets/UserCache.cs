namespace Rouser.Storage.Datasets;

/// <summary>Where what can be made again is kept between runs.</summary>
internal static class UserCache
{
    /// <summary>Overrides the place.</summary>
    public const string Variable = "ROUSER_CACHE";

    /// <summary>The folder, which may not be there yet.</summary>
    public static string Folder()
    {
        if (Environment.GetEnvironmentVariable(Variable) is { Length: > 0 } chosen)
            return Path.GetFullPath(chosen);
        string home = Environment.GetFolderPath(Environment.SpecialFolder.UserProfile);
        string caches =
            OperatingSystem.IsWindows() ? Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData)
            : OperatingSystem.IsMacOS() ? Path.Combine(home, "Library", "Caches")
            : Environment.GetEnvironmentVariable("XDG_CACHE_HOME") is { Length: > 0 } xdg && Path.IsPathRooted(xdg) ? xdg
            : Path.Combine(home, ".cache");
        // An account without a home, as containers have them, still has a folder for temporary files.
        return Path.Combine(Path.IsPathRooted(caches) ? caches : Path.GetTempPath(), "rouser");
    }
}
