namespace Rouser.Testing;

/// <summary>
/// Small inputs that once went wrong, beside the repository in <c>../shared/cases</c>. The repository holds none of
/// them.
/// </summary>
internal static class SharedCases
{
    /// <summary>The folder of a case; without it the test is skipped with a line that says so.</summary>
    public static string Folder(string name)
    {
        for (DirectoryInfo? folder = new(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (!File.Exists(Path.Combine(folder.FullName, "Rouser.sln")))
                continue;
            string found = Path.GetFullPath(Path.Combine(folder.FullName, "..", "shared", "cases", name));
            Skip.IfNot(Directory.Exists(found), $"../shared/cases/{name} (beside the repository) is missing");
            return found;
        }
        throw new InvalidOperationException("The tests do not run within the repository.");
    }
}
