using System.Diagnostics;

namespace Rouser.Testing;

/// <summary>
/// A scenario of <c>pages.mjs</c>: what a reader does on the page, in Debian's Chromium, by Playwright. The script asks
/// this side to do what happens outside the browser: lines that begin with <c>&gt;</c>. With the environment variable
/// <c>PAGE_SHOTS</c> set to a folder, screenshots are left there.
/// </summary>
internal static class BrowserScript
{
    /// <summary>Plays a scenario; skips the test where a tool is missing.</summary>
    /// <param name="scenario">Its name.</param>
    /// <param name="address">Of the page.</param>
    /// <param name="token">Of the page.</param>
    /// <param name="outside">What happens outside, by the script's words for it.</param>
    public static async Task RunAsync(string scenario, Uri address, string token, Dictionary<string, Func<Task>> outside)
    {
        string? chromium = ToolProcess.Chromium,
            node = ToolProcess.Node;
        Skip.If(chromium is null, "no chromium, chromium-browser or google-chrome on PATH");
        Skip.If(node is null, "no node on PATH");
        string folder = Path.Combine(Repository.Root, "tests", "Rouser.Web.Tests", "Browser");
        Skip.If(
            !Directory.Exists(Path.Combine(folder, "node_modules", "playwright-core")),
            "Playwright is missing; run `npm ci` in tests/Rouser.Web.Tests/Browser"
        );
        ProcessStartInfo start = new(node!)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (string argument in (string[])[Path.Combine(folder, "pages.mjs"), scenario, chromium!, address.ToString(), token])
            start.ArgumentList.Add(argument);
        using Process process = Process.Start(start)!;
        Task<string> errors = process.StandardError.ReadToEndAsync();
        List<string> said = [];
        while (await process.StandardOutput.ReadLineAsync() is { } line)
        {
            if (line is not ['>', ' ', .. var word])
            {
                said.Add(line);
                continue;
            }
            await outside[word]();
            await process.StandardInput.WriteLineAsync("done");
        }
        await process.WaitForExitAsync();
        Assert.True(process.ExitCode == 0, string.Join('\n', said) + await errors);
    }
}
