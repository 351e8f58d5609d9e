using System.Diagnostics;

namespace Rouser.Orchestrator.Tests;

/// <summary>A run that is asked to stop saves, says how to go on, and does go on.</summary>
public class InterruptTests
{
    [SkippableTheory]
    [InlineData("INT", 130)]
    [InlineData("TERM", 4)]
    public async Task A_signal_stops_the_run_after_saving_and_the_printed_command_goes_on(string signal, int exitCode)
    {
        Skip.If(OperatingSystem.IsWindows(), "Windows has no signals");
        using var folder = new TemporaryFolder();
        string spec = folder.Write("small.yaml", SmallSweep.Yaml);
        using Process process = RouserProcess.Start(
            folder.Path,
            "run",
            spec,
            "--out",
            "a run",
            "--set",
            "base.epochs=200",
            "--slots",
            "2"
        );
        while (
            !File.Exists(folder["a run", "rouser.log"])
            || !(await File.ReadAllTextAsync(folder["a run", "rouser.log"])).Contains("epoch 2", StringComparison.Ordinal)
        )
        {
            Assert.False(process.HasExited, "The run ended before it could be interrupted.");
            await Task.Delay(20);
        }
        using (Process kill = Process.Start("kill", [$"-{signal}", $"{process.Id}"]))
            await kill.WaitForExitAsync();
        Finished stopped = await RouserProcess.WaitAsync(process);

        Assert.Equal(exitCode, stopped.ExitCode);
        Assert.Contains("rouser resume 'a run'", stopped.Output, StringComparison.Ordinal);
        Finished status = await RouserProcess.RunAsync(folder.Path, "status", "a run");
        Assert.Equal(0, status.ExitCode);
        Assert.True(RunTables.Read(folder["a run"]).Epochs.RowCount >= 2);
    }
}
