using Rouser.Testing;

namespace Rouser.Orchestrator.Tests;

public sealed class DataCommandTests
{
    [Fact]
    public async Task List_names_every_set_with_its_licence_and_what_is_here()
    {
        using var folder = new TemporaryFolder();
        Directory.CreateDirectory(Path.Combine(folder.Path, "data", "shd"));
        Finished done = await RouserProcess.RunAsync(folder.Path, "data", "list");
        Assert.Equal(0, done.ExitCode);
        foreach (
            string text in new[]
            {
                "nmnist",
                "CC BY-SA 4.0",
                "gesture-blobs (synthetic)",
                "no data/dvs128",
                "here      data/shd",
                "packed: ",
            }
        )
            Assert.Contains(text, done.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_made_set_is_looked_at_in_text_and_as_a_drawing()
    {
        using var folder = new TemporaryFolder();
        string[] small = ["--set", "train_samples=20", "--set", "test_samples=20", "--set", "steps=100", "--set", "step_ms=10"];
        Finished made = await RouserProcess.RunAsync(folder.Path, ["data", "make", "spoken-digits", .. small]);
        Assert.True(made.ExitCode == 0, made.Errors);
        Assert.Contains(
            "spoken-digits (synthetic): 20 train and 20 test samples of 100 steps and 700 inputs",
            made.Output,
            StringComparison.Ordinal
        );
        Assert.True(File.Exists(made.Output.Split('\n')[1].Trim()));

        Finished seen = await RouserProcess.RunAsync(
            folder.Path,
            ["data", "inspect", "spoken-digits", .. small, "--sample", "2", "--svg", "two.svg"]
        );
        Assert.True(seen.ExitCode == 0, seen.Errors);
        Assert.Contains("per class 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1", seen.Output, StringComparison.Ordinal);
        Assert.Contains("sample 2, class 2", seen.Output, StringComparison.Ordinal);
        string svg = File.ReadAllText(Path.Combine(folder.Path, "two.svg"));
        Assert.StartsWith("<svg", svg, StringComparison.Ordinal);
        System.Xml.Linq.XDocument.Parse(svg);
    }

    [Theory]
    [InlineData("is no data set", "data", "make", "nothing")]
    [InlineData("did you mean", "data", "make", "saccade-digits", "--set", "step=3")]
    [InlineData("nowhere: no such folder, nor a generated set", "data", "inspect", "nowhere")]
    [InlineData("is a file; name the folder of a data set", "data", "inspect", "a.txt")]
    [InlineData("no such folder", "data", "inspect", "dvs128")]
    [InlineData("shd_train.h5: no such file", "data", "make", "shd")]
    [InlineData("shd_test.h5: no such file", "data", "inspect", "shd")]
    [InlineData("is not published anywhere; published are nmnist, dvs128, shd", "data", "download", "mnist")]
    [InlineData("fetch DvsGesture.tar.gz from", "data", "download", "dvs128")]
    [InlineData("is no address of a server", "data", "download", "shd", "--from", "there")]
    [InlineData("cannot be reached", "data", "download", "shd", "--from", "http://127.0.0.1:9/")]
    [InlineData("no such folder; name one with WAV files", "data", "convert", "audio", "nowhere")]
    public async Task A_mistake_is_one_line(string expected, params string[] arguments)
    {
        using var folder = new TemporaryFolder();
        // A set's own name as a folder, and a set that is not whole.
        foreach (string place in new[] { "data/shd", "shd" })
            Directory.CreateDirectory(Path.Combine(folder.Path, place));
        File.WriteAllText(Path.Combine(folder.Path, "shd", "shd_train.h5"), "");
        File.WriteAllText(Path.Combine(folder.Path, "a.txt"), "");
        Finished done = await RouserProcess.RunAsync(folder.Path, arguments);
        Assert.Equal(2, done.ExitCode);
        Assert.Contains(expected, Assert.Single(done.ErrorLines), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_sweep_on_recordings_is_planned_on_the_generated_set_of_the_same_shape()
    {
        using var folder = new TemporaryFolder();
        string sweep = Repository.Path("sweeps", "table1-shd.yaml");
        Finished done = await RouserProcess.RunAsync(
            folder.Path,
            "plan",
            sweep,
            "--data",
            "synthetic",
            "--json",
            "--set",
            "base.dataset.train_samples=20",
            "--set",
            "base.dataset.test_samples=20"
        );
        Assert.True(done.ExitCode == 0, done.Errors);
        Assert.Contains("\"sweep\":\"table1-shd-synthetic\"", done.Output, StringComparison.Ordinal);
        Assert.Contains("spoken-digits", done.Output, StringComparison.Ordinal);
    }
}
