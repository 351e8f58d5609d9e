using System.Diagnostics;
using System.Runtime.CompilerServices;
using Rouser.Core.Metrics;
using Rouser.Reports.Tests.Fixtures;

namespace Rouser.Reports.Tests.Page;

/// <summary>
/// The page as a reader's browser shows it, by <c>check-page.mjs</c>: at the width of a desktop and of a phone, in the light and the dark scheme. No error on the console, no request, no text
/// over text or cut off, contrast of at least 4.5, tables with headers and captions, every value read out by keyboard, filters that hide what they say.
/// With the environment variable <c>PAGE_SHOTS</c> set to a folder, screenshots are left there.
/// </summary>
public sealed class PageTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("rouser-page-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [ChromiumFact]
    public Task Page_with_every_kind_of_figure_has_no_fault() => Check(SweepRun.Build(), "sweep");

    [ChromiumFact]
    public Task Page_with_missing_seeds_and_long_names_has_no_fault() => Check(PlausibleRun.Build(), "plausible");

    private async Task Check(ResultTables tables, string name)
    {
        string page = ReportWriter.Write(tables, _folder).Value.Html;
        string? shots = Environment.GetEnvironmentVariable("PAGE_SHOTS");
        ProcessStartInfo start = new(ChromiumFactAttribute.Node!) { RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (string argument in (string[])[Script(), ChromiumFactAttribute.Chromium!, page, shots is null ? Path.Combine(_folder, "browser") : Path.Combine(shots, name)]) start.ArgumentList.Add(argument);
        if (shots is not null) start.ArgumentList.Add("--screenshots");
        using Process process = Process.Start(start)!;
        Task<string> output = process.StandardOutput.ReadToEndAsync(), errors = process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync();
        Assert.True(process.ExitCode == 0, await output + await errors);
    }

    private static string Script([CallerFilePath] string testFile = "") => Path.Combine(Path.GetDirectoryName(testFile)!, "check-page.mjs");
}
