using Rouser.Testing;

namespace Rouser.Reports.Tests.Page;

/// <summary>
/// A test that opens a page in Chromium; skipped, with a line that says so, where Chromium or Node.js is missing.
/// </summary>
public sealed class ChromiumFactAttribute : FactAttribute
{
    /// <summary>Skips the test if a program is missing.</summary>
    public ChromiumFactAttribute()
    {
        if (ToolProcess.Chromium is null)
            Skip = "no chromium, chromium-browser or google-chrome on PATH";
        else if (ToolProcess.Node is null)
            Skip = "no node on PATH";
    }
}
