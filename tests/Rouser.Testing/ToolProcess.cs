using System.ComponentModel;
using System.Diagnostics;

namespace Rouser.Testing;

/// <summary>Programs of the system that tests check against, where they are installed.</summary>
internal static class ToolProcess
{
    /// <summary>The browser; null if none is installed.</summary>
    public static string? Chromium { get; } = Find("chromium", "chromium-browser", "google-chrome");

    /// <summary>Node.js; null if it is not installed.</summary>
    public static string? Node { get; } = Find("node");

    /// <summary>Runs one to its end.</summary>
    /// <returns>Its exit code, -1 if there is no such program, and what it said.</returns>
    public static (int Code, string Output, string Errors) Run(string program, params string[] arguments)
    {
        try
        {
            using Process process = Process.Start(
                new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true }
            )!;
            Task<string> errors = process.StandardError.ReadToEndAsync();
            string output = process.StandardOutput.ReadToEnd();
            process.WaitForExit();
            return (process.ExitCode, output, errors.Result);
        }
        catch (Win32Exception e)
        {
            return (-1, "", e.Message);
        }
    }

    /// <summary>The Python that has these modules; null if none has.</summary>
    public static string? PythonWith(string modules) =>
        new[] { "/usr/bin/python3", "python3" }.FirstOrDefault(python => Run(python, "-c", $"import {modules}").Code == 0);

    /// <summary>The first of these names that is on the path.</summary>
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
