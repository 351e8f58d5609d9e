namespace Rouser.Testing;

/// <summary>The checkout that the tests were built from.</summary>
internal static class Repository
{
    /// <summary>Its folder: the nearest above the test assembly that holds <c>Rouser.sln</c>.</summary>
    public static string Root { get; } = FindRoot();

    /// <summary>A file or folder in it.</summary>
    public static string Path(params string[] parts) => System.IO.Path.Combine([Root, .. parts]);

    private static string FindRoot()
    {
        for (DirectoryInfo? folder = new(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
            if (File.Exists(System.IO.Path.Combine(folder.FullName, "Rouser.sln")))
                return folder.FullName;
        throw new DirectoryNotFoundException($"No Rouser.sln above {AppContext.BaseDirectory}; run the tests from a checkout.");
    }
}
