using System.Diagnostics;
using System.Runtime.CompilerServices;
using Rouser.Reports.Paper;
using Rouser.Reports.Tests.Fixtures;
using Rouser.Testing;

namespace Rouser.Reports.Tests.Page;

/// <summary>
/// The page as a reader's browser shows it, by <c>check-page.mjs</c>: at the width of a desktop and of a phone, in
/// the light and the dark scheme. No error on the console, no request, no text over text or cut off, contrast of at
/// least 4.5, tables with headers and captions, every value read out by keyboard, filters that hide what they say.
/// With the environment variable <c>PAGE_SHOTS</c> set to a folder, screenshots are left there.
/// </summary>
public sealed class PageTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("rouser-page-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [ChromiumFact]
    public async Task Page_with_every_kind_of_figure_has_no_fault()
    {
        string page = ReportWriter.Write(SweepRun.Build(), _folder, new PaperReport()).Value.Html;
        (int exit, string said) = await Check(page);
        Assert.True(exit == 0, said);
    }

    // Needs `npm ci` in this folder, as DuckDB does in its own.
    [AxeFact]
    public async Task Page_is_clean_by_axe()
    {
        string page = ReportWriter.Write(SweepRun.Build(), _folder, new PaperReport()).Value.Html;
        (int exit, string said) = await Check(page, "--axe");
        Assert.True(exit == 0, said);
    }

    [ChromiumFact]
    public async Task Faults_of_a_page_are_found()
    {
        string page = Path.Combine(_folder, "faulty.html");
        File.WriteAllText(
            page,
            """
            <!DOCTYPE html><html lang="en"><title>faulty</title><body style="background:#fff;color:#999">
            <p>too faint</p><p style="position:absolute;top:10px;left:10px">over</p><p style="position:absolute;top:10px;left:12px">other</p>
            <div style="width:2000px">wide</div><table><tr><td>no header</td></tr></table><p class="tip" aria-live="polite"></p>
            <script>console.error('loud'); missing();</script></body></html>
            """
        );
        (int exit, string said) = await Check(page);
        Assert.Equal(1, exit);
        foreach (
            string fault in (string[])
                [
                    "text over text",
                    "contrast 2.85",
                    "without a caption",
                    "without headers",
                    "wider than the window",
                    "no main",
                    "console: loud",
                    "missing is not defined",
                ]
        )
            Assert.Contains(fault, said, StringComparison.Ordinal);
    }

    private async Task<(int Exit, string Said)> Check(string page, params string[] options)
    {
        string? shots = Environment.GetEnvironmentVariable("PAGE_SHOTS");
        ProcessStartInfo start = new(ToolProcess.Node!) { RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (
            string argument in (string[])
                [Script(), ToolProcess.Chromium!, page, shots is null ? Path.Combine(_folder, "browser") : shots]
        )
            start.ArgumentList.Add(argument);
        if (shots is not null)
            start.ArgumentList.Add("--screenshots");
        foreach (string option in options)
            start.ArgumentList.Add(option);
        using Process process = Process.Start(start)!;
        Task<string> output = process.StandardOutput.ReadToEndAsync(),
            errors = process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync();
        return (process.ExitCode, await output + await errors);
    }

    internal static string Script([CallerFilePath] string testFile = "") =>
        Path.Combine(Path.GetDirectoryName(testFile)!, "check-page.mjs");
}
