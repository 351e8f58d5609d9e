namespace Rouser.Testing;

/// <summary>Files of the repository, found from the test binary upwards.</summary>
internal static class RepositoryFile
{
    public static bool Rewrite { get; } = Environment.GetEnvironmentVariable("SNAPSHOT_UPDATE") == "1";

    public static string Path(params string[] parts)
    {
        for (DirectoryInfo? folder = new(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(System.IO.Path.Combine(folder.FullName, "Rouser.sln")))
                return System.IO.Path.Combine([folder.FullName, .. parts]);
        }
        throw new InvalidOperationException("The tests run from a build folder inside the repository.");
    }
}
