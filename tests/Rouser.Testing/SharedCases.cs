namespace Rouser.Testing;

/// <summary>
/// Small inputs that once went wrong, beside the repository in <c>../shared/cases</c>. The repository holds none of
/// them.
/// </summary>
internal static class SharedCases
{
    private static readonly string Root = Path.GetFullPath(Repository.Path("..", "shared", "cases"));

    /// <summary>The cases that are there, by name; none without the folder.</summary>
    public static IReadOnlyList<string> Names =>
        Directory.Exists(Root) ? [.. Directory.GetDirectories(Root).Select(Path.GetFileName).Order(StringComparer.Ordinal)!] : [];

    /// <summary>The folder of a case; without it the test is skipped with a line that says so.</summary>
    public static string Folder(string name)
    {
        string found = Path.Combine(Root, name);
        Skip.IfNot(Directory.Exists(found), $"../shared/cases/{name} (beside the repository) is missing");
        return found;
    }
}
