namespace Rouser.Reports.Tests.Page;

/// <summary>
/// A test that asks axe-core about a page; skipped, with a line that says so, where something for it is missing.
/// </summary>
public sealed class AxeFactAttribute : FactAttribute
{
    /// <summary>Skips the test if something is missing.</summary>
    public AxeFactAttribute() =>
        Skip =
            new ChromiumFactAttribute().Skip is { } missing ? missing
            : Directory.Exists(Path.Combine(Path.GetDirectoryName(PageTests.Script())!, "node_modules", "axe-core")) ? null
            : "axe-core is missing; run `npm ci` in tests/Rouser.Reports.Tests/Page";
}
