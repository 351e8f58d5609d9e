using System.Xml.Linq;
using Rouser.Snn;
using Rouser.Testing;

namespace Rouser.Orchestrator.Tests;

/// <summary>The first thing a user does.</summary>
public class QuickstartTests
{
    [Fact]
    public async Task The_quickstart_ends_with_its_tables_and_a_report()
    {
        using var folder = new TemporaryFolder();
        Finished done = await RouserProcess.RunAsync(
            folder.Path,
            "run",
            Repository.Path("sweeps", "quickstart.yaml"),
            "--set",
            "base.epochs=2",
            "--set",
            "base.dataset.train_samples=60",
            "--set",
            "base.dataset.test_samples=20"
        );

        Assert.True(done.ExitCode == 0, done.Errors);
        Assert.Contains("synthetic", done.Output, StringComparison.Ordinal);
        Assert.Contains("slayer", done.Output, StringComparison.Ordinal);
        Assert.Contains("rouser", done.Output, StringComparison.Ordinal);
        string html = done
            .Output.Split('\n')
            .Single(line => line.StartsWith("report: ", StringComparison.Ordinal))["report: ".Length..]
            .Trim();
        // The answer is the last that is read, not the paper's table.
        string last = string.Join(
            ' ',
            done.Output[done.Output.LastIndexOf("\nreport: ", StringComparison.Ordinal)..].Split('\n').Skip(2)
        );
        Assert.StartsWith(
            "thresholds (synthetic data): Test accuracy after the last epoch, paired by seed: rouser − slayer at Th=0.25",
            string.Join(' ', last.Split(' ', StringSplitOptions.RemoveEmptyEntries)),
            StringComparison.Ordinal
        );
        Assert.Contains("synthetic", await File.ReadAllTextAsync(Path.Combine(folder.Path, html)), StringComparison.Ordinal);

        Finished again = await RouserProcess.RunAsync(folder.Path, "status", "runs/quickstart");
        Assert.Equal(0, again.ExitCode);
        Assert.Contains("completed", again.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Plan_trains_nothing_and_says_what_it_would()
    {
        using var folder = new TemporaryFolder();
        Finished done = await RouserProcess.RunAsync(folder.Path, "plan", Repository.Path("sweeps", "quickstart.yaml"));
        Assert.True(done.ExitCode == 0, done.Errors);
        Assert.Contains("estimated time", done.Output, StringComparison.Ordinal);
        Assert.Empty(Directory.EnumerateFileSystemEntries(folder.Path));
    }

    [Fact]
    public async Task Doctor_finds_this_machine_fit()
    {
        using var folder = new TemporaryFolder();
        Finished done = await RouserProcess.RunAsync(folder.Path, "doctor");
        Assert.True(done.ExitCode == 0, done.Output + done.Errors);
        Assert.Contains($"training engine  {FusedEngine.Version}", done.Output, StringComparison.Ordinal);
        Assert.Contains($"Akka.NET {CentralVersion("Akka.Cluster.Tools")},", done.Output, StringComparison.Ordinal);
        Assert.Contains($"Parquet.Net {CentralVersion("Parquet.Net")}", done.Output, StringComparison.Ordinal);
        Assert.Contains("engines/torch", done.Output.Replace('\\', '/'), StringComparison.Ordinal);
    }

    /// <summary>
    /// The version of a package as the repository names it, which doctor once mistook the assembly's for.
    /// </summary>
    private static string CentralVersion(string package) =>
        XDocument
            .Load(Repository.Path("Directory.Packages.props"))
            .Descendants("PackageVersion")
            .Single(version => (string?)version.Attribute("Include") == package)
            .Attribute("Version")!
            .Value;
}
