namespace Rouser.Orchestrator.Tests;

/// <summary>A result depends on the trial alone (ARCHITECTURE.md, invariant 5).</summary>
public class DeterminismTests
{
    [Fact]
    public async Task Slots_and_threads_change_no_byte_of_a_result()
    {
        using var folder = new TemporaryFolder();
        string spec = folder.Write("small.yaml", SmallSweep.Yaml);
        string? first = null;
        byte[]? firstLayers = null;
        foreach ((string slots, string threads) in new[] { ("1", "1"), ("2", "1"), ("1", "2"), ("2", "2") })
        {
            string run = folder[$"run-{slots}-{threads}"];
            Finished done = await RouserProcess.RunAsync(
                folder.Path,
                "run",
                spec,
                "--out",
                run,
                "--slots",
                slots,
                "--threads",
                threads,
                "--quiet"
            );
            Assert.True(done.ExitCode == 0, done.Errors);

            string results = RunTables.Results(run);
            byte[] layers = await File.ReadAllBytesAsync(Path.Combine(run, "metrics", "layers.parquet"));
            Assert.Equal(first ??= results, results);
            Assert.Equal(firstLayers ??= layers, layers);
        }
        Assert.Equal(4 * 4, RunTables.Read(folder["run-1-1"]).Epochs.RowCount);
    }
}
