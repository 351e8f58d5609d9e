namespace Rouser.Testing;

/// <summary>
/// The recordings and vectors beside the repository, <c>../shared/data</c>. The repository holds none of them.
/// </summary>
internal static class SharedData
{
    /// <summary>The folder, or null if it is not there.</summary>
    public static string? Root { get; } = FindRoot();

    /// <summary>A file or folder in it.</summary>
    public static string Path(params string[] parts) =>
        System.IO.Path.Combine([
            Root ?? throw new InvalidOperationException("../shared/data is missing; the test should have been skipped."),
            .. parts,
        ]);

    private static string? FindRoot()
    {
        string data = System.IO.Path.Combine(Repository.Root, "..", "shared", "data");
        return Directory.Exists(data) ? System.IO.Path.GetFullPath(data) : null;
    }
}

/// <summary>
/// A test that needs <see cref="SharedData"/>; skipped, with a line that says so, where it is missing.
/// </summary>
public sealed class SharedDataFactAttribute : FactAttribute
{
    /// <summary>Skips the test if the data is missing.</summary>
    public SharedDataFactAttribute() =>
        Skip = SharedData.Root is null ? "../shared/data (beside the repository) is missing" : null;
}

/// <summary>The same for a theory.</summary>
public sealed class SharedDataTheoryAttribute : TheoryAttribute
{
    /// <summary>Skips the test if the data is missing.</summary>
    public SharedDataTheoryAttribute() =>
        Skip = SharedData.Root is null ? "../shared/data (beside the repository) is missing" : null;
}
