namespace Rouser.Orchestrator.Tests;

/// <summary>What a build leaves beside the program; the tests lie there too.</summary>
public class ProgramFolderTests
{
    /// <summary>
    /// Guards against the native libraries of thirty platforms (SQLite's, 65 MB) and of libtorch (480 MB), which
    /// every build once copied.
    /// </summary>
    [Fact]
    public void A_build_holds_the_native_libraries_of_this_platform_alone_and_takes_less_than_60_MB()
    {
        Assert.False(Directory.Exists(Path.Combine(AppContext.BaseDirectory, "runtimes")));
        FileInfo[] files = [.. new DirectoryInfo(AppContext.BaseDirectory).EnumerateFiles()];
        Assert.Contains(
            files,
            file =>
                file.Name.Contains("e_sqlite3", StringComparison.Ordinal)
                && !file.Name.EndsWith("provider.e_sqlite3.dll", StringComparison.Ordinal)
        );
        Assert.InRange(files.Sum(file => file.Length), 0, 60_000_000);
    }
}
