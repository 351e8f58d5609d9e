using System.Diagnostics;

namespace Rouser.Orchestrator.Tests;

/// <summary>How a run of the program ended.</summary>
internal sealed record Finished(int ExitCode, string Output, string Errors)
{
    /// <summary>The lines on standard error.</summary>
    public string[] ErrorLines => Errors.Split('\n', StringSplitOptions.RemoveEmptyEntries);
}

/// <summary>The real program as a process of its own, as a user runs it.</summary>
internal static class RouserProcess
{
    /// <summary>Far more than any call here needs; a hang ends the test with a clear failure.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(5);

    /// <summary>Runs it to its end.</summary>
    public static async Task<Finished> RunAsync(string workingFolder, params string[] arguments)
    {
        using Process process = Start(workingFolder, arguments);
        return await WaitAsync(process);
    }

    /// <summary>Starts it.</summary>
    public static Process Start(string workingFolder, params string[] arguments) => Start(workingFolder, arguments, []);

    /// <summary>Starts it with variables of its own.</summary>
    public static Process Start(string workingFolder, string[] arguments, Dictionary<string, string> environment)
    {
        var start = new ProcessStartInfo("dotnet")
        {
            WorkingDirectory = workingFolder,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            RedirectStandardInput = true,
        };
        // Beside the tests, not in the home of whoever runs them.
        start.Environment["ROUSER_CACHE"] = Path.Combine(AppContext.BaseDirectory, "cache");
        start.Environment["XDG_DATA_HOME"] = Path.Combine(AppContext.BaseDirectory, "data");
        // Nobody who runs the tests is told of their sweeps.
        start.Environment["XDG_CONFIG_HOME"] = Path.Combine(AppContext.BaseDirectory, "config");
        // And no results of others, or of a test before.
        start.Environment["ROUSER_STORE"] = "none";
        foreach ((string name, string value) in environment)
            start.Environment[name] = value;
        start.ArgumentList.Add("exec");
        start.ArgumentList.Add(Path.Combine(AppContext.BaseDirectory, "rouser.dll"));
        foreach (string argument in arguments)
            start.ArgumentList.Add(argument);
        return Process.Start(start)!;
    }

    /// <summary>Waits for its end.</summary>
    public static async Task<Finished> WaitAsync(Process process)
    {
        Task<string> output = process.StandardOutput.ReadToEndAsync();
        Task<string> errors = process.StandardError.ReadToEndAsync();
        using var patience = new CancellationTokenSource(Patience);
        try
        {
            await process.WaitForExitAsync(patience.Token);
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            throw new TimeoutException($"rouser did not end within {Patience}: {await output} {await errors}");
        }
        return new Finished(process.ExitCode, await output, await errors);
    }
}
