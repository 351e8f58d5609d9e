namespace Rouser.Reports.Tests.Page;

/// <summary>
/// A test that opens a page in Chromium; skipped, with a line that says so, where Chromium or Node.js is missing.
/// </summary>
public sealed class ChromiumFactAttribute : FactAttribute
{
    /// <summary>Skips the test if a program is missing.</summary>
    public ChromiumFactAttribute()
    {
        if (Chromium is null)
            Skip = "no chromium, chromium-browser or google-chrome on PATH";
        else if (Node is null)
            Skip = "no node on PATH";
    }

    internal static string? Chromium { get; } = Find("chromium", "chromium-browser", "google-chrome");

    internal static string? Node { get; } = Find("node");

    private static string? Find(params string[] names) =>
        names
            .SelectMany(name =>
                (Environment.GetEnvironmentVariable("PATH") ?? "")
                    .Split(Path.PathSeparator)
                    .Where(folder => folder.Length > 0)
                    .Select(folder => Path.Combine(folder, name))
            )
            .FirstOrDefault(File.Exists);
}
