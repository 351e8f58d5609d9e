namespace Rouser.Orchestrator.Tests.Commands;

/// <summary>What a user mistypes to the commands of stores and models ends in a line that names it and the remedy.</summary>
public class StoreAndModelMistakesTests
{
    [Theory]
    [InlineData("there is no such folder; name the folder of a results store", "store", "list", "--store", "none-here")]
    [InlineData("--share takes a number from 0 to 1, not 'x'; see rouser store verify --help", "store", "verify", "--share", "x")]
    [InlineData("not 'ten'; see rouser store prune --help", "store", "prune", "--limit", "ten")]
    [InlineData("there is no such folder; name the one that holds the run folders", "clean", "--runs", "none-here")]
    [InlineData("small.yaml: is a file; name the folder of a run", "models", "small.yaml")]
    [InlineData("is a folder; name a model in it", "eval", ".")]
    [InlineData("there is no such model; name its file, or DIR/TRIAL", "predict", "none.model", "x.bin")]
    [InlineData("is a folder; name a model in it", "export", ".", "--format", "npz")]
    public async Task A_mistake_is_named_in_one_line(string said, params string[] arguments)
    {
        using var folder = new TemporaryFolder();
        folder.Write("small.yaml", SmallSweep.Yaml);
        Finished refused = await RouserProcess.RunAsync(folder.Path, arguments);
        Assert.Equal(2, refused.ExitCode);
        Assert.Contains(said, Assert.Single(refused.ErrorLines), StringComparison.Ordinal);
        Assert.Empty(refused.Output);
    }

    [Fact]
    public async Task A_damaged_result_is_dropped_and_is_in_no_list()
    {
        using var folder = new TemporaryFolder();
        string result = folder["store", $"{new string('a', 32)}.result"];
        Directory.CreateDirectory(folder["store"]);
        await File.WriteAllTextAsync(result, "no result");
        Finished listed = await RouserProcess.RunAsync(folder.Path, "store", "list", "--store", "store");
        Assert.Contains("it is no stored result", listed.Errors, StringComparison.Ordinal);
        Assert.StartsWith("0 results, 0 B of ", listed.Output, StringComparison.Ordinal);
        Assert.False(File.Exists(result));
    }
}
