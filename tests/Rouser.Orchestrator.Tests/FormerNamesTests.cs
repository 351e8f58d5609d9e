namespace Rouser.Orchestrator.Tests;

/// <summary>A sweep file with a name that a parameter had before.</summary>
public class FormerNamesTests
{
    // `run` said it of the file, and again of the copy of it that it had just put into the run folder.
    [Fact]
    public async Task Run_and_resume_say_the_new_name_once()
    {
        using var folder = new TemporaryFolder();
        folder.Write(
            "old.yaml",
            SmallSweep.Yaml.Replace("batch_size: 16", "batch_size: 16\n  neuron.current_decay: 0.5", StringComparison.Ordinal)
        );
        foreach (
            string[] command in (string[][])
                [
                    ["run", "old.yaml", "--out", "run", "--quiet"],
                    ["resume", "run", "--quiet"],
                ]
        )
        {
            Finished ended = await RouserProcess.RunAsync(folder.Path, command);
            Assert.True(ended.ExitCode == 0, ended.Errors);
            Assert.Single(
                ended.ErrorLines,
                line => line.Contains("neuron.current_decay is now called neuron.current_factor", StringComparison.Ordinal)
            );
        }
    }
}
